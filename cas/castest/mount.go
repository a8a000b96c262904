package castest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Mount adds the paths of the server to mux (CAS §2). Without Path, its home page is at "/". The pages on which people log
// in are the Realm's: Realm.Handler has both.
func (s *Server) Mount(mux *http.ServeMux) {
	s.prepare()
	switch {
	case s.Path == "":
		mux.HandleFunc("GET /{$}", s.home)
	case !idptest.CleanPath(s.Path):
		return // the realm answers 500
	}
	mux.HandleFunc("GET "+s.Path+"/login", s.login)
	mux.HandleFunc("GET "+s.Path+"/logout", s.logout)
	mux.HandleFunc("GET "+s.Path+"/validate", s.realm.BackChannel(s.validate))
	for path, v := range map[string]validation{
		"/serviceValidate": {}, "/proxyValidate": {proxy: true},
		"/p3/serviceValidate": {v3: true}, "/p3/proxyValidate": {v3: true, proxy: true},
	} {
		mux.HandleFunc("GET "+s.Path+path, s.realm.BackChannel(s.serviceValidate(v)))
	}
	mux.HandleFunc("GET "+s.Path+"/proxy", s.realm.BackChannel(s.proxy))
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	s.realm.MessagePage(w, "It works", "This is a fake CAS server for tests and examples. Its address is "+s.realm.Base(r)+".")
}
