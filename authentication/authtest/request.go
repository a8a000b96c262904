package authtest

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// authRequest is one accepted request to an authorization endpoint.
type authRequest struct {
	protocol           protocol
	issuer             string
	redirectURI        string
	state              string
	types              []string // words of response_type
	mode               string   // query, fragment, form_post
	scopes             []string
	nonce              string
	prompt             []string
	maxAge             *time.Duration
	loginHint          string
	challenge          string
	challengeMethod    string
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

// read fills q from the form, in an order that lets an error travel by the mode asked for.
func (s *Server) read(q *authRequest, form url.Values) *refusal {
	for name, values := range form {
		if len(values) > 1 && name != "resource" {
			return &refusal{"invalid_request", "a parameter is repeated"}
		}
	}
	q.types = words(form.Get("response_type"))
	if refused := q.readMode(form.Get("response_mode")); refused != nil {
		return refused
	}
	if len(q.types) == 0 {
		return &refusal{"invalid_request", "missing required parameter 'response_type'"}
	}
	if !q.typeKnown() {
		return &refusal{"unsupported_response_type", "response_type is not supported"}
	}
	if form.Has("request") {
		return &refusal{"request_not_supported", "the request parameter is not supported"}
	}
	if form.Has("request_uri") {
		return &refusal{"request_uri_not_supported", "the request_uri parameter is not supported"}
	}
	for _, step := range []func(*authRequest, url.Values) *refusal{readPKCE, s.readScope, readPrompt, readMaxAge, readNonce, readClaims, s.readHint} {
		if refused := step(q, form); refused != nil {
			return refused
		}
	}
	return nil
}

func (q *authRequest) readMode(mode string) *refusal {
	if q.frontToken() {
		q.mode = "fragment"
	}
	switch {
	case mode == "":
	case mode == "query" && q.frontToken():
		return &refusal{"invalid_request", "response_mode query is not allowed for this response_type"}
	case mode == "query", mode == "fragment", mode == "form_post":
		q.mode = mode
	default:
		return &refusal{"invalid_request", "response_mode is not supported"}
	}
	return nil
}

// typeKnown compares response types as sets of words.
func (q *authRequest) typeKnown() bool {
	sorted := slices.Sorted(slices.Values(q.types))
	known := []string{"code", "token"}
	if q.protocol == oidc {
		known = []string{"code", "id_token", "id_token token", "code id_token", "code token", "code id_token token", "none"}
	}
	return slices.Contains(known, strings.Join(sorted, " "))
}
