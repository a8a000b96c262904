package oidctest

import (
	"crypto/sha256"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// readPKCE checks the challenge (RFC 7636 §4.3).
func (s *Server) readPKCE(q *authRequest, form url.Values) *refusal {
	q.challenge, q.challengeMethod = form.Get("code_challenge"), form.Get("code_challenge_method")
	switch {
	case s.fapi() && q.challengeMethod != "S256":
		return &refusal{"invalid_request", "code_challenge of the method S256 must be provided"}
	case q.challenge == "" && q.challengeMethod == "":
		return nil
	case q.challenge == "":
		return &refusal{"invalid_request", "code_challenge must be provided with code_challenge_method"}
	case q.challengeMethod == "":
		q.challengeMethod = "plain"
	case !slices.Contains(s.challengeMethods(), q.challengeMethod):
		return &refusal{"invalid_request", "not supported value of code_challenge_method"}
	}
	if !unreserved(q.challenge) || q.challengeMethod == "S256" && len(q.challenge) != 43 {
		return &refusal{"invalid_request", "code_challenge has a wrong form"}
	}
	return nil
}

// challengeMethods are those that the server has; FAPI 2.0 Security Profile §5.3.2.2 has one.
func (s *Server) challengeMethods() []string {
	if s.fapi() {
		return []string{"S256"}
	}
	return []string{"plain", "S256"}
}

// verifyPKCE compares a verifier with the challenge (RFC 7636 §4.6).
func verifyPKCE(challenge, method, verifier string) *failure {
	switch {
	case challenge == "" && verifier == "":
		return nil
	case challenge == "":
		// Taking it would let an attacker strip the challenge (RFC 9700 §2.1.1).
		return invalidGrant("code_verifier came without a code_challenge before it")
	case verifier == "":
		return invalidGrant("code_verifier is missing")
	case !unreserved(verifier):
		return &failure{http.StatusBadRequest, "invalid_grant", "code_verifier has a wrong form"}
	}
	derived := verifier
	if method == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		derived = encode(sum[:])
	}
	if !idptest.Same(derived, challenge) {
		return invalidGrant("code_verifier does not fit the code_challenge")
	}
	return nil
}

// unreserved is the alphabet and length of a verifier (RFC 7636 §4.1).
func unreserved(value string) bool {
	if len(value) < 43 || len(value) > 128 {
		return false
	}
	return strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == ""
}
