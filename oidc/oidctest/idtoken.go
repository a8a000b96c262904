package oidctest

import "maps"

// idTokenParts is what an ID token refers to; absent parts have no claim. front is one that
// comes through the browser.
type idTokenParts struct {
	nonce, accessToken, code, state string
	front                           bool
	refresh                         *token // that comes beside it
}

// issueIDToken makes an ID token (OpenID Connect Core §2, §3.3.2.11). The claims of the scopes are in it whatever the
// response type: §5.4 lets a server do so.
func (s *Server) issueIDToken(g *grant, parts idTokenParts) (string, error) {
	now := s.realm.Time()
	alg := g.app.idTokenAlg
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
	if parts.state != "" {
		set["s_hash"] = halfHash(alg, parts.state) // FAPI 1.0 Advanced §5.1
	}
	if g.authReqID != "" { // OpenID Connect CIBA Core §10.3.1 demands them in the push mode
		set["urn:openid:params:jwt:claim:auth_req_id"] = g.authReqID
		if parts.refresh != nil {
			set["urn:openid:params:jwt:claim:rt_hash"] = halfHash(alg, parts.refresh.value)
		}
	}
	if !g.authTime.IsZero() {
		set["auth_time"] = g.authTime.Unix()
	}
	if g.sid != "" {
		set["sid"] = g.sid
	}
	// The user's own claims never speak for the protocol's.
	for _, name := range []string{"nonce", "at_hash", "c_hash", "s_hash", "auth_time", "azp", "nbf", "jti", "scope", "sid", "events"} {
		delete(claims, name)
	}
	maps.Copy(claims, set)
	breakIDToken(g.app, alg, claims, now)
	if parts.front {
		breakFrontToken(g.app, claims)
	} else if g.app.Broken(OtherSubject) {
		claims["sub"] = "another-person"
	}
	signed, err := s.signer.sign(g.app, "JWT", alg, claims)
	if err != nil {
		return "", err
	}
	return s.encrypt(g.app, g.app.idToken, "JWT", signed)
}
