package castest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// login serves /login (CAS §2.1). The parameter warn is ignored.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	service := query.Get("service")
	if len(query["service"]) > 1 || service != "" && !allowed(s.Services, service) {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_service", "The service is not registered for this application.")
		return
	}
	back := func(w http.ResponseWriter, r *http.Request, who *idptest.Login) {
		s.sendTicket(w, r, service, query.Get("method"), who)
	}
	current := s.realm.Session(r)
	// With both set, renew wins (CAS §2.1.1).
	renew := asked(query["renew"])
	switch {
	case current != nil && !renew:
		back(w, r, current)
	case asked(query["gateway"]) && !renew && service != "":
		idptest.SendTo(w, r, service)
	default:
		s.realm.Begin(w, r, idptest.Interaction{Done: back})
	}
}

// sendTicket sends the browser to the service with a new ticket (CAS §2.2.4), by a form when method is POST.
func (s *Server) sendTicket(w http.ResponseWriter, r *http.Request, service, method string, who *idptest.Login) {
	if service == "" {
		s.realm.MessagePage(w, "Signed in", "You are signed in as "+who.User.Name()+".")
		return
	}
	value := s.issue("ST-", &ticket{service: service, login: *who})
	if s.realm.Broken(UnknownTicket) {
		value = "ST-" + idptest.Opaque()
	}
	reply := idptest.Pairs("ticket", value)
	if s.realm.Broken(idptest.RepeatedParameter) {
		reply = append(reply, reply...)
	}
	if method == "POST" && !s.realm.Broken(LostMethod) || s.realm.Broken(UnaskedPost) {
		s.realm.PostPage(w, "Signing you in", "reply", service, reply)
		return
	}
	idptest.SendTo(w, r, withQuery(service, reply.Encode()))
}
