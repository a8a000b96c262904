package oidctest

import (
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

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
	if problem := s.oauthProblem(); problem != "" {
		return problem
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
	for _, d := range s.waits() {
		if d < 0 || d%time.Second != 0 {
			return "Interval and Lifetime of Device and CIBA must be whole seconds"
		}
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
		if s.lacksType(c.app.AuthorizationDetailsTypes) {
			return "an App has a type that AuthorizationDetailsTypes of the Server does not have"
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

// oauthProblem says which field needs what a server of OAuth alone does not have; empty is nothing.
func (s *Server) oauthProblem() string {
	switch {
	case !s.OAuth:
	case s.FAPI2MessageSigning:
		return "OAuth has no JWTs, so FAPI2MessageSigning must be false"
	case s.UserInfoSigningAlg+s.UserInfoEncryptionAlg+s.IDTokenEncryptionAlg != "":
		return "OAuth has no JWTs, so UserInfoSigningAlg and the encryption must be empty"
	case s.PlainAccessTokens || s.AccessTokenAudience != "":
		return "OAuth has no JWTs, so PlainAccessTokens and AccessTokenAudience must be empty"
	case s.IDTokenSigningAlg != "":
		return "OAuth has no ID tokens, so IDTokenSigningAlg must be empty"
	case s.BackChannelLogoutURI+s.FrontChannelLogoutURI != "":
		return "OAuth has no logout, so BackChannelLogoutURI and FrontChannelLogoutURI must be empty"
	case s.CIBA != nil:
		return "OAuth has no ID tokens, so CIBA must be nil"
	case len(s.AggregatedClaims)+len(s.DistributedClaims) > 0:
		return "OAuth has no claims of other parties, so AggregatedClaims and DistributedClaims must be empty"
	}
	return ""
}

// lacksKeys says what the encryption needs that the application does not have; empty is nothing.
func (a *App) lacksKeys() string {
	for _, e := range []encrypted{
		newEncrypted(a.IDTokenEncryptionAlg, a.IDTokenEncryptionEnc), newEncrypted(a.UserInfoEncryptionAlg, a.UserInfoEncryptionEnc),
		newEncrypted(a.AuthorizationEncryptionAlg, a.AuthorizationEncryptionEnc),
	} {
		switch {
		case e.alg == "" && e.enc == "":
		case !slices.Contains(encryptionAlgs(), e.alg) || contentSizes()[e.enc] == 0:
			return "unknown encryption of ID tokens or user info, or of responses"
		case e.alg == "dir" && a.ClientSecret == "":
			return "dir needs ClientSecret"
		case e.alg != "dir" && len(a.JWKS) == 0 && a.JWKSURI == "":
			return e.alg + " needs JWKS"
		}
	}
	switch e := newEncrypted(a.RequestObjectEncryptionAlg, a.RequestObjectEncryptionEnc); {
	case e.alg == "" && e.enc == "":
	case !slices.Contains(encryptionAlgs(), e.alg) || contentSizes()[e.enc] == 0:
		return "unknown encryption of request objects"
	case e.alg == "dir" && a.ClientSecret == "":
		return "dir needs ClientSecret"
	case len(a.JWKS) == 0 && a.JWKSURI == "":
		return "request objects need JWKS"
	}
	if a.RequestObjectAlg != "" && !slices.Contains(objectAlgs(), a.RequestObjectAlg) {
		return "unknown RequestObjectAlg"
	}
	if a.UserInfoSigningAlg != "" && !knownAlg(a.UserInfoSigningAlg) {
		return "unknown UserInfoSigningAlg"
	}
	if a.AuthorizationSigningAlg != "" && !knownAlg(a.AuthorizationSigningAlg) {
		return "unknown AuthorizationSigningAlg"
	}
	if symmetric(a.AuthorizationSigningAlg) && a.ClientSecret == "" {
		return a.AuthorizationSigningAlg + " needs ClientSecret"
	}
	return ""
}

// lacks says what a method needs that the application does not have; empty is nothing.
func (a *App) lacks(method string) string {
	switch {
	case a.BackChannelLogoutSessionRequired && a.BackChannelLogoutURI == "", a.FrontChannelLogoutSessionRequired && a.FrontChannelLogoutURI == "":
		return "a session is required for a logout without an address"
	case method == "" || method == authNone:
		return ""
	case !slices.Contains(authMethods(), method):
		return "unknown client authentication method"
	case (method == authKeyJWT || method == authSelfSigned) && len(a.JWKS) == 0 && a.JWKSURI == "":
		return method + " needs JWKS"
	case method == authTLS && a.CertificateSubject == "":
		return method + " needs CertificateSubject"
	case (method == authBasic || method == authPost || method == authSecretJWT) && a.ClientSecret == "":
		return method + " needs ClientSecret"
	}
	return ""
}
