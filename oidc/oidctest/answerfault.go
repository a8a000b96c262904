package oidctest

import "github.com/seed6e7d3bb2/authing-go/authentication/idptest"

// Faults in introspections, and in claims of another party.
const (
	// PlainIntrospection answers with JSON when a signed introspection was asked for.
	PlainIntrospection idptest.Fault = "oidctest.PlainIntrospection"
	// UntypedIntrospection makes signed introspections of typ JWT.
	UntypedIntrospection idptest.Fault = "oidctest.UntypedIntrospection"
	// OldIntrospection makes signed introspections that were issued an hour ago.
	OldIntrospection idptest.Fault = "oidctest.OldIntrospection"
	// TextActive makes introspections whose active is a text, whatever the token. A server of OAuth has this fault too.
	TextActive idptest.Fault = "oidctest.TextActive"
	// MissingClaims leaves the claims out of the JWT of another party.
	MissingClaims idptest.Fault = "oidctest.MissingClaims"
	// ForeignClaimsEndpoint names an endpoint of another host for distributed claims.
	ForeignClaimsEndpoint idptest.Fault = "oidctest.ForeignClaimsEndpoint"
)

// answerFaults are those of a server with keys.
func answerFaults() []idptest.Fault {
	return []idptest.Fault{PlainIntrospection, UntypedIntrospection, OldIntrospection, MissingClaims, ForeignClaimsEndpoint}
}
