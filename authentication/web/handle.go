package web

import (
	"iter"
	"net/http"
	"strings"
	"time"
)

// sessionPrefix is the cookie prefix that promises most: the cookie is of this host, of https, and was set by an answer,
// not by a script (RFC 6265bis §4.1.3).
const sessionPrefix = "__Host-Http-"

// sessionCookie is the cookie of the browser's session. Lax, because a link from another site, and the way back from the
// server, must find the session.
func (v *visit) sessionCookie(name, value string, end time.Time) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: v.site.secondsUntil(end),
		Secure: !v.base.plain, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// secondsUntil is a Max-Age: at least a second, because 0 is a cookie without an end.
func (s *Site) secondsUntil(end time.Time) int {
	return int(min(max(end.Sub(s.config.Now())/time.Second, 1), 400*24*3600)) // what browsers keep (RFC 6265bis §5.5)
}

// cookieName is the name of the session's cookie. Browsers take the prefix from https alone.
func (v *visit) cookieName() string {
	if v.base.plain {
		return v.site.config.Name
	}
	return sessionPrefix + v.site.config.Name
}

func (v *visit) handle() string { return cookieOf(v.r, v.cookieName()) }

func (v *visit) setHandle(handle string, end time.Time) {
	http.SetCookie(v.w, v.sessionCookie(v.cookieName(), handle, end))
}

func (v *visit) dropHandle() { v.drop(v.cookieName()) }

func (v *visit) drop(name string) {
	cookie := v.sessionCookie(name, "", time.Time{})
	cookie.MaxAge = -1
	http.SetCookie(v.w, cookie)
}

// cookieOf returns the value of the first cookie with this name; empty when there is none.
func cookieOf(r *http.Request, name string) string {
	for value := range cookiesOf(r, name) {
		return value
	}
	return ""
}

// cookiesOf are the values of the cookies with this name. Each guarded request reads them: r.CookiesNamed would parse all
// cookies. The values of this package need no quotes. A part without "=" is the value of a cookie without a name, which
// another host of the site may have set (RFC 6265bis §5.6).
func cookiesOf(r *http.Request, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range r.Header["Cookie"] {
			for line != "" {
				var part string
				part, line, _ = strings.Cut(line, ";")
				own, value, named := strings.Cut(strings.Trim(part, " \t"), "=")
				if named && own == name && !yield(value) {
					return
				}
			}
		}
	}
}
