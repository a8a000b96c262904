package authtest

import (
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Lifetimes, as Authing's samples show them.
const (
	accessLifetime  = time.Hour
	refreshLifetime = 14 * 24 * time.Hour
)

// grant is what a person, or a machine, allowed: all codes and tokens that come
// from one login share it, and die with it.
type grant struct {
	protocol           protocol
	issuer             string
	client             string
	user               *idptest.User // nil for client_credentials
	scopes             []string
	authTime           time.Time // zero: not to be told
	idClaims, meClaims []string
	offline            bool // a refresh token is due
	revoked            bool // guarded by Server.mu
}

// code is an authorization code.
type code struct {
	grant                      *grant
	redirectURI                string
	nonce                      string
	challenge, challengeMethod string
	used                       bool
}

// token is an access token or a refresh token.
type token struct {
	grant       *grant
	value       string
	id          string // jti
	refresh     bool
	scopes      []string
	issued, end time.Time
	claims      map[string]any // of a JWT
	used        bool           // a refresh token that was exchanged
	revoked     bool
}

// expiresIn is expires_in: the OAuth server counts from a moment later.
func (p protocol) expiresIn() int {
	if p == oauth {
		return 3599
	}
	return 3600
}

func (s *Server) grantFor(q *authRequest, who *idptest.Login) *grant {
	g := &grant{
		protocol: q.protocol, issuer: q.issuer, client: s.appID(), user: who.User, scopes: q.scopes,
		idClaims: q.idClaims, meClaims: q.meClaims,
		// An OAuth login always has a refresh token, but never one of the implicit grant (RFC 6749 §4.2.2).
		offline: q.offline || q.protocol == oauth && q.has("code"),
	}
	if q.wantAuthTime {
		g.authTime = who.Time
	}
	return g
}

func (s *Server) issueCode(g *grant, q *authRequest) string {
	value := idptest.Opaque()
	if g.protocol == oauth {
		value = idptest.OpaqueHex()
	}
	now := s.realm.Time()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory.codes.Put(value, &code{
		grant: g, redirectURI: q.redirectURI, nonce: q.nonce,
		challenge: q.challenge, challengeMethod: q.challengeMethod,
	}, now.Add(codeLifetime), now)
	return value
}

// issueAccess makes an access token: a JWT for OpenID Connect, 40 hex characters for OAuth.
func (s *Server) issueAccess(g *grant, scopes []string) (*token, error) {
	now := s.realm.Time()
	t := &token{grant: g, id: idptest.Opaque()[:21], scopes: scopes, issued: now, end: now.Add(accessLifetime)}
	if g.protocol == oauth {
		t.value = idptest.OpaqueHex()
	} else if err := s.signAccess(t); err != nil {
		return nil, err
	}
	s.keep(t)
	return t, nil
}

func (s *Server) issueRefresh(g *grant) *token {
	now := s.realm.Time()
	t := &token{grant: g, id: idptest.Opaque()[:21], refresh: true, scopes: g.scopes, issued: now, end: now.Add(refreshLifetime), value: idptest.Opaque()}
	if g.protocol == oauth {
		t.value = idptest.OpaqueHex()
	}
	s.keep(t)
	return t
}

func (s *Server) keep(t *token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory.tokens.Put(t.value, t, t.end, t.issued)
}

// live returns the token of that value when it is one of p's and still good.
func (s *Server) live(p protocol, value string) *token {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.memory.tokens.Get(value, s.realm.Time())
	if !ok || t.grant.protocol != p || t.dead() {
		return nil
	}
	return t
}

// dead is called under Server.mu.
func (t *token) dead() bool { return t.used || t.revoked || t.grant.revoked }

func (t *token) has(scope string) bool { return slices.Contains(t.scopes, scope) }
