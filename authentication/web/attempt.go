package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// attempt is a pending login of the Site, sealed in its cookie. A callback by POST from the server's site brings no other
// cookie, so all that the callback needs is here.
type attempt struct {
	// Login has the address to return to.
	Login *authentication.Login `json:"login"`
	// Session is the Session.Key that the browser had: that session ends when this login is complete.
	Session string `json:"session"`
	// once identifies this attempt; it is not stored.
	once [sha256.Size]byte
}

// send keeps the attempt in the browser, and sends the browser to the server.
func (v *visit) send(flow string, a attempt) error {
	login := *a.Login
	to := passage{kind: aLogin, key: v.pendingKey(flow, login.Key), url: login.URL, form: login.Form, formPost: login.FormPost}
	login.URL, login.Form = "", nil // they are not needed when the browser comes back
	a.Login = &login
	to.stored = a
	err := v.site.pending.send(v.w, v.r, to)
	if errors.Is(err, errTooLong) && login.Return != v.home() { // too long because of the request, not of the application
		login.Return = v.home()
		err = v.site.pending.send(v.w, v.r, to)
	}
	return mistaken(err)
}

// take returns the browser's attempt with this key, once, or the reason why there is none.
func (v *visit) take(key string) (found *attempt, err error) {
	err = v.site.pending.find(v.w, v.r, aLogin, v.pendingKey(v.flow, key), func(plain []byte) bool {
		var a attempt
		if strictjson.Exact(plain, &a) != nil || a.Login == nil ||
			subtle.ConstantTimeCompare([]byte(a.Login.Key), []byte(key)) != 1 {
			return false
		}
		a.once = sha256.Sum256(plain)
		found = &a
		return true
	})
	return found, err
}

// pendingKey is in the cookie's name, so that no flow finds a login of another one (A18), and no host one of another
// tenant's, which may have had other options. Without a key there is none.
func (v *visit) pendingKey(flow, key string) string {
	if key == "" {
		return ""
	}
	return v.base.url + " " + flow + " " + key
}

// loginHash names a login in an address and in its session, where its key must not be.
func loginHash(key string) string {
	sum := sha256.Sum256([]byte("login " + key))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
