package authtest

import (
	"maps"
	"strings"
)

// idTokenParts is what an ID token refers to; absent parts have no claim.
type idTokenParts struct{ nonce, accessToken, code string }

// issueIDToken makes an ID token (OpenID Connect Core §2, §3.3.2.11). As on
// Authing, the claims of the scopes are in it whatever the response type.
func (s *Server) issueIDToken(g *grant, parts idTokenParts) (string, error) {
	now := s.realm.Time()
	alg := s.idTokenAlg()
	claims := s.realm.Claims(g.user, g.scopes, g.idClaims)
	set := map[string]any{
		"iss": g.issuer, "aud": g.client, "sub": g.user.ID(),
		"iat": now.Unix(), "exp": now.Add(accessLifetime).Unix(),
	}
	if parts.nonce != "" {
		set["nonce"] = parts.nonce
	}
	if parts.accessToken != "" {
		set["at_hash"] = halfHash(alg, parts.accessToken)
	}
	if parts.code != "" {
		set["c_hash"] = halfHash(alg, parts.code)
	}
	if !g.authTime.IsZero() {
		set["auth_time"] = g.authTime.Unix()
	}
	// The user's own claims never speak for the protocol's.
	for _, name := range []string{"nonce", "at_hash", "c_hash", "auth_time", "azp", "nbf", "jti", "scope"} {
		delete(claims, name)
	}
	maps.Copy(claims, set)
	s.breakIDToken(claims, now)
	return s.sign(alg, claims)
}

// signAccess makes the JWT of an access token, with the claims of Authing's samples.
func (s *Server) signAccess(t *token) error {
	g := t.grant
	t.claims = map[string]any{
		"jti": t.id, "iat": t.issued.Unix(), "exp": t.end.Unix(),
		"scope": strings.Join(t.scopes, " "), "iss": g.issuer, "aud": g.client,
	}
	if g.user != nil {
		t.claims["sub"] = g.user.ID()
	} else {
		t.claims["azp"] = s.appID()
	}
	s.breakAccessToken(t.claims, t.issued)
	var err error
	t.value, err = s.sign(accessTokenAlg, t.claims)
	return err
}
