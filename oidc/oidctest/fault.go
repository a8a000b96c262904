package oidctest

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in ID tokens and in access tokens that are JWTs. A server of OAuth alone does not have them.
const (
	// ExpiredIDToken makes ID tokens that ended an hour ago.
	ExpiredIDToken idptest.Fault = "oidctest.ExpiredIDToken"
	// FutureIDToken makes ID tokens issued tomorrow.
	FutureIDToken idptest.Fault = "oidctest.FutureIDToken"
	// ExpiredAccessToken makes JWT access tokens that ended an hour ago.
	ExpiredAccessToken idptest.Fault = "oidctest.ExpiredAccessToken"
	// WrongAudience makes JWTs for another application.
	WrongAudience idptest.Fault = "oidctest.WrongAudience"
	// SecondAudience makes JWTs for another application, too.
	SecondAudience idptest.Fault = "oidctest.SecondAudience"
	// ListAudience writes the aud of JWTs as a list, also one of a single value, as RFC 7519 §4.1.3 allows.
	ListAudience idptest.Fault = "oidctest.ListAudience"
	// WrongIssuer makes JWTs in the name of another issuer.
	WrongIssuer idptest.Fault = "oidctest.WrongIssuer"
	// WrongAuthorizedParty adds an azp that is another application to ID tokens.
	WrongAuthorizedParty idptest.Fault = "oidctest.WrongAuthorizedParty"
	// WrongNonce makes ID tokens with a nonce that was not sent.
	WrongNonce idptest.Fault = "oidctest.WrongNonce"
	// MissingNonce leaves the nonce out of ID tokens.
	MissingNonce idptest.Fault = "oidctest.MissingNonce"
	// MissingSubject leaves sub out of ID tokens.
	MissingSubject idptest.Fault = "oidctest.MissingSubject"
	// OtherSubject makes ID tokens of the token endpoint speak of another person.
	OtherSubject idptest.Fault = "oidctest.OtherSubject"
	// MissingIssuedAt leaves iat out of ID tokens.
	MissingIssuedAt idptest.Fault = "oidctest.MissingIssuedAt"
	// MissingIssuer leaves iss out of ID tokens.
	MissingIssuer idptest.Fault = "oidctest.MissingIssuer"
	// EndlessIDToken leaves exp out of ID tokens.
	EndlessIDToken idptest.Fault = "oidctest.EndlessIDToken"
	// MissingAudience leaves aud out of ID tokens.
	MissingAudience idptest.Fault = "oidctest.MissingAudience"
	// MissingKeyID leaves kid out of JWTs that are signed with a key.
	MissingKeyID idptest.Fault = "oidctest.MissingKeyID"
	// WrongAtHash makes ID tokens whose at_hash belongs to another access token.
	WrongAtHash idptest.Fault = "oidctest.WrongAtHash"
	// WrongCHash makes ID tokens whose c_hash belongs to another code. Only those that come together with a code have a
	// c_hash: see OpenID Connect Core §3.3.2.11.
	WrongCHash idptest.Fault = "oidctest.WrongCHash"
	// OldAuthTime makes ID tokens that tell of a login ten days ago, which a client refuses that sent max_age.
	OldAuthTime idptest.Fault = "oidctest.OldAuthTime"
	// AlgNone makes JWTs without a signature (alg none).
	AlgNone idptest.Fault = "oidctest.AlgNone"
	// BadSignature spoils the signature of JWTs.
	BadSignature idptest.Fault = "oidctest.BadSignature"
	// SwappedKey signs JWTs with a key that is not in the JWKS but bears the
	// current key's ID; under HS256, with another secret.
	SwappedKey idptest.Fault = "oidctest.SwappedKey"
	// StaleJWKS leaves the current keys out of the JWKS.
	StaleJWKS idptest.Fault = "oidctest.StaleJWKS"
	// StrangeKeys adds keys of unknown types to the JWKS, and one that cannot be read. Clients ignore them (RFC 7517 §5).
	StrangeKeys idptest.Fault = "oidctest.StrangeKeys"
	// NamelessKeys leaves kid out of the JWKS.
	NamelessKeys idptest.Fault = "oidctest.NamelessKeys"
)

