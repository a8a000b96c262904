package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// unknown answers a callback without its login: it came before, its cookie was lost, or another site made it. A POST from
// another site brought no session, so that the browser first goes to an address by GET.
func (v *visit) unknown(key string, reason error) {
	if v.r.Method == http.MethodPost {
		if !errors.Is(reason, LostCookie) && !errors.Is(reason, LostState) { // a callback that came before is no failure
			v.site.report(v.r, Event{Kind: EventLoginFailed, Flow: v.flow, Err: reason})
		}
		v.toSeen(key)
		return
	}
	v.again(loginHash(key), reason)
}

// toSeen sends the browser to the address that looks at its session.
func (v *visit) toSeen(key string) {
	quiet(v.w)
	v.redirect(v.base.path + v.site.config.Prefix + "/callback/" + seenName + "?login=" + url.QueryEscape(loginHash(key)))
}

// seen answers a callback without its login by the session that the browser has.
func (v *visit) seen() {
	switch {
	case v.r.Method != http.MethodGet && v.r.Method != http.MethodHead:
		v.wrongMethod("GET, HEAD")
	case idle(v.w, v.r):
	default:
		v.again(v.r.URL.Query().Get("login"), errSeen)
	}
}

var errSeen = fmt.Errorf("%w: web: the login is lost: %w", authentication.ErrRefused, LostCookie)

// again sends a browser with a session to the application: to where this login went, when the session is of this login.
func (v *visit) again(login string, reason error) {
	now, err := v.load()
	switch {
	case err != nil:
		v.unavailable(err)
	case now == nil:
		v.site.fail(v.w, v.r, Event{Kind: EventLoginFailed, Err: reason})
	case now.Login == login:
		v.redirect(now.Return)
	default:
		v.redirect(v.home())
	}
}
