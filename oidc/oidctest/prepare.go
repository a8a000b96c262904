package oidctest

import (
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.ready.Do(func() {
		s.realm = s.Realm
		if s.realm == nil {
			s.realm = &idptest.Realm{}
		}
		s.realm.RegisterFaults(append(s.faults(), s.discoveryFaults()...)...)
		for _, fault := range s.applicationFaults() {
			s.realm.RegisterFaults(fault.For(""))
		}
		first := App{
			ClientID: either(s.ClientID, ClientID), ClientSecret: either(s.ClientSecret, ClientSecret), RedirectURIs: s.RedirectURIs,
			LogoutURIs: s.LogoutURIs, JWKS: s.JWKS, CertificateSubject: s.CertificateSubject,
			BackChannelLogoutURI: s.BackChannelLogoutURI, BackChannelLogoutSessionRequired: s.BackChannelLogoutSessionRequired,
			FrontChannelLogoutURI: s.FrontChannelLogoutURI, FrontChannelLogoutSessionRequired: s.FrontChannelLogoutSessionRequired,
			PlainAccessTokens: s.PlainAccessTokens, AccessTokenAudience: s.AccessTokenAudience,
			DPoPBoundAccessTokens: s.DPoPBoundAccessTokens, CertificateBoundAccessTokens: s.CertificateBoundAccessTokens,
			IDTokenEncryptionAlg: s.IDTokenEncryptionAlg, IDTokenEncryptionEnc: s.IDTokenEncryptionEnc, UserInfoSigningAlg: s.UserInfoSigningAlg,
			UserInfoEncryptionAlg: s.UserInfoEncryptionAlg, UserInfoEncryptionEnc: s.UserInfoEncryptionEnc,
			RequestObjectAlg: s.RequestObjectAlg, RequestObjectEncryptionAlg: s.RequestObjectEncryptionAlg, RequestObjectEncryptionEnc: s.RequestObjectEncryptionEnc,
			AuthorizationSigningAlg: s.AuthorizationSigningAlg, AuthorizationEncryptionAlg: s.AuthorizationEncryptionAlg, AuthorizationEncryptionEnc: s.AuthorizationEncryptionEnc,
		}
		own := usualAlg
		if s.fapi() {
			own = fapiAlg
		}
		s.signer = newSigner(s.realm, own, either(s.IDTokenSigningAlg, own), s.SigningKey)
		s.party = newSigner(s.realm, own, own, nil)
		s.client = s.newClient(first)
		s.client.first, s.client.public = true, s.AllowPublic
		if s.Registration != nil {
			s.signer.add("ES256", s.SigningKey)
		}
		s.signer.add(s.UserInfoSigningAlg, s.SigningKey)
		s.signer.add(s.AuthorizationSigningAlg, s.SigningKey)
		s.decrypter.add(s.RequestObjectEncryptionAlg)
		for _, a := range s.Apps {
			s.apps = append(s.apps, s.newClient(a))
			s.signer.add(a.IDTokenSigningAlg, s.SigningKey)
			s.signer.add(a.UserInfoSigningAlg, s.SigningKey)
			s.signer.add(a.AuthorizationSigningAlg, s.SigningKey)
			s.decrypter.add(a.RequestObjectEncryptionAlg)
		}
		if problem := s.problem(); problem != "" {
			s.realm.Reject("oidctest: " + problem)
		}
	})
}
