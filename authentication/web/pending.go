package web

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Pending keeps logins under way, each sealed with AES-256-GCM into its own cookie. The zero value
// works for an application that runs once; do not copy a Pending after its first use. It is safe for
// concurrent use.
type Pending struct {
	// Keys are 32 random bytes each. The first one seals, all of them open: to change the key, put a new
	// one in front and drop the old one after Lifetime. Without Keys a random one is made at the first
	// use; then only this instance can complete its logins, and those under way are lost when it stops.
	Keys Keys
	// Lifetime is how long a login may be under way; 0 means one hour. A client's LoginLifetime limits
	// it as well.
	Lifetime time.Duration
	// Limit is how many logins one browser may have under way; 0 means 5. The oldest leaves.
	Limit int
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	once sync.Once
	box  *box
	err  error
}

// Keys are the keys of a Pending. They have a type, so that a struct around the Pending prints none.
type Keys [][]byte

// Format prints no key, whatever the verb.
func (k Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue logs no key.
func (k Keys) LogValue() slog.Value { return slog.StringValue("[redacted]") }

const (
	defaultLifetime = time.Hour
	defaultLimit    = 5
)

// Send keeps the login in the browser and sends the browser to the login's URL: by redirect, or with a
// page that posts the login's Form there. It answers nothing when it returns an error: when the login
// or the keys are unusable, when the cookie would pass 4096 bytes, which browsers drop, or when the
// login comes back by POST and the connection is plain http, where that cookie would be lost.
//
// A HEAD request is answered without beginning anything, and a prefetch with 503, so that the browser
// asks again when the user really goes there.
func (p *Pending) Send(w http.ResponseWriter, r *http.Request, login *authentication.Login) error {
	if err := checkLogin(login); err != nil {
		return err
	}
	cookie, err := p.seal(r, login)
	if err != nil {
		return err
	}
	quiet(w)
	switch {
	case r.Method == http.MethodHead:
		w.WriteHeader(http.StatusNoContent)
		return nil
	case prefetched(r):
		w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	case login.Form != nil:
		return p.post(w, r, login, cookie)
	}
	p.keep(w, r, cookie)
	w.Header().Set("Location", login.URL)
	w.WriteHeader(http.StatusSeeOther) // 303: what was posted to the application stays here (RFC 9700 §4.12)
	return nil
}

// Take returns the login that key belongs to, once: its cookie leaves with this answer. It returns nil,
// which CompleteLogin refuses, when this browser began no such login, or when the cookie is too old,
// damaged, or sealed with another key. Two callbacks that arrive at the same moment can both take it;
// with Options.Replay the second one is refused.
//
// Take forbids caching the answer and sending its address on, because the address of a callback holds
// the code.
func (p *Pending) Take(w http.ResponseWriter, r *http.Request, key string) *authentication.Login {
	quiet(w)
	if key == "" || r.Method == http.MethodHead || prefetched(r) {
		return nil
	}
	name := cookieName(r, key)
	found := r.CookiesNamed(name)
	if len(found) == 0 {
		return nil
	}
	http.SetCookie(w, gone(r, name))
	for _, cookie := range found[:min(len(found), maxSame)] {
		if login := p.open(cookie); login != nil && subtle.ConstantTimeCompare([]byte(login.Key), []byte(key)) == 1 {
			return login
		}
	}
	return nil
}

// Format prints no keys, whatever the verb.
func (p *Pending) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "web.Pending{[redacted]}") }

// LogValue logs no keys.
func (p *Pending) LogValue() slog.Value { return slog.StringValue("web.Pending{[redacted]}") }

func checkLogin(l *authentication.Login) error {
	if l == nil {
		return errors.New("web: the login is nil")
	}
	if l.Key == "" {
		return errors.New("web: the login has no Key: its callback could not be told from another's")
	}
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return errors.New("web: the login's URL must be an absolute http or https URL")
	}
	return nil
}

// seal makes the login's cookie. URL and Form have done their work when it comes back, so they are left
// out.
func (p *Pending) seal(r *http.Request, login *authentication.Login) (*http.Cookie, error) {
	box, err := p.ready()
	if err != nil {
		return nil, err
	}
	cookie, err := newCookie(r, login, p.lifetime())
	if err != nil {
		return nil, err
	}
	stored := *login
	stored.URL, stored.Form = "", nil
	plain, err := json.Marshal(stored)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	cookie.Value = box.seal(cookie.Name, p.now(), plain)
	if size := len(cookie.String()); size > maxCookie {
		return nil, fmt.Errorf("web: the login makes a cookie of %d bytes, browsers keep at most %d", size, maxCookie)
	}
	return cookie, nil
}

func (p *Pending) open(cookie *http.Cookie) *authentication.Login {
	box, err := p.ready()
	if err != nil || !p.fresh(sealedAt(cookie.Value)) {
		return nil
	}
	plain, ok := box.open(cookie.Name, cookie.Value)
	if !ok {
		return nil
	}
	var login authentication.Login
	if json.Unmarshal(plain, &login) != nil {
		return nil
	}
	return &login
}
