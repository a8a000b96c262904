package samltest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Mount adds the paths of the server to mux. The pages on which people log in are the Realm's: Realm.Handler has both.
func (s *Server) Mount(mux *http.ServeMux) {
	s.prepare()
	if s.Path == "" {
		mux.HandleFunc("GET /{$}", s.home)
	}
	taken := map[string]bool{}
	serve := func(at string, handler http.HandlerFunc, methods ...string) {
		if !idptest.CleanPath(at) || taken[at] {
			return // http.ServeMux would panic; the realm says what is wrong
		}
		taken[at] = true
		for _, method := range methods {
			mux.HandleFunc(method+" "+at, handler)
		}
	}
	for i := range s.apps {
		a := &s.apps[i]
		serve(a.metadataPath(s.Path), s.metadata(a), http.MethodGet)
		serve(a.ssoPath(s.Path), s.login(a), http.MethodGet, http.MethodPost)
		if !s.NoLogout {
			serve(a.sloPath(s.Path), s.logout(a), http.MethodGet, http.MethodPost)
		}
		if s.Artifacts {
			serve(a.artifactPath(s.Path), s.resolve(a), http.MethodPost)
		}
	}
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	at := s.realm.Base(r) + s.apps[0].metadataPath(s.Path)
	s.realm.MessagePage(w, "It works", "This is a fake SAML identity provider for tests and examples. Its metadata is at "+at+".")
}
