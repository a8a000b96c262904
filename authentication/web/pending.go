package web

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Pending keeps pending logins and logouts, each sealed with AES-256-GCM into its own cookie. The zero value works
// for an application that runs as one instance; do not copy a Pending after its first use. It is safe for concurrent
// use.
type Pending struct {
	// Keys are 32 random bytes each. The first key seals, and all of them open: to change the key, put a new one in
	// front and remove the old one after Lifetime. When nil, a random key is made at the first use; then only this
	// instance can complete its logins, and pending logins are lost when it stops.
	Keys Keys
	// Lifetime is how long a login may be pending; 0 means one hour. A client's LoginLifetime limits it too.
	Lifetime time.Duration
	// Limit is how many pending logins and logouts one browser may have; 0 means 5. The oldest is deleted, also when their
	// cookies have more than 6 kB: many servers refuse a request with 8 kB of headers.
	Limit int
	// Name is a part of the cookies' names, so that two applications can share a host: without it they displace each
	// other's logins. It has letters, digits and hyphens, at most 32; empty is none.
	Name string
	// OnLost, when set, is called with the reason why Take or TakeLogout found nothing: the error wraps a LostReason,
	// or names an invalid setting. It is for the log, not for the page; the error contains no secret.
	OnLost func(*http.Request, error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	base func(*http.Request) *base // of a Site
	once sync.Once
	box  *box
	err  error
}

// Keys are the keys of a Pending. They have their own type, so that a struct with a Pending in an exported field
// prints no key. Package fmt prints the keys in an unexported field: do not print such a struct.
type Keys [][]byte

// Format prints no key, whatever the verb.
func (k Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue logs no key.
func (k Keys) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// MarshalJSON writes no key.
func (k Keys) MarshalJSON() ([]byte, error) { return []byte(`"[redacted]"`), nil }

// MarshalText writes no key, for XML and other encoders of text.
func (k Keys) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

const (
	defaultLifetime = time.Hour
	defaultLimit    = 5
)

// Send keeps the login in the browser and sends the browser to the login's URL: by redirect, or with a
// page that posts the login's Form there. When it returns an error, it has written nothing. It is an error when the
// login or the keys are invalid, when the cookie would exceed 4096 bytes, which browsers drop, or when the login
// comes back by POST and the connection is plain http, where that cookie would be lost. Each of these is an
// authentication.ErrMisconfigured.
//
// The login's Return may come from a request: login.Return = r.FormValue("return"). It is kept when it is a path of
// this application, and removed when it could lead to another site or is too long for the cookie.
//
// A request that is not a navigation begins no login, so that a page full of images of this address cannot displace
// pending logins. A HEAD request is answered with 204. A prefetch is answered with 503, so that the browser asks
// again when the user really goes there. Anything else, such as an image, a script's fetch, or a frame in another
// site's page, is answered with 401 in the form of Error, with the code login_required. Sec-Fetch-Mode distinguishes
// them; without it, an Accept without text/html, or X-Requested-With.
func (p *Pending) Send(w http.ResponseWriter, r *http.Request, login *authentication.Login) error {
	if login == nil {
		return mistake{errors.New("web: the login is nil")}
	}
	stored := *login
	stored.URL, stored.Form = "", nil // they are not needed when the browser comes back
	stored.Return = local(stored.Return)
	to := passage{aLogin, login.Key, login.URL, login.Form, login.FormPost, stored}
	err := p.send(w, r, to)
	if errors.Is(err, errTooLong) && stored.Return != "" { // it is too long because of the request, not of the application
		stored.Return = ""
		to.stored = stored
		err = p.send(w, r, to)
	}
	return mistaken(err)
}

// Take returns the login that key belongs to, once: this response deletes its cookie. It returns nil, which
// CompleteLogin refuses, when this browser began no such login, or when the cookie is too old, damaged, or sealed
// with another key; OnLost gets the reason. Two simultaneous callbacks can both take the login; with Options.Replay
// the second one is refused.
//
// Take forbids caching the response and sending its address in a Referer, because the address of a callback has the
// code.
func (p *Pending) Take(w http.ResponseWriter, r *http.Request, key string) *authentication.Login {
	var found *authentication.Login
	p.take(w, r, aLogin, key, func(plain []byte) bool {
		var login authentication.Login
		if login.UnmarshalJSON(plain) != nil || subtle.ConstantTimeCompare([]byte(login.Key), []byte(key)) != 1 {
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
