package authtest

import "github.com/seed6e7d3bb2/authing-go/authentication/idptest"

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.ready.Do(func() {
		s.realm = &idptest.Realm{
			Users: s.Users, AppName: s.AppName, BaseURL: s.BaseURL, HTTPClient: s.HTTPClient, Now: s.Now,
			Profile: profile, Scopes: ownScopes(),
		}
		s.oidc, s.oauth, s.cas, s.saml = s.newOIDC(), s.newOAuth(), s.newCAS(), s.newSAML()
	})
}
