package authtest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// ticketLifetime is the most the CAS protocol recommends: five minutes (CAS §3.1.1).
const ticketLifetime = 5 * time.Minute

// ticket is a service ticket.
type ticket struct {
	service string
	login   login
	used    bool
}

func casValidation(path string) bool {
	return strings.HasPrefix(path, "/cas-idp/") && (strings.HasSuffix(path, "/validate") || strings.HasSuffix(path, "/serviceValidate"))
}

// casLogin serves /cas-idp/{appId}/login (CAS §2.1), also without /login as
// Authing's SDKs write it.
func (s *Server) casLogin(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("app") != s.appID() {
		s.errorPage(w, http.StatusNotFound, "invalid_client", "There is no CAS application with this ID.")
		return
	}
	query := r.URL.Query()
	service := query.Get("service")
	if len(query["service"]) > 1 || service != "" && !serviceAllowed(s.RedirectURIs, service) {
		s.errorPage(w, http.StatusBadRequest, "invalid_service", "The service is not registered for this application.")
		return
	}
	back := func(w http.ResponseWriter, r *http.Request, who *login) {
		s.sendTicket(w, r, service, query.Get("method"), who)
	}
	current := s.session(r)
	// With both set, renew wins (CAS §2.1.1).
	renew := asked(query["renew"])
	switch {
	case current != nil && !renew:
		back(w, r, current)
	case asked(query["gateway"]) && !renew && service != "":
		redirect(w, r, service)
	default:
		s.begin(w, r, &interaction{done: back})
	}
}

// asked says whether a flag is set: any value does, for it is the presence that
// counts; false is taken at its word.
func asked(values []string) bool {
	return len(values) > 0 && !slices.Contains(values, "false")
}

// sendTicket sends the browser to the service with a new ticket (CAS §2.2.4),
// by a form when method is POST.
func (s *Server) sendTicket(w http.ResponseWriter, r *http.Request, service, method string, who *login) {
	if service == "" {
		s.messagePage(w, "Signed in", "You are signed in as "+who.user.name()+".")
		return
	}
	value := "ST-" + opaque()
	now := s.now()
	s.mu.Lock()
	s.memory.tickets.put(value, &ticket{service: service, login: *who}, now.Add(ticketLifetime), now)
	s.mu.Unlock()
	reply := []parameter{{"ticket", value}}
	if method == "POST" {
		s.postPage(w, service, reply)
		return
	}
	redirect(w, r, addTicket(service, encodeReply(reply)))
}

// addTicket keeps the ticket out of the service's fragment.
func addTicket(service, query string) string {
	bare, fragment, found := strings.Cut(service, "#")
	if found {
		fragment = "#" + fragment
	}
	return addQuery(bare, query) + fragment
}

// casFailure is why a validation failed (CAS §2.5.3); an empty code is success.
type casFailure struct{ code, description string }

// useTicket validates a ticket and uses it up, whatever comes of it (CAS §2.5.1).
func (s *Server) useTicket(r *http.Request) (*login, casFailure) {
	query := r.URL.Query()
	value, service := query.Get("ticket"), query.Get("service")
	if value == "" || service == "" || len(query["ticket"]) > 1 || len(query["service"]) > 1 {
		return nil, casFailure{"INVALID_REQUEST", "ticket 和 service 均为必填"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.memory.tickets.get(value, s.now())
	invalid := casFailure{"INVALID_TICKET", "Ticket 不合法"}
	if !ok || t.used || r.PathValue("app") != s.appID() {
		return nil, invalid
	}
	t.used = true
	switch {
	case t.service != service:
		return nil, casFailure{"INVALID_SERVICE", "Ticket 与 service 不匹配"}
	case asked(query["renew"]) && !t.login.fresh:
		return nil, invalid
	}
	return &t.login, casFailure{}
}

// casLogout serves the CAS logout (CAS §2.3), with service as the page has it
// and url as Authing's SDKs send it.
func (s *Server) casLogout(w http.ResponseWriter, r *http.Request) {
	if app := r.PathValue("app"); app != "" && app != s.appID() {
		s.errorPage(w, http.StatusNotFound, "invalid_client", "There is no CAS application with this ID.")
		return
	}
	query := r.URL.Query()
	to := either(query.Get("service"), query.Get("url"))
	if to != "" && !serviceAllowed(s.LogoutURIs, to) {
		s.errorPage(w, http.StatusBadRequest, "misconfiguration", "The service is not registered as a logout address of this application.")
		return
	}
	s.leave(w, r, to)
}
