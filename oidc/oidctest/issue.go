package oidctest

import (
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// opaque is a code or a token that tells nothing.
func (s *Server) opaque() string {
	if s.OAuth {
		return idptest.OpaqueHex()
	}
	return idptest.Opaque()
}

func (s *Server) issueCode(g *grant, q *authRequest) string {
	value := s.opaque()
	lifetime := codeLifetime
	if s.fapi() {
		lifetime = fapiCodeLifetime
	}
	s.memory.keepCode(value, &code{
		grant: g, redirectURI: q.redirectURI, nonce: q.nonce,
		jkt: q.jkt, challenge: q.challenge, challengeMethod: q.challengeMethod,
	}, lifetime, s.realm.Time())
	return value
}

// issueAccess makes t an access token: a JWT for OpenID Connect, an opaque one for OAuth.
func (s *Server) issueAccess(t *token) (*token, error) {
	t.id, t.issued = idptest.Opaque()[:21], s.realm.Time()
	t.end = t.issued.Add(accessLifetime)
	var err error
	if s.OAuth {
		t.value = s.opaque()
	} else if t.value, err = s.signAccess(t); err != nil {
		return nil, err
	}
	s.memory.keep(t)
	return t, nil
}

func (s *Server) issueRefresh(g *grant) *token {
	now := s.realm.Time()
	t := &token{grant: g, id: idptest.Opaque()[:21], refresh: true, scopes: g.scopes, issued: now, end: now.Add(refreshLifetime), value: s.opaque()}
	s.memory.keep(t)
	return t
}

// tokens makes the reply to a grant (RFC 6749 §5.1): the access token, and an ID token and a refresh token where they
// are due. The access token is bound to the key of the request r.
func (s *Server) tokens(r *http.Request, g *grant, scopes []string, nonce string, refresh *token) (map[string]any, *failure) {
	resources, failed := s.narrow(g, r.PostForm["resource"])
	if failed != nil {
		return nil, failed
	}
	details, failed := s.narrowDetails(r, g)
	if failed != nil {
		return nil, failed
	}
	unsigned := &failure{http.StatusInternalServerError, "server_error", "a token could not be signed"}
	owner := s.owner(g.app)
	bound := bind(r, owner)
	access, err := s.issueAccess(&token{grant: g, scopes: scopes, resources: resources, details: details, bound: bound})
	if err != nil {
		return nil, unsigned
	}
	reply := map[string]any{
		"access_token": access.value, "token_type": bound.tokenType(),
		"expires_in": s.expiresIn(), "scope": strings.Join(scopes, " "),
	}
	if len(details) > 0 {
		reply["authorization_details"] = details
		reply = breakJSON(owner, MalformedDetails, reply, "authorization_details", "all of them")
	}
	if !s.OAuth && g.user != nil && access.has("openid") {
		idToken, err := s.issueIDToken(g, idTokenParts{nonce: nonce, accessToken: access.value, refresh: refresh})
		if err != nil {
			return nil, unsigned
		}
		reply["id_token"] = idToken
	}
	if refresh != nil {
		reply["refresh_token"] = refresh.value
		if owner.public {
			s.memory.bindRefresh(refresh, bound.jkt)
		}
	}
	reply = breakJSON(owner, BearerTokenType, reply, "token_type", "Bearer")
	reply = breakJSON(owner, OtherCaseTokenType, reply, "token_type", otherCase(bound.tokenType()))
	reply = breakJSON(owner, MissingExpiresIn, reply, "expires_in", nil)
	reply = breakJSON(owner, MissingAccessToken, reply, "access_token", nil)
	reply = breakJSON(owner, NotApplicable, reply, "token_type", "N_A")
	return breakJSON(owner, MissingIDToken, reply, "id_token", nil), nil
}

// expiresIn is expires_in, in seconds.
func (s *Server) expiresIn() int {
	if s.ExpiresIn > 0 {
		return int(s.ExpiresIn / time.Second)
	}
	return int(accessLifetime / time.Second)
}
