package oidctest

import (
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange"

// The types of tokens (RFC 8693 §3).
const (
	typeAccess  = "urn:ietf:params:oauth:token-type:access_token"
	typeRefresh = "urn:ietf:params:oauth:token-type:refresh_token"
	typeID      = "urn:ietf:params:oauth:token-type:id_token"
	typeJWT     = "urn:ietf:params:oauth:token-type:jwt"
)

// TokenExchange lets confidential applications exchange the access and ID tokens of this server (RFC 8693): for an access
// token, a refresh token or an ID token. With an actor token the new token has the claim act.
type TokenExchange struct {
	// Audiences are the services for which a token can be had, as resource or audience; empty means any.
	Audiences []string
}

// presented is a token that the request has.
type presented struct {
	user    *idptest.User
	sub     string
	scopes  []string
	details details
	act     map[string]any
}

// exchangeToken is the token exchange grant (RFC 8693 §2.1).
func (s *Server) exchangeToken(r *http.Request) (map[string]any, *failure) {
	k, failed := s.authenticate(r, s.TokenAuth)
	if failed == nil && k.method == authNone {
		failed = unauthorizedClient("token exchange is for confidential clients")
	}
	if failed != nil {
		return nil, failed
	}
	form := r.PostForm
	subject, failed := s.present(k.client, form.Get("subject_token"), form.Get("subject_token_type"))
	if failed != nil {
		return nil, failed
	}
	g := &grant{issuer: s.issuer(r), client: k.id, app: k.client, user: subject.user, scopes: subject.scopes, details: subject.details, login: s.realm.Time(), act: subject.act}
	if form.Has("actor_token") || form.Has("actor_token_type") {
		actor, failed := s.present(k.client, form.Get("actor_token"), form.Get("actor_token_type"))
		if failed != nil {
			return nil, failed
		}
		g.act = map[string]any{"sub": actor.sub}
		if subject.act != nil {
			g.act["act"] = subject.act
		}
	}
	g.audience = slices.Concat(form["resource"], form["audience"])
	for _, service := range g.audience {
		if len(s.TokenExchange.Audiences) > 0 && !slices.Contains(s.TokenExchange.Audiences, service) {
			return nil, &failure{http.StatusBadRequest, "invalid_target", "there is no such service for this client"}
		}
	}
	if asked := words(form.Get("scope")); len(asked) > 0 {
		var beyond []string
		if g.scopes, beyond = split(asked, subject.scopes); len(beyond) > 0 {
			return nil, invalidScope("the subject token has not all of these scopes")
		}
	}
	return s.issueExchanged(r, g, either(form.Get("requested_token_type"), typeAccess))
}

// present reads a token of this server (RFC 8693 §2.1.1).
func (s *Server) present(c *client, value, kind string) (p presented, failed *failure) {
	bad := invalidRequest("the subject token or the actor token is missing, not valid, or of another type")
	switch kind {
	case typeAccess, typeJWT:
		t := s.memory.live(value, s.realm.Time())
		if t == nil || t.refresh {
			return p, bad
		}
		return presented{t.grant.user, either(s.subject(t.grant), t.grant.client), t.scopes, t.details, t.grant.act}, nil
	case typeID:
		if s.OAuth {
			return p, bad
		}
		claims, _, signed := s.signer.verifyFor(c.secret, c.idTokenAlg, value)
		end, _ := claims["exp"].(float64)
		if !signed || s.realm.Time().Unix() >= int64(end) {
			return p, bad
		}
		p.user = s.realm.Find(func(u *idptest.User) bool { return u.ID() == claims["sub"] })
		if p.user == nil {
			return p, bad
		}
		p.sub, p.scopes = p.user.ID(), []string{"openid"}
		return p, nil
	}
	return p, bad
}

// issueExchanged answers with a token of that type (RFC 8693 §2.2.1).
func (s *Server) issueExchanged(r *http.Request, g *grant, kind string) (map[string]any, *failure) {
	reply, failed := s.tokens(r, g, g.scopes, "", nil)
	if failed != nil {
		return nil, failed
	}
	idToken := reply["id_token"]
	delete(reply, "id_token")
	switch {
	case kind == typeAccess, kind == typeJWT && !s.OAuth:
	case kind == typeRefresh && g.user != nil:
		reply["access_token"], reply["token_type"] = s.issueRefresh(g).value, "N_A"
	case kind == typeID && idToken != nil:
		reply["access_token"], reply["token_type"] = idToken, "N_A"
	default:
		return nil, invalidRequest("a token of the requested type cannot be issued")
	}
	reply["issued_token_type"] = kind
	reply = breakJSON(g.app, MissingIssuedTokenType, reply, "issued_token_type", nil)
	return breakJSON(g.app, OtherIssuedTokenType, reply, "issued_token_type", "urn:ietf:params:oauth:token-type:saml2"), nil
}
