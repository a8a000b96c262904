package oidctest

import "github.com/seed6e7d3bb2/authing-go/authentication/idptest"

// Faults of bound tokens.
const (
	// BearerTokenType makes token replies say Bearer, also with a proof (RFC 9449 §5).
	BearerTokenType idptest.Fault = "oidctest.BearerTokenType"
	// OtherBinding makes bound tokens name another key (cnf).
	OtherBinding idptest.Fault = "oidctest.OtherBinding"
	// MissingBinding leaves cnf out of bound tokens.
	MissingBinding idptest.Fault = "oidctest.MissingBinding"
	// EndlessNonce demands another nonce after each proof. It is of the whole server.
	EndlessNonce idptest.Fault = "oidctest.EndlessNonce"
	// SilentNonce demands a nonce, where DPoPNonce is set, and gives none. It is of the whole server.
	SilentNonce idptest.Fault = "oidctest.SilentNonce"
)

func bindingFaults() []idptest.Fault {
	return []idptest.Fault{BearerTokenType, OtherBinding, MissingBinding}
}
