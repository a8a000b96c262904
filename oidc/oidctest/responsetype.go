package oidctest

import (
	"net/url"
	"slices"
	"strings"
)

// responseTypes are those that the server has, as response_types_supported writes them.
func (s *Server) responseTypes() []string {
	if s.OAuth {
		return []string{"code", "token"}
	}
	return []string{"code", "id_token", "id_token token", "code id_token", "code token", "code id_token token", "none"}
}

// responseModes are those of OAuth 2.0 Multiple Response Type Encoding Practices §2.1 and Form Post Response Mode.
func responseModes() []string { return []string{"query", "fragment", "form_post"} }

// readType reads response_type, a set of words, and checks it when the mode of the answer is known.
func (s *Server) readType(q *authRequest, form url.Values) *refusal {
	q.types = words(form.Get("response_type"))
	if refused := readMode(q, form.Get("response_mode")); refused != nil {
		return refused
	}
	if len(q.types) == 0 {
		return &refusal{"invalid_request", "missing required parameter 'response_type'"}
	}
	if !slices.Contains(s.responseTypes(), strings.Join(slices.Sorted(slices.Values(q.types)), " ")) {
		return &refusal{"unsupported_response_type", "response_type is not supported"}
	}
	return nil
}

func readMode(q *authRequest, mode string) *refusal {
	if q.frontToken() {
		q.mode = "fragment"
	}
	switch {
	case mode == "":
	case mode == "query" && q.frontToken():
		return &refusal{"invalid_request", "response_mode query is not allowed for this response_type"}
	case slices.Contains(responseModes(), mode):
		q.mode = mode
	default:
		return &refusal{"invalid_request", "response_mode is not supported"}
	}
	return nil
}
