package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// maxPing limits a notification, which has one member.
const maxPing = 8 << 10

// newNotificationToken has 260 bits; 160 are recommended (OpenID Connect CIBA Core §7.1).
func newNotificationToken() string { return rand.Text() + rand.Text() }

// CIBAPingHandler is the client notification endpoint of the ping mode (OpenID Connect CIBA Core §10.2): the server calls it
// when a user has decided. find returns the pending login with that AuthReqID, nil when there is none. The server must send
// the NotificationToken of that login, which is compared in constant time: without it nobody can make the client poll.
//
// ready gets a copy of the login whose NextPoll is due; it must return soon, and let another goroutine call CompleteCIBALogin. A
// server may notify twice. The reply is 204, or 401 for a wrong token and for an unknown login alike; an error of find or
// ready is 500 and is not shown.
func CIBAPingHandler(find func(ctx context.Context, authReqID string) (*CIBALogin, error), ready func(context.Context, *CIBALogin) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", "POST")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		id, err := readPing(w, r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if find == nil || ready == nil {
			http.Error(w, "the notification endpoint is not set up", http.StatusInternalServerError)
			return
		}
		l, err := find(r.Context(), id)
		if err != nil {
			http.Error(w, "the login could not be looked up", http.StatusInternalServerError)
			return
		}
		if !l.notifiedBy(r, id) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "the bearer token is not that of a pending login", http.StatusUnauthorized)
			return
		}
		due := *l // another request may have the store's own
		due.NextPoll = time.Time{}
		if err := ready(r.Context(), &due); err != nil {
			http.Error(w, "the notification could not be handled", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// readPing returns the auth_req_id. Its errors quote nothing.
func readPing(w http.ResponseWriter, r *http.Request) (string, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return "", errors.New("the notification must be application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPing))
	if err != nil {
		return "", errors.New("the notification cannot be read")
	}
	members, err := strictjson.ParseObject(string(body), nil)
	if err != nil {
		return "", errors.New("the notification is not a JSON object")
	}
	for _, m := range members {
		if m.Name == "auth_req_id" {
			if id, ok := m.Value.ExactStr(); ok && id != "" {
				return id, nil
			}
		}
	}
	return "", errors.New("the notification has no auth_req_id")
}

// notifiedBy reports whether r has the login's own token. A login of the poll mode has none, and accepts none.
func (l *CIBALogin) notifiedBy(r *http.Request, id string) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	want := newNotificationToken() // which nobody knows: no login and a wrong token take the same way
	if l != nil && l.NotificationToken != "" && l.AuthReqID == id {
		want = l.NotificationToken
	}
	same := subtle.ConstantTimeCompare([]byte(token), []byte(want)) == 1
	return same && strings.EqualFold(scheme, "Bearer")
}
