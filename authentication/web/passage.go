package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// kind distinguishes a login from a logout: it is part of the cookie's name, which the seal includes.
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

// send keeps the passage in the browser, and redirects the browser.
func (p *Pending) send(w http.ResponseWriter, r *http.Request, to passage) error {
	if to.key == "" {
		return fmt.Errorf("web: the %s has no Key: its callback could not be recognized", to.kind)
	}
	if !isWeb(to.url) {
		return fmt.Errorf("web: the %s's URL must be an absolute http or https URL", to.kind)
	}
	cookie, err := p.seal(r, to)
	if err != nil {
		return err
	}
	if idle(w, r) || stays(w, r) {
		return nil
	}
	return p.forward(w, r, to, cookie)
}

var errTooLong = fmt.Errorf("browsers keep at most %d", maxCookie)

func isWeb(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// seal makes the passage's cookie.
func (p *Pending) seal(r *http.Request, to passage) (*http.Cookie, error) {
	box, err := p.ready()
	if err != nil {
		return nil, err
	}
	cookie, err := p.newCookie(r, to)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(to.stored)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	cookie.Value = box.seal(cookie.Name, p.now(), plain)
	if size := len(cookie.String()); size > maxCookie {
		return nil, fmt.Errorf("web: the %s makes a cookie of %d bytes, %w", to.kind, size, errTooLong)
	}
	return cookie, nil
}

// take calls use with each plain text that the browser has for this key, until one is valid, and deletes the cookie.
func (p *Pending) take(w http.ResponseWriter, r *http.Request, k kind, key string, use func(plain []byte) bool) {
	quiet(w)
	if r.Method == http.MethodHead || prefetched(r) {
		return
	}
	p.lost(r, k, p.find(w, r, k, key, use))
}

// find returns why nothing was found.
func (p *Pending) find(w http.ResponseWriter, r *http.Request, k kind, key string, use func(plain []byte) bool) error {
	if key == "" {
		return LostKey
	}
	box, err := p.ready()
	if err != nil {
		return err
	}
	name := p.cookieName(r, k, key)
	tried := 0
	var reason error
	for value := range cookiesOf(r, name) {
		switch tried++; {
		case tried == 1:
			http.SetCookie(w, p.gone(r, name))
		case tried > maxSame:
			return reason
		}
		plain, err := p.open(box, name, value)
		if err == nil {
			if use(plain) {
				return nil
			}
			err = LostForm
		}
		if reason == nil {
			reason = err
		}
	}
	if tried == 0 {
		return p.absent(r)
	}
	return reason
}
