package samltest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Tell tells a service provider by SOAP. One without SOAPLogoutURL is told by way of the browser alone.
func (v *visit) Tell(ctx context.Context) {
	if v.bySOAP() {
		v.ended = v.server.tellBySOAP(ctx, v)
	}
}

// Journey leads the browser from one service provider to the next.
func (v *visit) Journey(w http.ResponseWriter, r *http.Request, members []idptest.Member, to string) bool {
	all := visits(members)
	if !slices.ContainsFunc(all, (*visit).told) {
		return false
	}
	idptest.TellAll(r.Context(), members)
	v.server.next(w, r, &chain{to: to, left: merge(all)})
	return true
}

// end ends the sessions in which a login was sent to a visit that matches, tells their members that need no browser, and
// returns the service providers. Who asked is not told. It says how many sessions ended.
func (s *Server) end(ctx context.Context, match func(*idptest.User, *visit) bool, asked func(*visit) bool) ([]*visit, int) {
	members, count := s.realm.EndMatching(func(u *idptest.User, members []idptest.Member) bool {
		return slices.ContainsFunc(visits(members), func(v *visit) bool { return match(u, v) })
	})
	members = slices.DeleteFunc(members, func(m idptest.Member) bool {
		v, ok := m.(*visit)
		return ok && asked(v)
	})
	idptest.TellAll(ctx, members)
	return merge(visits(members)), count
}

// LogoutRequest ends every session of a person (named as for Login) that includes an application (its ID or its
// EntityID), as an administrator would, and returns the request that the browser would send to the application's SLOURL:
// a signed LogoutRequest by the application's binding. Where the application then sends the browser can be given to
// Browser.Open, which goes on to the other applications of those sessions.
func (s *Server) LogoutRequest(ctx context.Context, user, app string) (*http.Request, error) {
	s.prepare()
	account, err := s.realm.Person(user)
	if err != nil {
		return nil, err
	}
	if s.NoLogout {
		return nil, errors.New("samltest: there is no single logout (NoLogout)")
	}
	meant := func(v *visit) bool { return v.server == s && (v.app.ID == app || v.entity == app) }
	left, count := s.end(ctx, func(u *idptest.User, v *visit) bool {
		return u.ID() == account.ID() && v.told() && meant(v)
	}, func(*visit) bool { return false })
	if count == 0 {
		return nil, fmt.Errorf("samltest: %s has no session with application %q, or the application has no SLOURL", account.Name(), app)
	}
	slices.SortStableFunc(left, func(a, b *visit) int {
		switch {
		case meant(a) == meant(b):
			return 0
		case meant(a):
			return -1
		}
		return 1
	})
	browser, err := s.realm.Browser(user)
	if err != nil {
		return nil, err
	}
	return browser.Follow(ctx, left[0].home, func(w http.ResponseWriter, r *http.Request) { s.next(w, r, &chain{left: left}) })
}
