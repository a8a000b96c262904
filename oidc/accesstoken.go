package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// AccessToken is a verified JWT access token (RFC 9068 §2.2).
type AccessToken struct {
	Issuer, Subject, ClientID, AuthorizedParty string
	JWTID, Scope                               string
	Audience                                   []string
	Expiry, IssuedAt, NotBefore                time.Time

	payload string
}

// HasScope tells whether scope is one of the words of t.Scope.
func (t *AccessToken) HasScope(scope string) bool {
	return slices.Contains(strings.Fields(t.Scope), scope)
}

// Claims decodes all claims into v.
func (t *AccessToken) Claims(v any) error {
	if err := strictjson.Decode([]byte(t.payload), v); err != nil {
		return fmt.Errorf("oidc: claims: %w", err)
	}
	return nil
}

// AccessTokenExpect is what an access token must answer to.
type AccessTokenExpect struct {
	// Audience is the resource that the token must be for; empty means Config.ClientID.
	Audience string
	// AllowPlainJWT accepts tokens without typ at+jwt, as Authing issues them. They differ from ID
	// tokens by their scope alone, so a server that puts a scope into ID tokens would make one pass.
	AllowPlainJWT bool
}

// VerifyAccessToken checks a JWT access token: form, pinned algorithm, signature, typ, iss, aud, exp,
// nbf, iat, and the claims that RFC 9068 §2.2 demands (RFC 9068 §4). A *TokenError says which failed.
// A token that is bound to a key (cnf) is refused: no proof of the key is checked here.
func (c *Client) VerifyAccessToken(ctx context.Context, raw string, e AccessTokenExpect) (*AccessToken, error) {
	if e.Audience == "" {
		e.Audience = c.cfg.ClientID
	}
	if e.Audience == "" {
		return nil, errors.New("oidc: AccessTokenExpect.Audience is not set, and there is no ClientID in its place")
	}
	keys, err := c.accessKeys(ctx)
	if err != nil {
		return nil, err
	}
	var space [32]strictjson.Member
	token, members, err := c.access.open(ctx, c.access.alg, raw, keys, space[:0])
	if err != nil {
		return nil, err
	}
	typed := equalMedia(token.Header.Type, "at+jwt")
	if !typed && !(e.AllowPlainJWT && isJWT(token.Header.Type)) {
		return nil, refuse(CheckType, "typ is not at+jwt (AllowPlainJWT accepts JWT)")
	}
	var cl claims
	if err := cl.read(members, nil); err != nil {
		return nil, err
	}
	if err := cl.checkCommon(c.cfg.Issuer, c.cfg.Now(), c.cfg.Skew); err != nil {
		return nil, err
	}
	if err := cl.checkAudience(e.Audience); err != nil {
		return nil, err
	}
	if err := cl.checkAccess(typed); err != nil {
		return nil, err
	}
	return &AccessToken{
		Issuer: cl.iss, Subject: cl.sub, ClientID: cl.clientID, AuthorizedParty: cl.azp, JWTID: cl.jti, Scope: cl.scope,
		Audience: cl.aud, Expiry: cl.exp, IssuedAt: cl.iat, NotBefore: cl.nbf, payload: token.Payload,
	}, nil
}

func (c *Client) accessKeys(ctx context.Context) (KeySet, error) {
	if c.access.secret != nil || c.cfg.Keys != nil {
		return c.cfg.Keys, nil
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.keys, nil
}

func (cl *claims) checkAccess(typed bool) error {
	switch {
	case cl.hasCnf:
		return refuse(CheckBinding, "the token is bound to a key, and a bearer has no proof of it")
	case typed && cl.sub == "":
		return refuse(CheckSubject, "sub is missing or empty")
	case typed && cl.clientID == "":
		return refuse(CheckClientID, "client_id is missing")
	case typed && cl.jti == "":
		return refuse(CheckTokenID, "jti is missing")
	case typed:
		return nil
	case cl.hasNonce || cl.atHash != "" || cl.cHash != "":
		return refuse(CheckType, "this is an ID token: it has nonce, at_hash or c_hash")
	case strings.TrimSpace(cl.scope) == "":
		return refuse(CheckScope, "the token has no scope, so nothing tells it from an ID token")
	}
	return nil
}

// equalMedia compares a typ without case, and without the application/ that may be left out (RFC 7515
// §4.1.9).
func equalMedia(typ, want string) bool {
	if len(typ) > len("application/") && strings.EqualFold(typ[:len("application/")], "application/") {
		typ = typ[len("application/"):]
	}
	return strings.EqualFold(typ, want)
}
