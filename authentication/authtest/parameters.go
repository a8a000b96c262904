package authtest

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readPKCE checks the challenge (RFC 7636 §4.3).
func readPKCE(q *authRequest, form url.Values) *refusal {
	q.challenge, q.challengeMethod = form.Get("code_challenge"), form.Get("code_challenge_method")
	switch {
	case q.challenge == "" && q.challengeMethod == "":
		return nil
	case q.challenge == "":
		return &refusal{"invalid_request", "code_challenge must be provided with code_challenge_method"}
	case q.challengeMethod == "":
		q.challengeMethod = "plain"
	case q.challengeMethod != "plain" && q.challengeMethod != "S256":
		return &refusal{"invalid_request", "not supported value of code_challenge_method"}
	}
	if !unreserved(q.challenge) || q.challengeMethod == "S256" && len(q.challenge) != 43 {
		return &refusal{"invalid_request", "code_challenge has a wrong form"}
	}
	return nil
}

func (s *Server) readScope(q *authRequest, form url.Values) *refusal {
	asked := words(form.Get("scope"))
	if q.protocol == oauth {
		if len(asked) > 0 && !slices.Contains(asked, "user") {
			return &refusal{"invalid_scope", "the scope is user"}
		}
		q.scopes = []string{"user"}
		return nil
	}
	if !slices.Contains(asked, "openid") {
		return &refusal{"invalid_request", "openid scope must be requested"}
	}
	for _, scope := range asked {
		if slices.Contains(s.knownScopes(), scope) {
			q.scopes = append(q.scopes, scope)
		}
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
	if raw == "" || q.protocol == oauth {
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
	if raw == "" || q.protocol == oauth {
		return nil
	}
	claims, _, signed := s.verify(raw)
	if !signed {
		return &refusal{"invalid_request", "could not validate id_token_hint"}
	}
	q.hinted, _ = claims["sub"].(string)
	return nil
}

// unreserved is the alphabet and length of a verifier (RFC 7636 §4.1).
func unreserved(value string) bool {
	if len(value) < 43 || len(value) > 128 {
		return false
	}
	return strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == ""
}
