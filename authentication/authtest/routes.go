package authtest

import "net/http"

// protocol is one of the two token protocols; it is also the first element of its paths.
type protocol string

const (
	oidc  protocol = "oidc"
	oauth protocol = "oauth"
)

// routes is every path the server knows.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /oidc/.well-known/openid-configuration", s.discovery)
	mux.HandleFunc("GET /oidc/.well-known/jwks.json", s.jwks)
	for _, p := range []protocol{oidc, oauth} {
		at := "/" + string(p)
		mux.HandleFunc("GET "+at+"/auth", s.authorize(p))
		mux.HandleFunc("POST "+at+"/auth", s.authorize(p))
		mux.HandleFunc("POST "+at+"/token", s.token(p))
		mux.HandleFunc("POST "+at+"/token/introspection", s.introspect(p))
		mux.HandleFunc("POST "+at+"/token/revocation", s.revoke(p))
		mux.HandleFunc("GET "+at+"/me", s.userInfo(p))
		mux.HandleFunc("POST "+at+"/me", s.userInfo(p))
	}
	mux.HandleFunc("GET /interaction/{id}", s.showInteraction)
	mux.HandleFunc("POST /interaction/{id}", s.answerInteraction)
	mux.HandleFunc("GET /api/v2/oidc/validate_token", s.validateToken)
	mux.HandleFunc("GET /oidc/session/end", s.endSession)
	mux.HandleFunc("POST /oidc/session/end", s.endSession)
	mux.HandleFunc("GET /login/profile/logout", s.frontLogout)
	s.casRoutes(mux)
	s.samlRoutes(mux)
	return mux
}

// backChannel are the calls that an application makes itself, without a browser:
// those a fault without At strikes.
func backChannel(path string) bool {
	switch path {
	case "/oidc/token", "/oidc/token/introspection", "/oidc/token/revocation", "/oidc/me",
		"/oauth/token", "/oauth/token/introspection", "/oauth/token/revocation", "/oauth/me",
		"/api/v2/oidc/validate_token":
		return true
	}
	return casCall(path)
}
