package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// Logout logs the user out here and at the server, as the Site's own address "/logout" does: for a route of the
// application. The session here ends first. Then the refresh token is revoked, where the server can, and the browser goes
// to the server's logout and comes back to the logged-out page.
//
// It obeys a POST of the application's own pages, and a GET only when the user follows a link there. Anything else, such as
// another site's form, a link in a mail, an image or a prefetch, changes nothing and gets a page with one button. A script's
// fetch ends the session here alone, because only a navigation can go to the server.
func (s *Site) Logout(w http.ResponseWriter, r *http.Request) {
	if v := s.enter(w, r); v != nil {
		v.logout()
	}
}

// patience limits each step that is done though the browser goes away.
const patience = 5 * time.Second

// logout is the user's: it ends the session here, then at the server.
func (v *visit) logout() {
	quiet(v.w)
	if !v.meansLogout() {
		v.askLogout("")
		return
	}
	now, err := v.endHere()
	switch {
	case err != nil:
		v.site.report(v.r, Event{Kind: EventStore, Err: err})
		v.unavailable(err)
	case now == nil:
		v.toLoggedOut()
	default:
		v.logoutAtServer(now)
	}
}

// meansLogout reports whether this application's user asks for the logout. A GET must in addition be a link that the user
// follows: images, prefetches and prerenders are GETs too.
func (v *visit) meansLogout() bool {
	h := v.r.Header
	site := h.Get("Sec-Fetch-Site")
	switch v.r.Method {
	case http.MethodPost:
		if site == "" { // an older browser, or plain http
			return h.Get("Origin") == v.base.origin
		}
		return site == "same-origin" || site == "none"
	case http.MethodGet:
		return site == "same-origin" && h.Get("Sec-Fetch-Mode") == "navigate" && h.Get("Sec-Fetch-Dest") == "document" &&
			h.Get("Sec-Purpose") == "" && !prefetched(v.r)
	}
	return false
}

// endHere ends the browser's session and deletes its cookies, also when the store fails. It returns what the session was,
// nil when there was none.
func (v *visit) endHere() (*session.Session, error) {
	s := v.site
	now, err := s.keeps.load(v)
	if key := s.keeps.key(v); key != "" {
		ctx, cancel := patient(v.r.Context()) // the user may close the window
		defer cancel()
		err = errors.Join(err, s.keeps.end(ctx, key))
	}
	s.keeps.forget(v)
	v.forgetMarker()
	return now, err
}

// patient is the context of such a step.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), patience)
}
