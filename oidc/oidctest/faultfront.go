package oidctest

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in what comes back through the browser beside or instead of a code.
const (
	// MissingAtHash leaves at_hash out of ID tokens.
	MissingAtHash idptest.Fault = "oidctest.MissingAtHash"
	// MissingCHash leaves c_hash out of ID tokens.
	MissingCHash idptest.Fault = "oidctest.MissingCHash"
	// WrongSHash makes ID tokens whose s_hash belongs to another state. Only those that come through the browser have an
	// s_hash.
	WrongSHash idptest.Fault = "oidctest.WrongSHash"
	// MissingSHash leaves s_hash out of ID tokens, as most providers do.
	MissingSHash idptest.Fault = "oidctest.MissingSHash"
	// FrontSubject makes the ID tokens that come through the browser speak of another person than those of the token
	// endpoint.
	FrontSubject idptest.Fault = "oidctest.FrontSubject"
	// FrontIssuer makes the ID tokens that come through the browser in the name of another issuer than those of the token
	// endpoint.
	FrontIssuer idptest.Fault = "oidctest.FrontIssuer"
	// MissingIDToken leaves id_token out of callbacks and of token replies.
	MissingIDToken idptest.Fault = "oidctest.MissingIDToken"
	// MissingCode leaves code out of callbacks.
	MissingCode idptest.Fault = "oidctest.MissingCode"
	// FrontAccessToken leaves access_token out of the callbacks where it was asked for, and adds one to the others.
	FrontAccessToken idptest.Fault = "oidctest.FrontAccessToken"
	// WrongTokenType makes access tokens that come through the browser of a type that nobody knows.
	WrongTokenType idptest.Fault = "oidctest.WrongTokenType"
	// ErrorBeside adds an error to callbacks.
	ErrorBeside idptest.Fault = "oidctest.ErrorBeside"
	// RefusedLogin sends the browser back with the error server_error instead of a login.
	RefusedLogin idptest.Fault = "oidctest.RefusedLogin"
	// WrongMode sends the response by form_post where another response mode was asked for, and in the query where
	// form_post was.
	WrongMode idptest.Fault = "oidctest.WrongMode"
)

// frontFaults are those of a server of OpenID Connect.
func frontFaults() []idptest.Fault {
	return []idptest.Fault{
		MissingAtHash, MissingCHash, WrongSHash, MissingSHash, FrontSubject, FrontIssuer, MissingIDToken, MissingCode, FrontAccessToken,
		WrongTokenType, ErrorBeside, RefusedLogin, WrongMode,
	}
}

// breakFrontToken spoils the claims of an ID token that comes through the browser.
func breakFrontToken(on faults, claims map[string]any) {
	if on.Broken(FrontSubject) {
		claims["sub"] = "another-person"
	}
	if on.Broken(FrontIssuer) {
		claims["iss"] = otherIssuer
	}
}

// breakParts spoils which parameters of a login a callback has.
func breakParts(on faults, reply idptest.Parameters) idptest.Parameters {
	if on.Broken(RefusedLogin) {
		return idptest.Pairs("error", "server_error", "error_description", "the server met an unexpected condition")
	}
	for fault, name := range map[idptest.Fault]string{MissingIDToken: "id_token", MissingCode: "code"} {
		if on.Broken(fault) {
			reply = slices.DeleteFunc(reply, func(p idptest.Parameter) bool { return p.Name == name })
		}
	}
	if on.Broken(FrontAccessToken) {
		asked := len(reply)
		reply = slices.DeleteFunc(reply, func(p idptest.Parameter) bool { return p.Name == "access_token" })
		if len(reply) == asked {
			reply.Add("access_token", idptest.Opaque())
		}
	}
	for i := range reply {
		if reply[i].Name == "token_type" && on.Broken(WrongTokenType) {
			reply[i].Value = "carrier-pigeon"
		}
	}
	if on.Broken(ErrorBeside) {
		reply.Add("error", "access_denied")
	}
	return reply
}

// modeOf is how the response is sent.
func modeOf(q *authRequest) string {
	switch {
	case !q.client.Broken(WrongMode):
		return q.mode
	case q.mode == "form_post":
		return "query"
	}
	return "form_post"
}
