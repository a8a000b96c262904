package demotest

import (
	"net/http"
	"net/url"
)

// jar has the cookies by host and name: browsers do not tell ports apart. It sends Secure ones to loopback, as browsers do.
type jar map[string]*http.Cookie

// add adds the cookies of a request that comes from the same site, or from another one as a navigation.
func (j jar) add(r *http.Request, own bool) {
	for key, c := range j {
		lax := c.SameSite != http.SameSiteNoneMode && c.SameSite != http.SameSiteStrictMode
		if key == r.URL.Hostname()+" "+c.Name && (own || c.SameSite == http.SameSiteNoneMode || lax && r.Method == http.MethodGet) {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
}

func (j jar) keep(from *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		key := from.Hostname() + " " + c.Name
		switch {
		case c.MaxAge < 0:
			delete(j, key)
		case c.SameSite == http.SameSiteNoneMode && !c.Secure: // browsers refuse it
		default:
			j[key] = c
		}
	}
}

func sameSite(from, to *url.URL) bool { return from == nil || from.Hostname() == to.Hostname() }
