package authtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
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

// farewell is whom to tell of ended sessions.
type farewell struct {
	visits  []visit
	entered []*samlVisit
	count   int
}

// samlEnd ends the sessions in which a login was sent to who matches. Logins of one
// person at one application become one visit with several indexes.
func (s *Server) samlEnd(match func(*User, *samlVisit) bool) farewell {
	now := s.now()
	var f farewell
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Clone(s.memory.sessions.order) {
		found, ok := s.memory.sessions.get(id, now)
		if !ok || !slices.ContainsFunc(found.entered, func(v *samlVisit) bool { return match(found.user, v) }) {
			continue
		}
		s.memory.sessions.drop(id)
		f.count++
		f.visits = append(f.visits, found.end()...)
		f.entered = append(f.entered, found.entered...)
	}
	f.entered = s.merge(f.entered)
	return f
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
		redirect(w, r, l.to)
	case l.partial:
		s.messagePage(w, "Signed out", "You are signed out of this server, but perhaps not of every application.")
	default:
		s.messagePage(w, "Signed out", "You are signed out of this server and of the applications that you used.")
	}
}

// LogoutRequest ends every session of a person (named as for Login) that includes
// a SAML application (its ID or its EntityID), as an administrator would, and
// returns the request that the browser would send to the application's SLOURL: a
// signed LogoutRequest by the application's binding. Where the application then
// sends the browser can be given to Browser.Open, which goes on to the other
// applications of those sessions.
func (s *Server) LogoutRequest(ctx context.Context, user, app string) (*http.Request, error) {
	account, err := s.traveller(user)
	if err != nil {
		return nil, err
	}
	if s.NoSAMLLogout {
		return nil, errors.New("authtest: NoSAMLLogout is set")
	}
	s.prepare()
	is := func(v *samlVisit) bool { return s.samlID(v.app) == app || v.entity == app }
	ended := s.samlEnd(func(u *User, v *samlVisit) bool {
		return u.subject() == account.subject() && v.app.SLOURL != "" && is(v)
	})
	if ended.count == 0 {
		return nil, fmt.Errorf("authtest: %s has no session with SAML application %q, or that has no SLOURL", account.name(), app)
	}
	s.tell(ctx, ended.visits)
	slices.SortStableFunc(ended.entered, func(a, b *samlVisit) int {
		switch {
		case is(a) == is(b):
			return 0
		case is(a):
			return -1
		}
		return 1
	})
	home, err := url.Parse(s.samlAt(ended.entered[0].base, ended.entered[0].app, "/slo"))
	if err != nil {
		return nil, errors.New("authtest: BaseURL is not a URL")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, home.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("authtest: %w", quiet(err))
	}
	answer := &recorder{header: make(http.Header)}
	s.samlNext(answer, request, &samlChain{left: ended.entered})
	walk := &walk{server: s, home: home.Host, account: account}
	return walk.next(ctx, home, answer)
}
