package authtest

import (
	"net/http"
	"slices"
	"strings"
)

// casRoutes mounts CAS twice: where Authing has it, and at /cas as other servers do.
func (s *Server) casRoutes(mux *http.ServeMux) {
	for _, at := range []string{"/cas-idp/{app}", "/cas"} {
		mux.HandleFunc("GET "+at+"/login", s.casLogin)
		mux.HandleFunc("GET "+at+"/logout", s.casLogout)
		mux.HandleFunc("GET "+at+"/validate", s.casValidate)
		for _, v := range []validation{
			{path: "/serviceValidate"}, {path: "/proxyValidate", proxy: true},
			{path: "/p3/serviceValidate", p3: true}, {path: "/p3/proxyValidate", p3: true, proxy: true},
		} {
			mux.HandleFunc("GET "+at+v.path, s.casServiceValidate(v))
		}
		mux.HandleFunc("GET "+at+"/proxy", s.casProxy)
	}
	mux.HandleFunc("GET /cas-idp/{app}", s.casLogin)
	mux.HandleFunc("GET /cas-idp/logout", s.casLogout)
}

// casCall says whether an application calls this path itself, without a browser.
func casCall(path string) bool {
	if !strings.HasPrefix(path, "/cas-idp/") && !strings.HasPrefix(path, "/cas/") {
		return false
	}
	last := path[strings.LastIndexByte(path, '/')+1:]
	return slices.Contains([]string{"validate", "serviceValidate", "proxyValidate", "proxy"}, last)
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
	value := s.issueTicket("ST-", &ticket{service: service, login: *who})
	if s.broken(UnknownTicket) {
		value = "ST-" + opaque()
	}
	reply := []parameter{{"ticket", value}}
	if s.broken(RepeatedParameter) {
		reply = append(reply, reply...)
	}
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

// casLogout serves the CAS logout (CAS §2.3), with service as the page has it
// and url as Authing's SDKs send it.
func (s *Server) casLogout(w http.ResponseWriter, r *http.Request) {
	if !s.casApp(r) {
		s.errorPage(w, http.StatusNotFound, "invalid_client", "There is no CAS application with this ID.")
		return
	}
	query := r.URL.Query()
	to := query.Get("service")
	if strings.HasPrefix(r.URL.Path, "/cas-idp/") {
		to = either(to, query.Get("url")) // CAS 3.0 ignores it (CAS §2.3.1)
	}
	if to != "" && !serviceAllowed(s.LogoutURIs, to) {
		s.errorPage(w, http.StatusBadRequest, "misconfiguration", "The service is not registered as a logout address of this application.")
		return
	}
	s.leave(w, r, to)
}
