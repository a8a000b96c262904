package oidctest

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// assertionLifetime is the longest time that an assertion is good for.
const assertionLifetime = time.Minute

// assertionAlgs are those of the two methods.
func assertionAlgs(method string) []string {
	if method == authSecretJWT {
		return []string{"HS256", "HS384", "HS512"}
	}
	return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
}

// checkAssertion verifies the assertion of an application (RFC 7523 §3, OpenID Connect Core §9). Its audience is the
// issuer alone (draft-ietf-oauth-rfc7523bis §4).
func (s *Server) checkAssertion(r *http.Request, c *client, method, raw string) *failure {
	algs := s.allowed(assertionAlgs(method))
	if c.app.TokenAuthAlg != "" {
		algs = slices.DeleteFunc(algs, func(alg string) bool { return alg != c.app.TokenAuthAlg })
	}
	header, claims, _ := parseJWT(raw)
	if typ, present := header["typ"]; present && typ != "JWT" && typ != "client-authentication+jwt" {
		return invalidClient("the client_assertion has a typ of another kind of JWT")
	}
	if !s.signedBy(r, c, raw, algs) {
		return invalidClient("the client_assertion is not signed by the client, or by another algorithm")
	}
	audience := s.issuer(r)
	if c.Broken(TokenEndpointAudience) {
		audience += "/token"
	}
	now := s.realm.Time()
	id, _ := claims["jti"].(string)
	end, bounded := claims["exp"].(float64)
	switch until := time.Unix(int64(end), 0); {
	case claims["iss"] != c.id:
		return invalidClient("the iss of the client_assertion is not the client")
	case !only(claims["aud"], audience) || s.fapi() && claims["aud"] != audience: // §5.3.2.1: a string
		return invalidClient("the aud of the client_assertion is not this server alone")
	case !bounded || !now.Before(until):
		return invalidClient("the client_assertion has no exp, or has expired")
	case until.After(now.Add(assertionLifetime)):
		return invalidClient("the client_assertion is good for more than a minute")
	case later(claims["nbf"], s.soon()) || later(claims["iat"], s.soon()):
		return invalidClient("the client_assertion is from the future")
	case id == "" || !s.memory.firstUse(c.id+" "+id, until, now):
		return invalidClient("the client_assertion has no jti, or was used before")
	}
	return nil
}

// only says whether an aud is one value, as a string or as a list of one.
func only(aud any, value string) bool {
	if list, ok := aud.([]any); ok {
		return len(list) == 1 && list[0] == value
	}
	return aud == value
}

// later says whether a time of a claim is in the future; without the claim it is not.
func later(claim any, now time.Time) bool {
	if claim == nil {
		return false
	}
	seconds, ok := claim.(float64)
	return !ok || time.Unix(int64(seconds), 0).After(now)
}

// signedBy says whether the application signed a JWT by one of the algorithms: an HMAC under its secret, or a key of its
// JWKS.
func (s *Server) signedBy(r *http.Request, c *client, raw string, algs []string) bool {
	allowed := make([]jose.SignatureAlgorithm, 0, len(algs))
	for _, alg := range algs {
		allowed = append(allowed, jose.SignatureAlgorithm(alg))
	}
	parsed, err := jose.ParseSignedCompact(raw, allowed)
	if err != nil {
		return false
	}
	header := parsed.Signatures[0].Header
	if symmetric(header.Algorithm) {
		_, err = parsed.Verify([]byte(c.secret))
		return err == nil && len(c.secret) >= algHash(header.Algorithm).Size()
	}
	for _, key := range s.clientKeys(r.Context(), c) {
		fits := (header.KeyID == "" || key.KeyID == header.KeyID) && !s.short(key)
		if fits && key.IsPublic() && (key.Algorithm == "" || key.Algorithm == header.Algorithm) && key.Use != "enc" {
			if _, err := parsed.Verify(key); err == nil {
				return true
			}
		}
	}
	return false
}
