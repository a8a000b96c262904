package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// kind keeps a login from being taken for a logout: it goes into the cookie's name, which is sealed in.
type kind string

const (
	aLogin  kind = "login"
	aLogout kind = "logout"
)

// passage is a browser's way to a server and back.
type passage struct {
	kind     kind
	key, url string
	form     url.Values
	formPost bool
	stored   any
}

// send keeps the passage in the browser, and sends the browser on.
func (p *Pending) send(w http.ResponseWriter, r *http.Request, to passage) error {
	if to.key == "" {
		return fmt.Errorf("web: the %s has no Key: its callback could not be told from another's", to.kind)
	}
	if !isWeb(to.url) {
		return fmt.Errorf("web: the %s's URL must be an absolute http or https URL", to.kind)
	}
	cookie, err := p.seal(r, to)
	if err != nil {
		return err
	}
	if idle(w, r) {
		return nil
	}
	return p.forward(w, r, to, cookie)
}

func isWeb(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// idle answers requests that begin nothing.
func idle(w http.ResponseWriter, r *http.Request) bool {
	quiet(w)
	switch {
	case r.Method == http.MethodHead:
		w.WriteHeader(http.StatusNoContent)
	case prefetched(r):
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		return false
	}
	return true
}

// seal makes the passage's cookie.
func (p *Pending) seal(r *http.Request, to passage) (*http.Cookie, error) {
	box, err := p.ready()
	if err != nil {
		return nil, err
	}
	cookie, err := newCookie(r, to, p.lifetime())
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(to.stored)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	cookie.Value = box.seal(cookie.Name, p.now(), plain)
	if size := len(cookie.String()); size > maxCookie {
		return nil, fmt.Errorf("web: the %s makes a cookie of %d bytes, browsers keep at most %d", to.kind, size, maxCookie)
	}
	return cookie, nil
}

// take hands each plain text that the browser has kept under this key to use, until one is good, and takes the
// cookie away.
func (p *Pending) take(w http.ResponseWriter, r *http.Request, k kind, key string, use func(plain []byte) bool) {
	quiet(w)
	if key == "" || r.Method == http.MethodHead || prefetched(r) {
		return
	}
	name := cookieName(r, k, key)
	found := r.CookiesNamed(name)
	if len(found) == 0 {
		return
	}
	http.SetCookie(w, gone(r, name))
	for _, cookie := range found[:min(len(found), maxSame)] {
		if plain, ok := p.open(cookie); ok && use(plain) {
			return
		}
	}
}

func (p *Pending) open(cookie *http.Cookie) ([]byte, bool) {
	box, err := p.ready()
	if err != nil || !p.fresh(sealedAt(cookie.Value)) {
		return nil, false
	}
	return box.open(cookie.Name, cookie.Value)
}
