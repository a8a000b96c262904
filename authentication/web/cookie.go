package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"net/http"
	"slices"
	"time"
)

const (
	securePrefix = "__Host-authing-login-"
	plainPrefix  = "authing-login-" // for http on a loopback host, where browsers refuse __Host-
	nameLength   = 22               // length of the hash after the prefix

	maxCookie  = 4096 // what browsers keep (RFC 6265 §6.1)
	maxSame    = 4    // cookies with the same name that are tried
	maxEvicted = 16   // cookies that one response deletes
)

func (p *Pending) prefix(r *http.Request) string {
	prefix := securePrefix
	if plainLoopback(r) {
		prefix = plainPrefix
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
		Secure: !plainLoopback(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if to.formPost {
		if !secureContext(r) {
			return nil, errors.New("web: a " + string(to.kind) + " that comes back by POST needs https: its cookie must be Secure; " +
				"a proxy that ends TLS must send X-Forwarded-Proto: https")
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
func gone(r *http.Request, name string) *http.Cookie {
	cookie := &http.Cookie{
		Name: name, Path: "/", MaxAge: -1, Secure: !plainLoopback(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if r.Method == http.MethodPost && secureContext(r) {
		cookie.SameSite, cookie.Secure = http.SameSiteNoneMode, true
	}
	return cookie
}

// keep sets the cookie and deletes the oldest ones over the limit. Cookies with an invalid, expired or future time
// count as the oldest.
func (p *Pending) keep(w http.ResponseWriter, r *http.Request, cookie *http.Cookie) {
	type begun struct {
		name string
		at   time.Time
	}
	var others []begun
	seen := map[string]bool{cookie.Name: true}
	for _, c := range r.Cookies() {
		if !p.owns(r, c.Name) || seen[c.Name] {
			continue
		}
		seen[c.Name] = true
		at := sealedAt(c.Value)
		if !p.fresh(at) {
			at = time.Time{}
		}
		others = append(others, begun{c.Name, at})
	}
	if over := len(others) - (p.limit() - 1); over > 0 {
		slices.SortStableFunc(others, func(a, b begun) int { return cmp.Compare(a.at.Unix(), b.at.Unix()) })
		for _, old := range others[:min(over, maxEvicted)] {
			http.SetCookie(w, gone(r, old.name))
		}
	}
	http.SetCookie(w, cookie)
}
