package authtest

import "net/http"

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.prepare()
	s.mounted.Do(func() { s.handler = s.realm.Handler(s) })
	s.handler.ServeHTTP(w, r)
}

// Mount adds every path of the server to mux, but not the pages on which people log in: ServeHTTP has both.
func (s *Server) Mount(mux *http.ServeMux) {
	s.prepare()
	mux.HandleFunc("GET /{$}", s.home)
	s.oidc.Mount(mux)
	s.oauth.Mount(mux)
	mux.HandleFunc("GET /api/v2/oidc/validate_token", s.realm.BackChannel(s.validateToken))
	mux.HandleFunc("GET /login/profile/logout", s.frontLogout)
	s.mountCAS(mux)
	s.mountSAML(mux)
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	s.realm.MessagePage(w, "It works", "This is a fake identity server for tests and examples. Its issuer is "+s.realm.Base(r)+s.oidc.Path+".")
}
