package web

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Pending keeps logins and logouts under way, each sealed with AES-256-GCM into its own cookie. The zero value
// works for an application that runs once; do not copy a Pending after its first use. It is safe for
// concurrent use.
type Pending struct {
	// Keys are 32 random bytes each; nil is a random one for this instance alone. The first one seals, all of them open: to change the key, put a new
	// one in front and drop the old one after Lifetime. Without Keys a random one is made at the first
	// use; then only this instance can complete its logins, and those under way are lost when it stops.
	Keys Keys
	// Lifetime is how long a login may be under way; 0 means one hour. A client's LoginLifetime limits
	// it as well.
	Lifetime time.Duration
	// Limit is how many logins and logouts one browser may have under way; 0 means 5. The oldest leaves.
	Limit int
	// Name stands in the names of the cookies, so that two applications can share a host: without one they
	// push each other's logins out. It has letters, digits and hyphens, at most 32; empty is none.
	Name string
	// OnLost, when set, is told why Take or TakeLogout found nothing: a LostReason is in the error, or it is
	// one of these settings. It is for the log, which the page does not show; the error holds no secret.
	OnLost func(*http.Request, error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	once sync.Once
	box  *box
	err  error
}

// Keys are the keys of a Pending. They have a type, so that a struct with the Pending in an exported field prints none.
// What stands in a field that is not exported package fmt prints without asking: do not print such a struct.
type Keys [][]byte

// Format prints no key, whatever the verb.
func (k Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue logs no key.
func (k Keys) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// MarshalJSON writes no key.
func (k Keys) MarshalJSON() ([]byte, error) { return []byte(`"[redacted]"`), nil }

// MarshalText writes no key, for XML and what else asks for text.
func (k Keys) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

const (
	defaultLifetime = time.Hour
	defaultLimit    = 5
)

// Send keeps the login in the browser and sends the browser to the login's URL: by redirect, or with a
// page that posts the login's Form there. It answers nothing when it returns an error: when the login
// or the keys are unusable, when the cookie would pass 4096 bytes, which browsers drop, or when the
// login comes back by POST and the connection is plain http, where that cookie would be lost. Each of
// these is an authentication.ErrMisconfigured.
//
// The login's Return is kept when it is a path of this application, and dropped when it could lead anywhere else or
// leaves no room in the cookie, so that it may come from a request: login.Return = r.FormValue("return").
//
// A request that goes to no page begins nothing, so that a page full of images of this address pushes no
// login out of its place: a HEAD request is answered with 204, a prefetch with 503, so that the browser asks again
// when the user really goes there, and everything else, such as an image, a script's fetch, or a frame in
// another site's page, with 401 as Error answers, and with the code login_required. Sec-Fetch-Mode tells
// them apart; without it, an Accept that does not name text/html, or X-Requested-With.
func (p *Pending) Send(w http.ResponseWriter, r *http.Request, login *authentication.Login) error {
	if login == nil {
		return mistake{errors.New("web: the login is nil")}
	}
	stored := *login
	stored.URL, stored.Form = "", nil // they have done their work when it comes back
	stored.Return = local(stored.Return)
	to := passage{aLogin, login.Key, login.URL, login.Form, login.FormPost, stored}
	err := p.send(w, r, to)
	if errors.Is(err, errTooLong) && stored.Return != "" { // who made the request, not the application, made it so long
		stored.Return = ""
		to.stored = stored
		err = p.send(w, r, to)
	}
	return mistaken(err)
}

// Take returns the login that key belongs to, once: its cookie leaves with this answer. It returns nil,
// which CompleteLogin refuses, when this browser began no such login, or when the cookie is too old,
// damaged, or sealed with another key; OnLost is told which. Two callbacks that arrive at the same moment can both take it;
// with Options.Replay the second one is refused.
//
// Take forbids caching the answer and sending its address on, because the address of a callback holds
// the code.
func (p *Pending) Take(w http.ResponseWriter, r *http.Request, key string) *authentication.Login {
	var found *authentication.Login
	p.take(w, r, aLogin, key, func(plain []byte) bool {
		var login authentication.Login
		if json.Unmarshal(plain, &login) != nil || subtle.ConstantTimeCompare([]byte(login.Key), []byte(key)) != 1 {
			return false
		}
		found = &login
		return true
	})
	return found
}

// Format prints no keys, whatever the verb.
func (p *Pending) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "web.Pending{[redacted]}") }

// LogValue logs no keys.
func (p *Pending) LogValue() slog.Value { return slog.StringValue("web.Pending{[redacted]}") }
