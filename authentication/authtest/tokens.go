package authtest

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// tokenServers are Authing's two token servers: /oidc and /oauth.
func (s *Server) tokenServers() (oidc, oauth *oidctest.Server) {
	common := func() *oidctest.Server {
		server := &oidctest.Server{
			Realm: s.realm, ClientID: s.appID(), ClientSecret: s.secret(), RedirectURIs: s.RedirectURIs, LogoutURIs: s.LogoutURIs,
			Machine:   &oidctest.Machine{ID: s.accessKey(), Secret: s.secretKey(), Scopes: s.machineScopes()},
			TokenAuth: s.TokenAuth, IntrospectionAuth: s.IntrospectionAuth, RevocationAuth: s.RevocationAuth,
			AllowPublic: s.AllowPublic, SendIssuer: s.SendIssuer,
		}
		if s.TokenAuth == "client_secret_basic" {
			// Authing's page of the password grant prints the credentials in the body, whatever method was chosen.
			server.PasswordAuth = "client_secret_post"
		}
		return server
	}
	oidc = common()
	oidc.Path, oidc.IDTokenSigningAlg, oidc.SigningKey = "/oidc", either(s.IDTokenSigningAlg, "HS256"), s.SigningKey
	oidc.PasswordNames = []string{"username", "email", "phone"}
	oauth = common()
	oauth.Path, oauth.OAuth, oauth.Scopes, oauth.ExpiresIn = "/oauth", true, []string{"user"}, 3599*time.Second
	return oidc, oauth
}
