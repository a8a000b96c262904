package authtest

import "net/http"

// protocol is one of the two token protocols; it is also the first element of its paths.
type protocol string

const (
	oidc  protocol = "oidc"
	oauth protocol = "oauth"
)

// Mount adds every path of the server to mux.
func (s *Server) Mount(mux *http.ServeMux) {
	s.prepare()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /oidc/.well-known/openid-configuration", s.discovery)
	mux.HandleFunc("GET /oidc/.well-known/jwks.json", s.jwks)
	for _, p := range []protocol{oidc, oauth} {
		at := "/" + string(p)
		mux.HandleFunc("GET "+at+"/auth", s.authorize(p))
		mux.HandleFunc("POST "+at+"/auth", s.authorize(p))
		mux.HandleFunc("POST "+at+"/token", s.realm.BackChannel(s.token(p)))
		mux.HandleFunc("POST "+at+"/token/introspection", s.realm.BackChannel(s.introspect(p)))
		mux.HandleFunc("POST "+at+"/token/revocation", s.realm.BackChannel(s.revoke(p)))
		mux.HandleFunc("GET "+at+"/me", s.realm.BackChannel(s.userInfo(p)))
		mux.HandleFunc("POST "+at+"/me", s.realm.BackChannel(s.userInfo(p)))
	}
	mux.HandleFunc("GET /api/v2/oidc/validate_token", s.realm.BackChannel(s.validateToken))
	mux.HandleFunc("GET /oidc/session/end", s.endSession)
	mux.HandleFunc("POST /oidc/session/end", s.endSession)
	mux.HandleFunc("GET /login/profile/logout", s.frontLogout)
	s.casRoutes(mux)
	s.samlRoutes(mux)
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	s.realm.MessagePage(w, "It works", "This is a fake identity server for tests and examples. Its issuer is "+s.issuer(r, oidc)+".")
}
