package oidctest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// JWTBearer lets applications get tokens by assertions about people of the Realm (RFC 7523 §2.1).
type JWTBearer struct {
	// Issuers are those whose assertions are accepted: by iss, the public keys, a JWK Set in JSON.
	Issuers map[string]json.RawMessage
}

// exchangeJWT is the JWT bearer grant (RFC 7523 §3). The client must authenticate too.
func (s *Server) exchangeJWT(r *http.Request) (map[string]any, *failure) {
	k, failed := s.authenticate(r, s.TokenAuth)
	if failed != nil {
		return nil, failed
	}
	raw := r.PostForm.Get("assertion")
	if raw == "" {
		return nil, invalidRequest("missing required parameter 'assertion'")
	}
	_, claims, _ := parseJWT(raw)
	text := func(name string) string { value, _ := claims[name].(string); return value }
	keys, trusted := s.JWTBearer.Issuers[text("iss")]
	issuer := &client{realm: s.realm, app: App{JWKS: keys}}
	now := s.realm.Time()
	end, bounded := claims["exp"].(float64)
	switch until := time.Unix(int64(end), 0); {
	case !trusted || !s.signedBy(r, issuer, raw, s.allowed(assertionAlgs(authKeyJWT))):
		return nil, invalidGrant("the assertion is not signed by an issuer that is trusted")
	case !only(claims["aud"], s.issuer(r)) && !only(claims["aud"], s.issuer(r)+"/token"):
		return nil, invalidGrant("the assertion is not for this server")
	case !bounded || !now.Before(until) || until.After(now.Add(time.Hour)):
		return nil, invalidGrant("the assertion has no exp, has expired, or is good for more than an hour")
	case later(claims["nbf"], s.soon()) || later(claims["iat"], s.soon()):
		return nil, invalidGrant("the assertion is from the future")
	case text("jti") != "" && !s.memory.firstUse(text("iss")+" "+text("jti"), until, now):
		return nil, invalidGrant("the assertion was used before")
	}
	user := s.realm.Account(text("sub"))
	if user == nil {
		return nil, invalidGrant("the subject of the assertion is unknown")
	}
	scopes, _ := split(words(either(r.PostForm.Get("scope"), "openid profile")), s.scopes())
	if s.OAuth && len(scopes) == 0 {
		scopes = s.scopes()
	}
	scopes = slices.DeleteFunc(scopes, func(scope string) bool { return scope == "offline_access" }) // RFC 7521 §4.1
	g := &grant{issuer: s.issuer(r), client: k.id, app: k.client, user: user, scopes: scopes, login: now}
	return s.tokens(r, g, scopes, "", nil)
}
