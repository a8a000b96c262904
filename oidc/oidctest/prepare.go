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

// problem says what is wrong with the fields; empty is nothing.
func (s *Server) problem() string {
	if !knownAlg(s.signer.idTokenAlg) {
		return "unknown IDTokenSigningAlg"
	}
	for _, method := range []string{s.TokenAuth, s.IntrospectionAuth, s.RevocationAuth, s.PasswordAuth} {
		if lacks := s.client.app.lacks(method); lacks != "" {
			return lacks
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
	for _, c := range append([]*client{s.client}, s.apps...) {
		if lacks := c.app.lacksKeys(); lacks != "" {
			return lacks
		}
		if unfit := s.unfit(c); unfit != "" {
			return unfit
		}
		if s.OAuth && family(c.object.alg) != "" {
			return "OAuth has no keys, so RequestObjectEncryptionAlg must be empty or dir"
		}
		if s.OAuth && c.needsJWT() {
			return "OAuth has no JWTs, so AuthorizationSigningAlg and AuthorizationEncryptionAlg must be empty"
		}
	}
	if s.OAuth && s.UserInfoSigningAlg+s.UserInfoEncryptionAlg+s.IDTokenEncryptionAlg != "" {
		return "OAuth has no JWTs, so UserInfoSigningAlg and the encryption must be empty"
	}
	if s.OAuth && (s.PlainAccessTokens || s.AccessTokenAudience != "") {
		return "OAuth has no JWTs, so PlainAccessTokens and AccessTokenAudience must be empty"
	}
	if s.OAuth && s.IDTokenSigningAlg != "" {
		return "OAuth has no ID tokens, so IDTokenSigningAlg must be empty"
	}
	if s.OAuth && s.BackChannelLogoutURI+s.FrontChannelLogoutURI != "" {
		return "OAuth has no logout, so BackChannelLogoutURI and FrontChannelLogoutURI must be empty"
	}
	if s.OAuth && s.CIBA != nil {
		return "OAuth has no ID tokens, so CIBA must be nil"
	}
	for _, d := range s.waits() {
		if d < 0 || d%time.Second != 0 {
			return "Interval and Lifetime of Device and CIBA must be whole seconds"
		}
	}
	if s.OAuth && len(s.AggregatedClaims)+len(s.DistributedClaims) > 0 {
		return "OAuth has no claims of other parties, so AggregatedClaims and DistributedClaims must be empty"
	}
	for name := range s.AggregatedClaims {
		if _, both := s.DistributedClaims[name]; both {
			return "a claim is in AggregatedClaims and in DistributedClaims"
		}
	}
	if m := s.Machine; m != nil && (m.ID == "" || m.Secret == "" || m.ID == s.client.id) {
		return "Machine needs an ID of its own and a Secret"
	}
	for _, c := range s.apps {
		if c.id == "" || s.clientOf(c.id) != c {
			return "an App needs a ClientID of its own"
		}
		if lacks := c.app.lacks(c.method("")); lacks != "" {
			return lacks
		}
		if !knownAlg(c.idTokenAlg) {
			return "unknown IDTokenSigningAlg"
		}
	}
	for _, c := range s.apps {
		for _, name := range c.app.AuthorizationDetailsTypes {
			if !slices.Contains(s.AuthorizationDetailsTypes, name) {
				return "an App has a type that AuthorizationDetailsTypes of the Server does not have"
			}
		}
	}
	if unfit := s.unfitServer(); unfit != "" {
		return unfit
	}
	if s.PushedLifetime < 0 || s.PushedLifetime%time.Second != 0 {
		return "PushedLifetime must be whole seconds"
	}
	if s.DPoPNonce < 0 {
		return "DPoPNonce must not be negative"
	}
	if s.ExpiresIn < 0 || s.ExpiresIn%time.Second != 0 {
		return "ExpiresIn must be whole seconds"
	}
	return ""
}
