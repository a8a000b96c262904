package oidctest

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// read fills q from the form, in an order that lets an error travel by the mode asked for.
func (s *Server) read(q *authRequest, form url.Values) *refusal {
	for name, values := range form {
		if len(values) > 1 && name != "resource" {
			return &refusal{"invalid_request", "a parameter is repeated"}
		}
	}
	steps := []func(*authRequest, url.Values) *refusal{s.readType, readRequestObject, s.readPKCE, s.readResource, s.readDetails, s.readScope, readPrompt, readMaxAge, readNonce}
	if !s.OAuth {
		steps = append(steps, readClaims, s.readHint)
	}
	for _, step := range steps {
		if refused := step(q, form); refused != nil {
			return refused
		}
	}
	return nil
}

// readRequestObject refuses the objects of an application without keys (OpenID Connect Core §6).
func readRequestObject(_ *authRequest, form url.Values) *refusal {
	switch {
	case form.Has("request"):
		return &refusal{"request_not_supported", "the request parameter is not supported"}
	case form.Has("request_uri"):
		return &refusal{"request_uri_not_supported", "the request_uri parameter is not supported"}
	}
	return nil
}

// readScope leaves out what cannot be granted. OAuth 2.0 has a default (RFC 6749 §3.3), OpenID Connect wants openid.
func (s *Server) readScope(q *authRequest, form url.Values) *refusal {
	asked := words(form.Get("scope"))
	if s.OAuth && len(asked) == 0 {
		asked = s.scopes()
	}
	q.scopes, _ = split(asked, s.scopes())
	switch {
	case !s.OAuth && len(q.resources)+len(q.details) == 0 && !slices.Contains(asked, "openid"):
		return &refusal{"invalid_request", "openid scope must be requested"}
	case s.OAuth && len(q.scopes) == 0:
		return &refusal{"invalid_scope", "none of the requested scopes is allowed"}
	}
	return nil
}

func readPrompt(q *authRequest, form url.Values) *refusal {
	q.prompt = words(form.Get("prompt"))
	for _, word := range q.prompt {
		switch word {
		case "login", "consent", "select_account":
		case "none":
			if len(q.prompt) > 1 {
				return &refusal{"invalid_request", "prompt none must only be used alone"}
			}
		default:
			return &refusal{"invalid_request", "invalid prompt value"}
		}
	}
	// Without consent asked for, offline_access is ignored (OpenID Connect Core §11).
	q.offline = slices.Contains(q.scopes, "offline_access") && slices.Contains(q.prompt, "consent") && q.has("code")
	if !q.offline {
		q.scopes = slices.DeleteFunc(q.scopes, func(scope string) bool { return scope == "offline_access" })
	}
	q.loginHint = form.Get("login_hint")
	return nil
}

func readMaxAge(q *authRequest, form url.Values) *refusal {
	raw := form.Get("max_age")
	if raw == "" {
		return nil
	}
	seconds, err := strconv.ParseUint(raw, 10, 31)
	if err != nil {
		return &refusal{"invalid_request", "invalid max_age parameter value"}
	}
	age := time.Duration(seconds) * time.Second
	q.maxAge, q.wantAuthTime = &age, true
	return nil
}

// readNonce requires one where an ID token comes through the browser (OpenID Connect Core §3.2.2.1, §3.3.2.11).
func readNonce(q *authRequest, form url.Values) *refusal {
	q.nonce = form.Get("nonce")
	if q.nonce == "" && q.has("id_token") {
		return &refusal{"invalid_request", "missing required parameter 'nonce'"}
	}
	return nil
}

// readClaims reads the claims parameter (OpenID Connect Core §5.5).
func readClaims(q *authRequest, form url.Values) *refusal {
	raw := form.Get("claims")
	if raw == "" {
		return nil
	}
	var asked struct {
		UserInfo map[string]any `json:"userinfo"`
		IDToken  map[string]any `json:"id_token"`
	}
	if json.Unmarshal([]byte(raw), &asked) != nil {
		return &refusal{"invalid_request", "could not parse the claims parameter JSON"}
	}
	q.idClaims = slices.Collect(maps.Keys(asked.IDToken))
	q.meClaims = slices.Collect(maps.Keys(asked.UserInfo))
	if slices.Contains(q.idClaims, "auth_time") {
		q.wantAuthTime = true
	}
	return nil
}

// readHint reads id_token_hint (OpenID Connect Core §3.1.2.1).
func (s *Server) readHint(q *authRequest, form url.Values) *refusal {
	raw := form.Get("id_token_hint")
	if raw == "" {
		return nil
	}
	claims, _, signed := s.signer.verifyFor(q.client.secret, q.client.idTokenAlg, raw)
	if !signed {
		return &refusal{"invalid_request", "could not validate id_token_hint"}
	}
	q.hinted, _ = claims["sub"].(string)
	return nil
}
