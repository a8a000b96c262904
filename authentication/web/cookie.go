package web

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"net/http"
	"time"
)

const (
	securePrefix = "__Host-authing-login-"
	plainPrefix  = "authing-login-" // for http on a loopback host, where browsers refuse __Host-
	nameLength   = 22               // length of the hash after the prefix

	maxCookie = 4096 // what browsers keep (RFC 6265 §6.1)
	maxSame   = 4    // cookies with the same name that are tried
)

func (p *Pending) prefix(r *http.Request) string {
	prefix := securePrefix
	switch {
	case p.plain(r):
		prefix = plainPrefix
	case p.base != nil: // all cookies of a Site have the prefix that promises most
		prefix = sessionPrefix + plainPrefix
	}
	if p.Name != "" {
		prefix += p.Name + "-"
	}
	return prefix
}

// cookieName uses a hash, because the key itself is in addresses.
func (p *Pending) cookieName(r *http.Request, k kind, key string) string {
	if k != aLogin {
		key = string(k) + " " + key
	}
	sum := sha256.Sum256([]byte(key))
	return p.prefix(r) + base64.RawURLEncoding.EncodeToString(sum[:16])
}

func (p *Pending) newCookie(r *http.Request, to passage) (*http.Cookie, error) {
	cookie := &http.Cookie{
		Name: p.cookieName(r, to.kind, to.key), Path: "/", MaxAge: p.cookieSeconds(),
		Secure: !p.plain(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if to.formPost {
		if !p.secure(r) {
			mend := "a proxy that ends TLS must send X-Forwarded-Proto: https"
			if p.base != nil {
				mend = "Config.BaseURL must begin with https"
			}
			return nil, errors.New("web: a " + string(to.kind) + " that comes back by POST needs https: its cookie must be Secure; " + mend)
		}
		// A POST from the server's site has only SameSite=None cookies, and only a Secure cookie
		// may be SameSite=None; browsers treat loopback hosts as secure.
		cookie.SameSite, cookie.Secure = http.SameSiteNoneMode, true
	}
	return cookie, nil
}

// cookieSeconds fits an int of 32 bits; browsers keep a cookie for 400 days at most (RFC 6265bis §5.5).
func (p *Pending) cookieSeconds() int {
	return int(min(max(p.lifetime()/time.Second, 1), math.MaxInt32))
}

// gone deletes a cookie. A callback by POST had a SameSite=None cookie.
func (p *Pending) gone(r *http.Request, name string) *http.Cookie {
	cookie := &http.Cookie{
		Name: name, Path: "/", MaxAge: -1, Secure: !p.plain(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if r.Method == http.MethodPost && p.secure(r) {
		cookie.SameSite, cookie.Secure = http.SameSiteNoneMode, true
	}
	return cookie
}
