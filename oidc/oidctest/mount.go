package oidctest

import "net/http"

// Mount adds every path of the server to mux. The pages on which people log in are the Realm's: Realm.Handler has both.
func (s *Server) Mount(mux *http.ServeMux) {
	s.prepare()
	if s.problem() != "" {
		return // the Realm says so, where a ServeMux might panic
	}
	browser := func(path string, handler http.HandlerFunc) {
		mux.HandleFunc("GET "+s.Path+path, handler)
		mux.HandleFunc("POST "+s.Path+path, handler)
	}
	if s.Path == "" {
		mux.HandleFunc("GET /{$}", s.home)
	}
	browser("/auth", s.authorize)
	mux.HandleFunc("POST "+s.Path+"/par", s.realm.BackChannel(s.push))
	mux.HandleFunc("POST "+s.Path+"/token", s.realm.BackChannel(s.exchange))
	mux.HandleFunc("POST "+s.Path+"/token/introspection", s.realm.BackChannel(s.introspect))
	mux.HandleFunc("POST "+s.Path+"/token/revocation", s.realm.BackChannel(s.revoke))
	if s.Device != nil {
		mux.HandleFunc("POST "+s.Path+"/device/auth", s.realm.BackChannel(s.beginDevice))
		browser("/device", s.verifyDevice)
	}
	if s.CIBA != nil {
		mux.HandleFunc("POST "+s.Path+"/backchannel", s.realm.BackChannel(s.beginCIBA))
	}
	if s.Registration != nil {
		mux.HandleFunc("POST "+s.Path+"/reg", s.realm.BackChannel(s.register))
		for _, method := range []string{"GET ", "PUT ", "DELETE "} {
			mux.HandleFunc(method+s.Path+"/reg/{id}", s.realm.BackChannel(s.configure))
		}
	}
	mux.HandleFunc("GET "+s.Path+"/me", s.realm.BackChannel(s.userInfo))
	mux.HandleFunc("POST "+s.Path+"/me", s.realm.BackChannel(s.userInfo))
	mux.HandleFunc("GET /.well-known/oauth-authorization-server"+s.Path, s.oauthDocument)
	if s.OAuth {
		return
	}
	mux.HandleFunc("GET "+s.Path+"/.well-known/openid-configuration", s.openIDDocument)
	if s.Path == "" {
		mux.HandleFunc("GET /.well-known/webfinger", s.webFinger)
	}
	mux.HandleFunc("GET "+s.Path+"/.well-known/jwks.json", s.jwks)
	mux.HandleFunc("GET "+s.Path+claimsPath+"/jwks.json", s.partyJWKS)
	mux.HandleFunc("GET "+s.Path+claimsPath+"/endpoint", s.realm.BackChannel(s.distribute))
	browser("/session/end", s.endSession)
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	s.realm.MessagePage(w, "It works", "This is a fake identity server for tests and examples. Its issuer is "+s.issuer(r)+".")
}
