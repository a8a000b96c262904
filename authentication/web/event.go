package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"time"
)

// EventKind says what happened.
type EventKind string

const (
	// EventLogin is a user who has logged in.
	EventLogin EventKind = "login"
	// EventLoginFailed is a login that was refused or could not be completed; Err is why.
	EventLoginFailed EventKind = "login_failed"
	// EventLogout is a user who has logged out here. Err is set when the server's logout could not be done.
	EventLogout EventKind = "logout"
	// EventNotice is a logout that the server began. Err is set when its message was refused.
	EventNotice EventKind = "logout_notice"
	// EventEnded is a session that the server or EndSessions ended, or whose record does not open; then Err is why. A session
	// whose time is over ends without an event.
	EventEnded EventKind = "session_ended"
	// EventRefresh is a token that was refreshed.
	EventRefresh EventKind = "refresh"
	// EventRefreshFailed is a token that could not be refreshed; Err is why.
	EventRefreshFailed EventKind = "refresh_failed"
	// EventStore is a store that failed; Err is its error.
	EventStore EventKind = "store_failed"
	// EventError is any other error of a request.
	EventError EventKind = "error"
)

// Event is something that happened, for the log and for counters. It has no secret.
type Event struct {
	// Kind says what happened.
	Kind EventKind
	// Time is when.
	Time time.Time
	// Flow is the name of the flow, empty for Config.Flow.
	Flow string
	// Issuer is the user's server, when known.
	Issuer string
	// Subject is the user's identifier there, when known.
	Subject string
	// Session identifies the session in events; it is neither its handle nor its key in the store.
	Session string
	// Remote is the address of the connection, which may be a proxy's.
	Remote string
	// Err is why something failed; nil otherwise.
	Err error
}

// sessionTag identifies a session in events by its Session.Key.
func sessionTag(key string) string {
	sum := sha256.Sum256([]byte("event " + key))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// report completes an event and gives it to the application.
func (s *Site) report(r *http.Request, e Event) {
	e.Time, e.Remote = s.config.Now(), r.RemoteAddr
	if s.config.OnEvent != nil {
		s.config.OnEvent(r.Context(), e)
		return
	}
	logEvent(r.Context(), e)
}

func logEvent(ctx context.Context, e Event) {
	level := slog.LevelInfo
	if e.Err != nil {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{slog.String("flow", e.Flow), slog.String("issuer", e.Issuer), slog.String("subject", e.Subject), slog.String("session", e.Session), slog.String("remote", e.Remote)}
	if e.Err != nil {
		attrs = append(attrs, slog.String("error", e.Err.Error()))
	}
	slog.LogAttrs(ctx, level, "web: "+string(e.Kind), attrs...)
}