// Faults in the other replies.
const (
	// WrongSubject makes user info speak of another person.
	WrongSubject idptest.Fault = "oidctest.WrongSubject"
	// WrongDiscoveryIssuer makes the discovery document name another issuer.
	WrongDiscoveryIssuer idptest.Fault = "oidctest.WrongDiscoveryIssuer"
	// MissingAccessToken leaves access_token out of token replies.
	MissingAccessToken idptest.Fault = "oidctest.MissingAccessToken"
	// MissingExpiresIn leaves expires_in out of token replies, as RFC 6749 §5.1 allows.
	MissingExpiresIn idptest.Fault = "oidctest.MissingExpiresIn"
	// OtherCaseTokenType writes token_type of token replies in small and capital letters in turn, which means the same (RFC
	// 6749 §5.1).
	OtherCaseTokenType idptest.Fault = "oidctest.OtherCaseTokenType"
	// TokenEndpointAudience accepts assertions for the address of the token endpoint alone, as older servers do.
	TokenEndpointAudience idptest.Fault = "oidctest.TokenEndpointAudience"
	// MissingClientID leaves client_id out of replies to registrations.
	MissingClientID idptest.Fault = "oidctest.MissingClientID"
	// OtherRedirectURI names another redirect URI in replies to registrations.
	OtherRedirectURI idptest.Fault = "oidctest.OtherRedirectURI"
	// OtherAuthMethod names client_secret_post in replies to registrations.
	OtherAuthMethod idptest.Fault = "oidctest.OtherAuthMethod"
	// MissingSecretExpiry leaves client_secret_expires_at out of replies to registrations with a secret.
	MissingSecretExpiry idptest.Fault = "oidctest.MissingSecretExpiry"
	// WrongIssParameter sends the browser back with another issuer's iss (RFC 9207), that of a JWT (JARM) included.
	WrongIssParameter idptest.Fault = "oidctest.WrongIssParameter"
	// MissingIssParameter leaves iss out of what the browser brings back: of the parameters, and of a JWT (JARM).
	MissingIssParameter idptest.Fault = "oidctest.MissingIssParameter"
)

// otherIssuer is whom the server pretends to be.
const otherIssuer = "https://attacker.example/oidc"

// faults are those that can strike: OAuth has no JWTs and no discovery.
func (s *Server) faults() []idptest.Fault {
	all := append(s.applicationFaults(), MissingClientID, OtherRedirectURI, OtherAuthMethod, MissingSecretExpiry, EndlessNonce, SilentNonce)
	if s.OAuth {
		return all
	}
	return append(all, StaleJWKS, StrangeKeys, NamelessKeys, WrongDiscoveryIssuer)
}

// applicationFaults can be of one application alone. Those of idptest are not the server's own.
func (s *Server) applicationFaults() []idptest.Fault {
	all := []idptest.Fault{
		WrongSubject, MissingAccessToken, MissingExpiresIn, OtherCaseTokenType, TokenEndpointAudience, WrongIssParameter, MissingIssParameter, TextActive, idptest.WrongState, idptest.NoState, idptest.RepeatedParameter,
	}
	all = append(all, bindingFaults()...)
	all = slices.Concat(all, grantFaults(), pushedFaults())
	if s.OAuth {
		return all
	}
	return slices.Concat(all, frontFaults(), responseFaults(), logoutFaults(), encryptionFaults(), answerFaults(), cibaFaults(), []idptest.Fault{
		ExpiredIDToken, FutureIDToken, ExpiredAccessToken, WrongAudience, SecondAudience, ListAudience, WrongIssuer, WrongAuthorizedParty, WrongNonce,
		MissingNonce, MissingSubject, OtherSubject, MissingIssuedAt, MissingIssuer, EndlessIDToken, MissingAudience, MissingKeyID, WrongAtHash, WrongCHash, OldAuthTime, AlgNone, BadSignature, SwappedKey,
	})
}

// faults says whether one is on: for all, or for an application.
type faults interface{ Broken(idptest.Fault) bool }
