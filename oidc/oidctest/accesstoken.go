package oidctest

import "strings"

// signAccess makes the JWT of an access token.
func (s *Server) signAccess(t *token) (string, error) {
	g := t.grant
	claims := map[string]any{
		"jti": t.id, "iat": t.issued.Unix(), "exp": t.end.Unix(),
		"scope": strings.Join(t.scopes, " "), "iss": g.issuer, "aud": g.client,
	}
	if g.user != nil {
		claims["sub"] = g.user.ID()
	} else {
		claims["azp"] = s.client.id
	}
	owner := s.owner(g.app)
	breakAccessToken(owner, claims, t.issued)
	return s.signer.sign(owner, "JWT", accessTokenAlg, claims)
}
