package authtest

import (
	"slices"
	"strings"
)

// Fault is one way in which the server can misbehave; see Server.Break.
type Fault string

// Faults in ID tokens and access tokens.
const (
	// ExpiredIDToken makes ID tokens that ended an hour ago.
	ExpiredIDToken Fault = "ExpiredIDToken"
	// FutureIDToken makes ID tokens issued tomorrow.
	FutureIDToken Fault = "FutureIDToken"
	// ExpiredAccessToken makes JWT access tokens that ended an hour ago.
	ExpiredAccessToken Fault = "ExpiredAccessToken"
	// WrongAudience makes JWTs for another application.
	WrongAudience Fault = "WrongAudience"
	// WrongIssuer makes JWTs in the name of another issuer.
	WrongIssuer Fault = "WrongIssuer"
	// WrongAuthorizedParty adds an azp that is another application to ID tokens.
	WrongAuthorizedParty Fault = "WrongAuthorizedParty"
	// WrongNonce makes ID tokens with a nonce nobody sent.
	WrongNonce Fault = "WrongNonce"
	// MissingNonce leaves the nonce out of ID tokens.
	MissingNonce Fault = "MissingNonce"
	// MissingSubject leaves sub out of ID tokens.
	MissingSubject Fault = "MissingSubject"
	// WrongAtHash makes ID tokens whose at_hash belongs to another access token.
	WrongAtHash Fault = "WrongAtHash"
	// WrongCHash makes ID tokens whose c_hash belongs to another code.
	WrongCHash Fault = "WrongCHash"
	// OldAuthTime makes ID tokens that tell of a login ten days ago.
	OldAuthTime Fault = "OldAuthTime"
	// AlgNone makes JWTs without a signature (alg none).
	AlgNone Fault = "AlgNone"
	// BadSignature spoils the signature of JWTs.
	BadSignature Fault = "BadSignature"
	// SwappedKey signs JWTs with a key that is not in the JWKS but bears the
	// current key's ID; under HS256, with another secret.
	SwappedKey Fault = "SwappedKey"
	// StaleJWKS leaves the current keys out of the JWKS.
	StaleJWKS Fault = "StaleJWKS"
)

// Faults in the other replies.
const (
	// WrongSubject makes user info speak of another person.
	WrongSubject Fault = "WrongSubject"
	// WrongDiscoveryIssuer makes the discovery document name another issuer.
	WrongDiscoveryIssuer Fault = "WrongDiscoveryIssuer"
	// MissingAccessToken leaves access_token out of token replies.
	MissingAccessToken Fault = "MissingAccessToken"
	// WrongState sends the browser back with a state nobody sent; SAML's is RelayState.
	WrongState Fault = "WrongState"
	// NoState sends the browser back without state.
	NoState Fault = "NoState"
	// RepeatedParameter sends every parameter of the callback twice.
	RepeatedParameter Fault = "RepeatedParameter"
	// WrongIssParameter sends the browser back with another issuer's iss (RFC 9207).
	WrongIssParameter Fault = "WrongIssParameter"
)

// otherIssuer is whom the server pretends to be.
const otherIssuer = "https://attacker.example/oidc"

func faults() []Fault {
	return []Fault{
		ExpiredIDToken, FutureIDToken, ExpiredAccessToken, WrongAudience, WrongIssuer, WrongAuthorizedParty, WrongNonce,
		MissingNonce, MissingSubject, WrongAtHash, WrongCHash, OldAuthTime, AlgNone, BadSignature, SwappedKey, StaleJWKS,
		WrongSubject, WrongDiscoveryIssuer, MissingAccessToken, WrongState, NoState, RepeatedParameter, WrongIssParameter,
		UnknownTicket, AnyService, RenewIgnored, ReusableTicket, WrongIOU, UndeliveredPGT, OtherFormat, ForbiddenStatus,
		HostileText, ExtraLines,
	}
}

// Break makes the server misbehave in these ways and no others; without
// arguments it behaves again. A fault that is none of this package's makes it
// answer 500 and say so.
func (s *Server) Break(these ...Fault) {
	broken := make(map[Fault]bool, len(these))
	for _, fault := range these {
		broken[fault] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = broken
}

func (s *Server) broken(fault Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults[fault]
}

func (f Fault) known() bool {
	kind, _, placed := strings.Cut(string(f), "@")
	return slices.Contains(exchangeFaults(), Fault(kind)) || !placed && (slices.Contains(faults(), f) || slices.Contains(samlFaults(), f) || slices.ContainsFunc(casFaults(nil), f.is))
}
