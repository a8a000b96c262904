package authtest

import (
	"crypto/sha256"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// exchangeCode is the authorization_code grant (RFC 6749 §4.1.3, RFC 7636 §4.6).
func (s *Server) exchangeCode(r *http.Request, p protocol) (map[string]any, *failure) {
	if _, failed := s.authenticate(r, s.TokenAuth); failed != nil {
		return nil, failed
	}
	form := r.PostForm
	for _, name := range []string{"code", "redirect_uri"} {
		if form.Get(name) == "" {
			return nil, invalidRequest("missing required parameter '" + name + "'")
		}
	}
	c, failed := s.redeem(p, form.Get("code"), form.Get("redirect_uri"), form.Get("code_verifier"))
	if failed != nil {
		return nil, failed
	}
	var refresh *token
	if c.grant.offline {
		refresh = s.issueRefresh(c.grant)
	}
	return s.tokens(c.grant, c.grant.scopes, c.nonce, refresh)
}

// redeem uses the code up. A second use means that it leaked: all tokens that
// came from it die (RFC 6749 §4.1.2).
func (s *Server) redeem(p protocol, value, redirectURI, verifier string) (*code, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.memory.codes.Get(value, s.realm.Time())
	switch {
	case !ok || c.grant.protocol != p:
		return nil, invalidGrant("the code is unknown or too old")
	case c.used:
		c.grant.revoked = true
		return nil, invalidGrant("the code was used before")
	case c.redirectURI != redirectURI:
		return nil, invalidGrant("redirect_uri is not the one of the authorization request")
	}
	if failed := c.verify(verifier); failed != nil {
		return nil, failed
	}
	c.used = true
	return c, nil
}

func (c *code) verify(verifier string) *failure {
	switch {
	case c.challenge == "" && verifier == "":
		return nil
	case c.challenge == "":
		// Taking it would let an attacker strip the challenge (RFC 9700 §2.1.1).
		return invalidGrant("code_verifier came without a code_challenge before it")
	case verifier == "":
		return invalidGrant("code_verifier is missing")
	case !unreserved(verifier):
		return &failure{http.StatusBadRequest, "invalid_grant", "code_verifier has a wrong form"}
	}
	derived := verifier
	if c.challengeMethod == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		derived = encode(sum[:])
	}
	if !idptest.Same(derived, c.challenge) {
		return invalidGrant("code_verifier does not fit the code_challenge")
	}
	return nil
}
