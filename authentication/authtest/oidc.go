package authtest

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// newOIDC is the server of OpenID Connect at /oidc.
func (s *Server) newOIDC() *oidctest.Server {
	server := s.newTokenServer()
	server.Path, server.IDTokenSigningAlg, server.SigningKey = "/oidc", either(s.IDTokenSigningAlg, "HS256"), s.SigningKey
	server.IDTokenEncryptionAlg, server.IDTokenEncryptionEnc, server.JWKS = s.IDTokenEncryptionAlg, s.IDTokenEncryptionEnc, s.JWKS
	server.PlainAccessTokens = true // Authing's page shows typ JWT, and neither client_id nor auth_time
	server.PasswordNames = []string{"username", "email", "phone"}
	return server
}

// newOAuth is the server of OAuth 2.0 at /oauth. Its tokens say that they are good for a second less than an hour.
func (s *Server) newOAuth() *oidctest.Server {
	server := s.newTokenServer()
	server.Path, server.OAuth, server.Scopes, server.ExpiresIn = "/oauth", true, []string{"user"}, 3599*time.Second
	return server
}

// newTokenServer is what both have in common. Their client_credentials are those of the programming access account.
func (s *Server) newTokenServer() *oidctest.Server {
	server := &oidctest.Server{
		Realm: s.realm, ClientID: s.appID(), ClientSecret: either(s.Secret, Secret), RedirectURIs: s.RedirectURIs, LogoutURIs: s.LogoutURIs,
		Machine:   &oidctest.Machine{ID: either(s.AccessKey, AccessKey), Secret: either(s.SecretKey, SecretKey), Scopes: s.MachineScopes},
		TokenAuth: s.TokenAuth, IntrospectionAuth: s.IntrospectionAuth, RevocationAuth: s.RevocationAuth,
		AllowPublic: s.AllowPublic, SendIssuer: s.SendIssuer,
	}
	if len(server.Machine.Scopes) == 0 {
		server.Machine.Scopes = []string{"openid", "profile", "email", "phone", "address", "user", "orders:read", "orders:write"}
	}
	if s.TokenAuth == "client_secret_basic" {
		// Authing's page of the password grant prints the credentials in the body, whatever method was chosen.
		server.PasswordAuth = "client_secret_post"
	}
	return server
}
