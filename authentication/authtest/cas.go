package authtest

import (
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// casPath is where CAS is by its own paths, as with other servers.
const casPath = "/cas"

// newCAS is a CAS server with Authing's manners: attributes in CAS 2.0 too, and failures in Chinese.
func (s *Server) newCAS() *castest.Server {
	return &castest.Server{
		Realm: s.realm, Path: casPath,
		Services: s.RedirectURIs, LogoutServices: s.LogoutURIs, ProxyCallbacks: s.ProxyCallbacks,
		Scopes:     []string{"profile", "email", "phone", "address", "unionid", "external_id"},
		Attributes: s.CASAttributes, AttributesInV2: true, Describe: casDescription, SingleLogout: s.SingleLogout,
	}
}

// casDescription is Authing's text of a failure. Its page prints that of INVALID_TICKET alone.
func casDescription(code, text string) string {
	switch text {
	case "'ticket' and 'service' parameters are both required":
		return "ticket 和 service 均为必填"
	case "'format' must be XML or JSON":
		return "format 只能为 XML 或 JSON"
	}
	switch code {
	case "INVALID_TICKET":
		return "Ticket 不合法"
	case "INVALID_SERVICE":
		return "Ticket 与 service 不匹配"
	}
	return text
}

// mountCAS mounts CAS twice: at /cas, and where Authing has it, at /cas-idp/{app}. Both have one memory of tickets.
func (s *Server) mountCAS(mux *http.ServeMux) {
	s.cas.Mount(mux)
	own, unknown := http.NewServeMux(), s.unknownCAS()
	s.cas.Mount(own)
	serve := func(endpoint func(*http.Request) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			server := own
			if app := r.PathValue("app"); app != "" && app != s.appID() {
				server = unknown
			}
			server.ServeHTTP(w, casRequest(r, endpoint(r)))
		}
	}
	mux.HandleFunc("/cas-idp/{app}/{endpoint...}", serve(func(r *http.Request) string { return r.PathValue("endpoint") }))
	// Authing's SDKs leave the endpoint of a login out, and the application of a logout.
	mux.HandleFunc("/cas-idp/{app}", serve(func(*http.Request) string { return "login" }))
	mux.HandleFunc("/cas-idp/logout", serve(func(*http.Request) string { return "logout" }))
}

// unknownCAS answers in place of an application that does not exist: it has no pages, and knows no ticket.
func (s *Server) unknownCAS() *http.ServeMux {
	noPage := func(w http.ResponseWriter, _ *http.Request) {
		s.realm.ErrorPage(w, http.StatusNotFound, "invalid_client", "There is no CAS application with this ID.")
	}
	server, mux := http.NewServeMux(), http.NewServeMux()
	s.newCAS().Mount(server)
	mux.HandleFunc("GET "+casPath+"/login", noPage)
	mux.HandleFunc("GET "+casPath+"/logout", noPage)
	mux.Handle("/", server)
	return mux
}

// casRequest is the request for an endpoint below /cas. Authing's SDKs send url at logout, which CAS 3.0 ignores
// (CAS §2.3.1): it becomes service.
func casRequest(r *http.Request, endpoint string) *http.Request {
	copied := r.Clone(r.Context())
	copied.URL.Path, copied.URL.RawPath = casPath+"/"+endpoint, ""
	if query := r.URL.Query(); endpoint == "logout" && query.Get("service") == "" && query.Has("url") {
		copied.URL.RawQuery = url.Values{"service": {query.Get("url")}}.Encode()
	}
	return copied
}
