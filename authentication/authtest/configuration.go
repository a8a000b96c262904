package authtest

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.ready.Do(func() {
		s.realm = &idptest.Realm{
			Users: s.Users, AppName: s.AppName, BaseURL: s.BaseURL, HTTPClient: s.HTTPClient, Now: s.Now,
			Profile: profile, Scopes: ownScopes(),
		}
		s.realm.RegisterFaults(slices.Concat(oidcFaults(), samlFaults())...)
		s.cas = s.newCAS()
		s.keys = make(map[string]*idptest.KeyRing)
		for _, alg := range s.keyAlgs() {
			s.keys[alg] = s.newKeyRing(alg)
		}
		s.samlKeys = &idptest.KeyRing{}
		if s.SAMLKey != nil {
			s.samlKeys.First = s.SAMLKey
		}
		if problem := s.problem(); problem != "" {
			s.realm.Reject(problem)
		}
	})
}

// problem says what is wrong with the fields; empty is nothing.
func (s *Server) problem() string {
	if !knownAlg(s.idTokenAlg()) {
		return "unknown IDTokenSigningAlg"
	}
	for _, method := range []string{s.TokenAuth, s.IntrospectionAuth, s.RevocationAuth} {
		switch method {
		case "", authPost, authBasic, authNone:
		default:
			return "unknown client authentication method"
		}
	}
	return s.samlProblem()
}
