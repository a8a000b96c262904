package oidctest

import (
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.ready.Do(func() {
		s.realm = s.Realm
		if s.realm == nil {
			s.realm = &idptest.Realm{}
		}
		s.realm.RegisterFaults(s.faults()...)
		s.client = client{either(s.ClientID, ClientID), either(s.ClientSecret, ClientSecret), s.AllowPublic}
		s.signer = newSigner(s.realm, either(s.IDTokenSigningAlg, accessTokenAlg), s.client.secret, s.SigningKey)
		if problem := s.problem(); problem != "" {
			s.realm.Reject("oidctest: " + problem)
		}
	})
}

// problem says what is wrong with the fields; empty is nothing.
func (s *Server) problem() string {
	if !knownAlg(s.signer.idTokenAlg) {
		return "unknown IDTokenSigningAlg"
	}
	for _, method := range []string{s.TokenAuth, s.IntrospectionAuth, s.RevocationAuth, s.PasswordAuth} {
		if method != "" && !slices.Contains(authMethods(), method) {
			return "unknown client authentication method"
		}
	}
	for _, name := range s.PasswordNames {
		if !slices.Contains(accountNames(), name) {
			return "unknown name in PasswordNames"
		}
	}
	if s.Path != "" && !idptest.CleanPath(s.Path) {
		return "Path must begin with a slash and not end with one, and need no encoding"
	}
	if s.OAuth && s.IDTokenSigningAlg != "" {
		return "OAuth has no ID tokens, so IDTokenSigningAlg must be empty"
	}
	if m := s.Machine; m != nil && (m.ID == "" || m.Secret == "" || m.ID == s.client.id) {
		return "Machine needs an ID of its own and a Secret"
	}
	if s.ExpiresIn < 0 || s.ExpiresIn%time.Second != 0 {
		return "ExpiresIn must be whole seconds"
	}
	return ""
}
