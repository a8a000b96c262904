package oidctest

import (
	"net/url"
	"slices"
	"strings"
)

// responseTypes are those that the server has, as response_types_supported writes them.
func (s *Server) responseTypes() []string {
	if s.fapi() { // FAPI 2.0 Security Profile §5.3.2.2
		return []string{"code"}
	}
	if s.OAuth {
		return []string{"code", "token"}
	}
	return []string{"code", "id_token", "id_token token", "code id_token", "code token", "code id_token token", "none"}
}

// responseModes are those of OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post Response Mode, and JARM
// §2.3, which needs keys.
func (s *Server) responseModes() []string {
	modes := []string{"query", "fragment", "form_post"}
	if s.OAuth {
		return modes
	}
	return append(modes, "jwt", "query.jwt", "fragment.jwt", "form_post.jwt")
}

// readType reads response_type, a set of words, and checks it when the mode of the answer is known.
func (s *Server) readType(q *authRequest, form url.Values) *refusal {
	q.types = words(form.Get("response_type"))
	if refused := s.readMode(q, form.Get("response_mode")); refused != nil {
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

func (s *Server) readMode(q *authRequest, mode string) *refusal {
	if q.frontToken() {
		q.mode = "fragment"
	}
	if mode != "" && !slices.Contains(s.responseModes(), mode) {
		return &refusal{"invalid_request", "response_mode is not supported"}
	}
	plain, asked := plainMode(mode)
	q.jwt = asked || q.client.needsJWT()
	switch {
	case q.jwt && !asked:
		return &refusal{"invalid_request", "the response_mode of this application must be one of JWTs"}
	// A server must not log tokens (JARM §2.3.1).
	case plain == "query" && q.frontToken() && (!asked || q.client.response.alg == ""):
		return &refusal{"invalid_request", "response_mode query is not allowed for this response_type"}
	case plain != "":
		q.mode = plain
	}
	return nil
}
