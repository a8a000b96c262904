package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// refuse answers a request of nobody.
func (v *visit) refuse() {
	switch mannerOf(v.r) {
	case whole:
		if v.justLoggedIn() && !v.ended {
			v.site.fail(v.w, v.r, Event{Kind: EventError, Err: errLost})
			return
		}
		quiet(v.w)
		v.w.Header().Set("Location", v.loginFor(v.address()))
		v.w.WriteHeader(http.StatusSeeOther)
	case framed:
		v.site.errors.frame(v.w, v.r, matterNavigate, v.loginFor(v.address()))
	default:
		v.site.errors.program(v.w, v.r, matterNavigate, v.loginFor(v.page()))
	}
}

// address is the path and the query of a request, as the browser has them, to come back to; empty for a form that was
// posted, which cannot be repeated.
func (v *visit) address() string {
	if v.r.Method != http.MethodGet {
		return ""
	}
	address := v.base.path + pathOf(v.r, v.base, v.site.config.Prefix)
	_, query, _ := strings.Cut(cmp.Or(v.r.RequestURI, "?"+v.r.URL.RawQuery), "?")
	if query != "" {
		address += "?" + query
	}
	return address
}

// page is the path and the query of the page whose script or part sends a request, where the browser tells. The address
// of the request itself would be no page.
func (v *visit) page() string {
	rest, found := strings.CutPrefix(v.r.Header.Get("Referer"), v.base.origin)
	if !found {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "#")
	return rest
}

// storeRetryAfter is when a request may come again after a failure of the store.
const storeRetryAfter = "5"

// unavailable answers a request whose session could not be read. The cookie stays: the session may be there.
func (v *visit) unavailable(err error) {
	v.w.Header().Set("Retry-After", storeRetryAfter)
	if v.site.config.OnError != nil {
		v.site.config.OnError(v.w, v.r, err)
		return
	}
	v.site.errors.Write(v.w, v.r, err)
}

// errLost is a login that has just ended, and a browser or store that has no session of it.
var errLost = fmt.Errorf("%w: web: a login has just ended, and its session is not there: the browser dropped the cookie, or the store is behind", authentication.ErrRefused)
