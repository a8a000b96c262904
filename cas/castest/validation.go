package castest

import (
	"net/http"
	"slices"
)

// validation is one of the four endpoints that validate by service response.
type validation struct {
	v3    bool // CAS 3.0
	proxy bool // takes proxy tickets too
}

// use validates a ticket and uses it up, whatever the outcome (CAS §3.1.1).
func (s *Server) use(r *http.Request, takesProxies bool) (*ticket, failure) {
	query := r.URL.Query()
	value, service := query.Get("ticket"), query.Get("service")
	if value == "" || service == "" || len(query["ticket"]) > 1 || len(query["service"]) > 1 {
		return nil, invalidRequest("'ticket' and 'service' parameters are both required")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tickets.Get(value, s.realm.Time())
	if !ok || t.used && !s.realm.Broken(ReusableTicket) {
		return nil, invalidTicket
	}
	t.used = true
	switch {
	case len(t.proxies) > 0 && !takesProxies:
		return nil, failure{"INVALID_TICKET_SPEC", "a proxy ticket was passed where only service tickets are validated"}
	case t.service != service && !s.realm.Broken(AnyService):
		return nil, failure{"INVALID_SERVICE", "the ticket was issued for another service"}
	case asked(query["renew"]) && !t.login.Fresh && !s.realm.Broken(RenewIgnored):
		return nil, invalidTicket
	}
	return t, failure{}
}

// asked says whether a flag is set: any value sets it, except false.
func asked(values []string) bool {
	return len(values) > 0 && !slices.Contains(values, "false")
}
