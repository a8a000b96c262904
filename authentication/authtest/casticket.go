package authtest

import (
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const (
	// ticketLifetime is the most the CAS protocol recommends: five minutes (CAS §3.1.1).
	ticketLifetime = 5 * time.Minute
	// pgtLifetime is how long a proxy-granting ticket works, unless its person leaves before (CAS §3.3).
	pgtLifetime = 2 * time.Hour
)

// ticket is a service ticket or, when it came through proxies, a proxy ticket.
type ticket struct {
	service string
	login   idptest.Login
	proxies []string // the callback addresses of the proxies, the latest first
	used    bool
}

// issueTicket keeps t under a new value, and remembers in the person's session
// who must hear of its end (CAS §2.3.3).
func (s *Server) issueTicket(prefix string, t *ticket) string {
	value := prefix + idptest.Opaque()
	now := s.realm.Time()
	s.mu.Lock()
	s.memory.tickets.Put(value, t, now.Add(ticketLifetime), now)
	s.mu.Unlock()
	t.login.Join(&visit{server: s, service: t.service, ticket: value, browser: len(t.proxies) == 0})
	return value
}

// validation is one of the four endpoints that validate by service response.
type validation struct {
	path  string
	p3    bool // CAS 3.0: with attributes
	proxy bool // takes proxy tickets too
}

// casFailure is why a validation failed (CAS §2.5.3); an empty code is success.
type casFailure struct{ code, description string }

// useTicket validates a ticket and uses it up, whatever comes of it (CAS §3.1.1).
func (s *Server) useTicket(r *http.Request, takesProxies bool) (*ticket, casFailure) {
	query := r.URL.Query()
	value, service := query.Get("ticket"), query.Get("service")
	if value == "" || service == "" || len(query["ticket"]) > 1 || len(query["service"]) > 1 {
		return nil, casFailure{"INVALID_REQUEST", "ticket 和 service 均为必填"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.memory.tickets.Get(value, s.realm.Time())
	invalid := casFailure{"INVALID_TICKET", "Ticket 不合法"}
	if !ok || t.used && !s.realm.Broken(ReusableTicket) || !s.casApp(r) {
		return nil, invalid
	}
	t.used = true
	switch {
	case len(t.proxies) > 0 && !takesProxies:
		return nil, casFailure{"INVALID_TICKET_SPEC", "a proxy ticket was passed where only service tickets are validated"}
	case t.service != service && !s.realm.Broken(AnyService):
		return nil, casFailure{"INVALID_SERVICE", "Ticket 与 service 不匹配"}
	case asked(query["renew"]) && !t.login.Fresh && !s.realm.Broken(RenewIgnored):
		return nil, invalid
	}
	return t, casFailure{}
}
