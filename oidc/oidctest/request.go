package oidctest

import (
	"slices"
	"time"
)

// authRequest is one accepted request to the authorization endpoint.
type authRequest struct {
	client             *client
	issuer             string
	redirectURI        string
	state              string
	types              []string // words of response_type
	mode               string   // query, fragment, form_post
	jwt                bool     // the response is a JWT (JARM)
	scopes             []string
	resources          []string // of RFC 8707
	details            details  // of RFC 9396
	nonce              string
	prompt             []string
	maxAge             *time.Duration
	loginHint          string
	challenge          string
	challengeMethod    string
	jkt                string   // dpop_jkt
	idClaims, meClaims []string // asked by the claims parameter
	wantAuthTime       bool
	hinted             string // subject of id_token_hint
	offline            bool
}

func (q *authRequest) has(responseType string) bool { return slices.Contains(q.types, responseType) }

// frontToken says whether the reply bears a token, which a query must not carry
// (OAuth 2.0 Multiple Response Type Encoding Practices §3).
func (q *authRequest) frontToken() bool { return q.has("id_token") || q.has("token") }

// refusal is an error that goes back to the redirect URI (RFC 6749 §4.1.2.1).
type refusal struct{ code, description string }
