package oidctest

import "github.com/seed6e7d3bb2/authing-go/authentication/idptest"

// Faults in ID tokens and access tokens.
const (
	// ExpiredIDToken makes ID tokens that ended an hour ago.
	ExpiredIDToken idptest.Fault = "ExpiredIDToken"
	// FutureIDToken makes ID tokens issued tomorrow.
	FutureIDToken idptest.Fault = "FutureIDToken"
	// ExpiredAccessToken makes JWT access tokens that ended an hour ago.
	ExpiredAccessToken idptest.Fault = "ExpiredAccessToken"
	// WrongAudience makes JWTs for another application.
	WrongAudience idptest.Fault = "WrongAudience"
	// WrongIssuer makes JWTs in the name of another issuer.
	WrongIssuer idptest.Fault = "WrongIssuer"
	// WrongAuthorizedParty adds an azp that is another application to ID tokens.
	WrongAuthorizedParty idptest.Fault = "WrongAuthorizedParty"
	// WrongNonce makes ID tokens with a nonce nobody sent.
	WrongNonce idptest.Fault = "WrongNonce"
	// MissingNonce leaves the nonce out of ID tokens.
	MissingNonce idptest.Fault = "MissingNonce"
	// MissingSubject leaves sub out of ID tokens.
	MissingSubject idptest.Fault = "MissingSubject"
	// WrongAtHash makes ID tokens whose at_hash belongs to another access token.
	WrongAtHash idptest.Fault = "WrongAtHash"
	// WrongCHash makes ID tokens whose c_hash belongs to another code.
	WrongCHash idptest.Fault = "WrongCHash"
	// OldAuthTime makes ID tokens that tell of a login ten days ago.
	OldAuthTime idptest.Fault = "OldAuthTime"
	// AlgNone makes JWTs without a signature (alg none).
	AlgNone idptest.Fault = "AlgNone"
	// BadSignature spoils the signature of JWTs.
	BadSignature idptest.Fault = "BadSignature"
	// SwappedKey signs JWTs with a key that is not in the JWKS but bears the
	// current key's ID; under HS256, with another secret.
	SwappedKey idptest.Fault = "SwappedKey"
	// StaleJWKS leaves the current keys out of the JWKS.
	StaleJWKS idptest.Fault = "StaleJWKS"
)

// Faults in the other replies.
const (
	// WrongSubject makes user info speak of another person.
	WrongSubject idptest.Fault = "WrongSubject"
	// WrongDiscoveryIssuer makes the discovery document name another issuer.
	WrongDiscoveryIssuer idptest.Fault = "WrongDiscoveryIssuer"
	// MissingAccessToken leaves access_token out of token replies.
	MissingAccessToken idptest.Fault = "MissingAccessToken"
	// WrongIssParameter sends the browser back with another issuer's iss (RFC 9207).
	WrongIssParameter idptest.Fault = "WrongIssParameter"
)

// otherIssuer is whom the server pretends to be.
const otherIssuer = "https://attacker.example/oidc"

// faults are those of tokens and replies.
func faults() []idptest.Fault {
	return []idptest.Fault{
		ExpiredIDToken, FutureIDToken, ExpiredAccessToken, WrongAudience, WrongIssuer, WrongAuthorizedParty, WrongNonce,
		MissingNonce, MissingSubject, WrongAtHash, WrongCHash, OldAuthTime, AlgNone, BadSignature, SwappedKey, StaleJWKS,
		WrongSubject, WrongDiscoveryIssuer, MissingAccessToken, WrongIssParameter,
	}
}
