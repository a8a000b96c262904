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

// casRoutes mounts CAS twice: at /cas, and where Authing has it, at /cas-idp/{app}. Both have one memory of tickets.
func (s *Server) casRoutes(mux *http.ServeMux) {
	s.cas.Mount(mux)
	own, stranger := http.NewServeMux(), http.NewServeMux()
	s.cas.Mount(own)
	s.newCAS().Mount(stranger) // it knows no ticket
	serve := func(endpoint func(*http.Request) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			to, cas := endpoint(r), own
			if app := r.PathValue("app"); app != "" && app != s.appID() {
				if to == "login" || to == "logout" {
					s.realm.ErrorPage(w, http.StatusNotFound, "invalid_client", "There is no CAS application with this ID.")
					return
				}
				cas = stranger
			}
			cas.ServeHTTP(w, casRequest(r, to))
		}
	}
	mux.HandleFunc("/cas-idp/{app}/{endpoint...}", serve(func(r *http.Request) string { return r.PathValue("endpoint") }))
	// Authing's SDKs write these.
	mux.HandleFunc("GET /cas-idp/{app}", serve(func(*http.Request) string { return "login" }))
	mux.HandleFunc("GET /cas-idp/logout", serve(func(*http.Request) string { return "logout" }))
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
