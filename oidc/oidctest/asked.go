package oidctest

import (
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const (
	defaultInterval = 5 * time.Second
	slowDown        = 5 * time.Second
	defaultWait     = 10 * time.Minute
)

// asked is a login in which a person decides on another device: of RFC 8628, or of CIBA. memory.mu guards it.
type asked struct {
	grant              *grant
	person             *idptest.User // of CIBA, whom the request named
	notify             string        // the notification token of the ping mode
	interval, lifetime time.Duration
	end, next          time.Time
	decided, allowed   bool
	used               bool
}

func newAsked(interval, lifetime time.Duration) *asked {
	if interval == 0 {
		interval = defaultInterval
	}
	if lifetime == 0 {
		lifetime = defaultWait
	}
	return &asked{interval: interval, lifetime: lifetime}
}

// grantElsewhere is what the person will be asked to allow.
func (s *Server) grantElsewhere(r *http.Request, k credentials, scopes []string) (*grant, *failure) {
	wanted, failed := s.requestDetails(r, k.client)
	g := &grant{issuer: s.issuer(r), client: k.id, app: k.client, offline: s.OAuth, details: wanted}
	for _, scope := range scopes {
		g.offline = g.offline || scope == "offline_access"
	}
	g.scopes = scopes
	return g, failed
}

// writeAsked answers with what both kinds have in common (RFC 8628 §3.2, OpenID Connect CIBA Core §7.3).
func (s *Server) writeAsked(w http.ResponseWriter, a *asked, reply map[string]any) {
	reply["expires_in"], reply["interval"] = int(a.lifetime/time.Second), int(a.interval/time.Second)
	writeJSON(w, http.StatusOK, breakJSON(a.grant.app, MissingExpiry, reply, "expires_in", nil))
}

// keepAsked keeps it under both names; the second one may be empty. The codes are remembered for a while after the end, to
// say that they are expired.
func (m *memory) keepAsked(code, user string, a *asked, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a.end, a.next = now.Add(a.lifetime), now.Add(a.interval)
	until := a.end.Add(defaultWait)
	m.waiting.Put(code, a, until, now)
	if user != "" {
		m.shown.Put(user, a, a.end, now)
	}
}

// asked is the device login with that user code, nil when it is decided or too old.
func (m *memory) asked(user string, now time.Time) *asked {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.shown.Get(user, now)
	if !ok || a.decided {
		return nil
	}
	return a
}

// decide keeps the first decision; no user is a refusal.
func (m *memory) decide(a *asked, user *idptest.User, at time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if a.decided {
		return false
	}
	a.decided, a.allowed = true, user != nil
	a.grant.user, a.grant.login, a.grant.authTime = user, at, at
	return true
}

// poll answers a poll (RFC 8628 §3.5, OpenID Connect CIBA Core §11).
func (m *memory) poll(code, client string, now time.Time) (*grant, *failure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.waiting.Get(code, now)
	early := ok && now.Before(a.next) && !(a.notify != "" && a.decided)
	wait := func(code, description string) *failure { return &failure{http.StatusBadRequest, code, description} }
	switch {
	case !ok || a.grant.client != client || a.used:
		return nil, invalidGrant("the code is unknown or was used")
	case !now.Before(a.end):
		return nil, wait("expired_token", "the person did not decide in time")
	case early:
		a.interval += slowDown
		a.next = now.Add(a.interval)
		return nil, wait("slow_down", "polls come too often")
	case !a.decided:
		a.next = now.Add(a.interval)
		return nil, wait("authorization_pending", "the person has not decided yet")
	}
	a.used = true
	if !a.allowed {
		return nil, wait("access_denied", "the person refused")
	}
	return a.grant, nil
}

// exchangeAsked is the grant of both kinds (RFC 8628 §3.4, OpenID Connect CIBA Core §10.1); name is the parameter.
func (s *Server) exchangeAsked(w http.ResponseWriter, r *http.Request, name string) (map[string]any, *failure) {
	k, failed := s.authenticate(r, s.TokenAuth)
	if failed != nil {
		return nil, failed
	}
	code := r.PostForm.Get(name)
	if code == "" {
		return nil, invalidRequest("missing required parameter '" + name + "'")
	}
	if failed := breakPoll(w, k.client); failed != nil {
		return nil, failed
	}
	g, failed := s.memory.poll(code, k.id, s.realm.Time())
	if failed != nil {
		return nil, failed
	}
	var refresh *token
	if g.offline {
		refresh = s.issueRefresh(g)
	}
	return s.tokens(r, g, g.scopes, "", refresh)
}

// waits are the durations of the fields.
func (s *Server) waits() (all []time.Duration) {
	if d := s.Device; d != nil {
		all = append(all, d.Interval, d.Lifetime)
	}
	if c := s.CIBA; c != nil {
		all = append(all, c.Interval, c.Lifetime)
	}
	return all
}
