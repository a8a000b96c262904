package oidctest

import "strings"

// signAccess makes the JWT of an access token: that of RFC 9068 §2, or a plain one.
func (s *Server) signAccess(t *token) (string, error) {
	g := t.grant
	owner := s.owner(g.app)
	claims := map[string]any{
		"jti": t.id, "iat": t.issued.Unix(), "exp": t.end.Unix(),
		"scope": strings.Join(t.scopes, " "), "iss": g.issuer, "aud": either(owner.app.AccessTokenAudience, g.client),
	}
	if len(t.resources) > 0 {
		claims["aud"] = t.resources
	}
	if len(g.audience) > 0 {
		claims["aud"] = g.audience
	}
	if g.act != nil {
		claims["act"] = g.act
	}
	if sub := s.subject(g); sub != "" {
		claims["sub"] = sub
	}
	typ := "at+jwt"
	switch {
	case owner.app.PlainAccessTokens:
		typ = "JWT"
		if g.user == nil {
			claims["azp"] = s.owner(g.app).id
		}
	default:
		claims["client_id"] = g.client
		if !g.login.IsZero() {
			claims["auth_time"] = g.login.Unix() // a refreshed token keeps it: RFC 9068 §2.2.1
		}
	}
	if len(t.details) > 0 {
		claims["authorization_details"] = t.details
	}
	if cnf := s.confirmation(t); cnf != nil {
		claims["cnf"] = cnf
	}
	breakAccessToken(owner, claims, t.issued)
	return s.signer.sign(owner, typ, s.signer.ownAlg, claims)
}

// subject is whom a token is about. Without a person that is the client, where RFC 9068 §2.2 asks for one.
func (s *Server) subject(g *grant) string {
	switch {
	case g.user != nil:
		return g.user.ID()
	case s.OAuth || s.owner(g.app).app.PlainAccessTokens:
		return ""
	}
	return g.client
}
