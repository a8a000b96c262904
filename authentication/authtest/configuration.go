package authtest

import (
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.ready.Do(func() {
		s.realm = &idptest.Realm{
			Users: s.Users, AppName: s.AppName, BaseURL: s.BaseURL, HTTPClient: s.HTTPClient, Now: s.Now,
			Profile: profile, Scopes: ownScopes(),
		}
		s.realm.RegisterFaults(samlFaults()...)
		s.cas = s.newCAS()
		s.oidc, s.oauth = s.tokenServers()
		s.samlKeys = &idptest.KeyRing{}
		if s.SAMLKey != nil {
			s.samlKeys.First = s.SAMLKey
		}
		if problem := s.samlProblem(); problem != "" {
			s.realm.Reject(problem)
		}
	})
}
