package castest

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// issue keeps t under a new value, and makes the service a member of the person's session, which is told of its end
// (CAS §2.3.3).
func (s *Server) issue(prefix string, t *ticket) string {
	value := prefix + idptest.Opaque()
	if s.realm.Broken(LongTicket) {
		value += strings.Repeat("x", 1_200)
	}
	now := s.realm.Time()
	s.mu.Lock()
	s.tickets.Put(value, t, now.Add(ticketLifetime), now)
	s.mu.Unlock()
	t.login.Join(&visit{realm: s.realm, channel: s.SingleLogout, service: t.service, ticket: value, browser: len(t.proxies) == 0})
	return value
}
