package authentication

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Login is a pending login of one browser. It is secret and belongs to that browser: package web seals it into a
// cookie. Its JSON form is part of the API; a missing or unknown member is an error when it is read back.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a Login inside a
// struct, map or slice, so log it only on its own.
type Login struct {
	// Protocol is the name of the protocol that began it.
	Protocol string `json:"protocol"`
	// Key comes back with the browser; LoginFlow.LoginKey reads it from the callback.
	Key string `json:"key"`
	// URL is where to send the browser.
	URL string `json:"url"`
	// Form is what to post to URL; nil is a redirect.
	Form url.Values `json:"form"`
	// FormPost says that the browser comes back with a POST from the server's site, which has only SameSite=None
	// cookies.
	FormPost bool `json:"form_post"`
	// CreatedAt is when it began; LoginLifetime counts from there.
	CreatedAt time.Time `json:"created_at"`
	// Return belongs to the application: where to send the browser after the login. No flow reads it. Package web
	// keeps it when it is a path of the application; empty is the application's default.
	Return string `json:"return"`
	// Data belongs to the flow.
	Data json.RawMessage `json:"data"`
}

// UnmarshalJSON reads the stored form.
func (l *Login) UnmarshalJSON(data []byte) error {
	type plain Login
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("authentication: stored login: %w", err)
	}
	return nil
}

// checkLogin refuses a login that a flow of this name cannot complete.
func checkLogin(l *Login, protocol string) error {
	switch {
	case l == nil:
		return refused(errNoLogin)
	case l.Protocol != protocol:
		return refused(fmt.Errorf("the login began with protocol %s, want %q", httpcore.Quote(l.Protocol), protocol))
	}
	return nil
}

func checkAge(l *Login, lifetime time.Duration, now time.Time) error {
	if old := callback.Age("login", l.CreatedAt, now, lifetime); old != "" {
		return refused(errors.New(old))
	}
	return nil
}
