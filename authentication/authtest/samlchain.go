package authtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlChain is a logout under way, from one application to the next by way of
// the browser (SAML Profiles §4.4.3.4).
type samlChain struct {
	asker      *samlVisit // who asked for it; nil when it began here
	requestID  string
	relayState string
	to         string       // where the browser goes at the end of one that began here
	left       []*samlVisit // who must still be told
	partial    bool         // somebody could not be told

	told  *samlVisit // whose answer is awaited
	relay string     // and the RelayState that it comes with
}

// samlChainLifetime is how long an application may take for its answer.
const samlChainLifetime = 10 * time.Minute

// samlEnd ends the sessions in which a login was sent to who matches, tells their other members, and returns the service
// providers. It says how many sessions ended.
func (s *Server) samlEnd(ctx context.Context, match func(*idptest.User, *samlVisit) bool) ([]*samlVisit, int) {
	members, count := s.realm.EndMatching(func(u *idptest.User, members []idptest.Member) bool {
		return slices.ContainsFunc(s.entered(members), func(v *samlVisit) bool { return match(u, v) })
	})
	idptest.TellAll(ctx, members)
	return s.merge(s.entered(members)), count
}

// merge makes one visit of those that one logout request can name.
func (s *Server) merge(all []*samlVisit) []*samlVisit {
	var merged []*samlVisit
	for _, v := range all {
		at := slices.IndexFunc(merged, func(m *samlVisit) bool {
			return s.samlID(m.app) == s.samlID(v.app) && m.entity == v.entity && m.name == v.name
		})
		if at < 0 {
			copied := *v
			copied.indexes = []string{v.index}
			merged = append(merged, &copied)
		} else if !slices.Contains(merged[at].indexes, v.index) {
			merged[at].indexes = append(merged[at].indexes, v.index)
		}
	}
	return merged
}

// samlNext tells the next application, or answers the one that asked.
func (s *Server) samlNext(w http.ResponseWriter, r *http.Request, l *samlChain) {
	for len(l.left) > 0 {
		v := l.left[0]
		l.left = l.left[1:]
		if v.app.SLOURL == "" {
			l.partial = true
			continue
		}
		id := s.samlTell(w, r, l, v)
		if id != "" {
			return
		}
		l.partial = true
	}
	switch {
	case l.asker != nil && l.asker.app.SLOURL != "":
		s.samlReport(w, r, l)
	case l.asker == nil && l.to != "":
		idptest.SendTo(w, r, l.to)
	case l.partial:
		s.realm.MessagePage(w, "Signed out", "You are signed out of this server, but perhaps not of every application.")
	default:
		s.realm.MessagePage(w, "Signed out", "You are signed out of this server and of the applications that you used.")
	}
}

// LogoutRequest ends every session of a person (named as for Login) that includes
// a SAML application (its ID or its EntityID), as an administrator would, and
// returns the request that the browser would send to the application's SLOURL: a
// signed LogoutRequest by the application's binding. Where the application then
// sends the browser can be given to Browser.Open, which goes on to the other
// applications of those sessions.
func (s *Server) LogoutRequest(ctx context.Context, user, app string) (*http.Request, error) {
	s.prepare()
	account, err := s.realm.Person(user)
	if err != nil {
		return nil, err
	}
	if s.NoSAMLLogout {
		return nil, errors.New("authtest: NoSAMLLogout is set")
	}
	is := func(v *samlVisit) bool { return s.samlID(v.app) == app || v.entity == app }
	entered, count := s.samlEnd(ctx, func(u *idptest.User, v *samlVisit) bool {
		return u.ID() == account.ID() && v.app.SLOURL != "" && is(v)
	})
	if count == 0 {
		return nil, fmt.Errorf("authtest: %s has no session with SAML application %q, or that has no SLOURL", account.Name(), app)
	}
	slices.SortStableFunc(entered, func(a, b *samlVisit) int {
		switch {
		case is(a) == is(b):
			return 0
		case is(a):
			return -1
		}
		return 1
	})
	browser, err := s.realm.Browser(user)
	if err != nil {
		return nil, err
	}
	home := s.samlAt(entered[0].base, entered[0].app, "/slo")
	return browser.Follow(ctx, home, func(w http.ResponseWriter, r *http.Request) { s.samlNext(w, r, &samlChain{left: entered}) })
}
