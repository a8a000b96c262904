package authtest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// casRoutes mounts CAS twice: where Authing has it, and at /cas as other servers do.
func (s *Server) casRoutes(mux *http.ServeMux) {
	for _, at := range []string{"/cas-idp/{app}", "/cas"} {
		mux.HandleFunc("GET "+at+"/login", s.casLogin)
		mux.HandleFunc("GET "+at+"/logout", s.casLogout)
		mux.HandleFunc("GET "+at+"/validate", s.realm.BackChannel(s.casValidate))
		for _, v := range []validation{
			{path: "/serviceValidate"}, {path: "/proxyValidate", proxy: true},
			{path: "/p3/serviceValidate", p3: true}, {path: "/p3/proxyValidate", p3: true, proxy: true},
		} {
			mux.HandleFunc("GET "+at+v.path, s.realm.BackChannel(s.casServiceValidate(v)))
		}
		mux.HandleFunc("GET "+at+"/proxy", s.realm.BackChannel(s.casProxy))
	}
	mux.HandleFunc("GET /cas-idp/{app}", s.casLogin)
	mux.HandleFunc("GET /cas-idp/logout", s.casLogout)
}

// casApp says whether the path names the application, or none as those of /cas do.
func (s *Server) casApp(r *http.Request) bool {
	app := r.PathValue("app")
	return app == "" || app == s.appID()
}

// casLogin serves the login page (CAS §2.1), also without /login as Authing's
// SDKs write it. The parameter warn is ignored.
func (s *Server) casLogin(w http.ResponseWriter, r *http.Request) {
	if !s.casApp(r) {
		s.realm.ErrorPage(w, http.StatusNotFound, "invalid_client", "There is no CAS application with this ID.")
		return
	}
	query := r.URL.Query()
	service := query.Get("service")
	if len(query["service"]) > 1 || service != "" && !serviceAllowed(s.RedirectURIs, service) {
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

// asked says whether a flag is set: any value does, for it is the presence that
// counts; false is taken at its word.
func asked(values []string) bool {
	return len(values) > 0 && !slices.Contains(values, "false")
}

// sendTicket sends the browser to the service with a new ticket (CAS §2.2.4),
// by a form when method is POST.
func (s *Server) sendTicket(w http.ResponseWriter, r *http.Request, service, method string, who *idptest.Login) {
	if service == "" {
		s.realm.MessagePage(w, "Signed in", "You are signed in as "+who.User.Name()+".")
		return
	}
	value := s.issueTicket("ST-", &ticket{service: service, login: *who})
	if s.realm.Broken(UnknownTicket) {
		value = "ST-" + idptest.Opaque()
	}
	reply := idptest.Pairs("ticket", value)
	if s.realm.Broken(idptest.RepeatedParameter) {
		reply = append(reply, reply...)
	}
	if method == "POST" {
		s.realm.PostPage(w, "Signing you in", "reply", service, reply)
		return
	}
	idptest.SendTo(w, r, addTicket(service, reply.Encode()))
}

// addTicket keeps the ticket out of the service's fragment.
func addTicket(service, query string) string {
	bare, fragment, found := strings.Cut(service, "#")
	if found {
		fragment = "#" + fragment
	}
	return idptest.AddQuery(bare, query) + fragment
}

// casLogout serves the CAS logout (CAS §2.3), with service as the page has it
// and url as Authing's SDKs send it.
func (s *Server) casLogout(w http.ResponseWriter, r *http.Request) {
	if !s.casApp(r) {
		s.realm.ErrorPage(w, http.StatusNotFound, "invalid_client", "There is no CAS application with this ID.")
		return
	}
	query := r.URL.Query()
	to := query.Get("service")
	if strings.HasPrefix(r.URL.Path, "/cas-idp/") {
		to = either(to, query.Get("url")) // CAS 3.0 ignores it (CAS §2.3.1)
	}
	if to != "" && !serviceAllowed(s.LogoutURIs, to) {
		s.realm.ErrorPage(w, http.StatusBadRequest, "misconfiguration", "The service is not registered as a logout address of this application.")
		return
	}
	s.realm.Leave(w, r, to)
}
