package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// AccessToken is a verified JWT access token (RFC 9068 §2.2). Claims that a plain token does not have are empty.
type AccessToken struct {
	// Issuer is iss, the server that issued the token.
	Issuer string
	// Subject is sub, the user or client that the token is about.
	Subject string
	// ClientID is the client that the token was issued to: client_id, and in a plain token also cid or appid.
	ClientID string
	// AuthorizedParty is azp, which many servers use for the client.
	AuthorizedParty string
	// JWTID is jti, the token's identifier.
	JWTID string
	// Scope is a space-separated list: scope, and in a plain token also scp.
	Scope string
	// Audience is aud, the resource servers that the token is for.
	Audience []string
	// Expiry is exp, when the token expires.
	Expiry time.Time
	// IssuedAt is iat.
	IssuedAt time.Time
	// NotBefore is nbf; zero when the token has none.
	NotBefore time.Time

	payload string
}

// HasScope reports whether scope is in the list t.Scope.
func (t *AccessToken) HasScope(scope string) bool {
	return scope != "" && slices.Contains(strings.Split(t.Scope, " "), scope) // no other white space separates (RFC 6749 §3.3)
}

// Claims decodes all claims into v, a pointer, by exact names.
func (t *AccessToken) Claims(v any) error {
	if err := strictjson.Decode([]byte(t.payload), v); err != nil {
		return fmt.Errorf("oidc: claims: %w", err)
	}
	return nil
}

// VerifyAccessToken checks a JWT access token: form, pinned algorithm, signature, kind, iss, aud, exp,
// nbf, iat, and the claims that RFC 9068 §2.2 demands (RFC 9068 §4). A *TokenError says which failed.
// A token that is bound to a key (cnf) is refused: no proof of the key is checked here. For a token that is not a JWT
// use IntrospectToken.
func (c *Client) VerifyAccessToken(ctx context.Context, raw string, e AccessTokenExpect) (*AccessToken, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := e.fill(c.cfg.ClientID); err != nil {
		return nil, err
	}
	keys, err := c.accessKeys(ctx)
	if err != nil {
		return nil, err
	}
	var space [32]strictjson.Member
	token, members, err := c.access.open(ctx, c.access.alg, raw, keys, space[:0])
	if err != nil {
		return nil, opaque(raw, err)
	}
	typed := kindAccessToken.has(token.Header.Type)
	switch plain := isJWT(token.Header.Type); {
	case plain && !e.AllowPlainJWT:
		return nil, refuse(CheckType, "typ is not at+jwt (AllowPlainJWT accepts JWT)")
	case !plain && !typed:
		return nil, kindAccessToken.refuseTyp(token.Header.Type)
	}
	var cl claims
	if err := cl.read(members, nil); err != nil {
		return nil, err
	}
	if err := c.issuer.check(&cl, members); err != nil {
		return nil, err
	}
	if err := cl.checkTimes(c.cfg.Now(), c.cfg.Skew); err != nil {
		return nil, err
	}
	if err := cl.checkAudience(e.Audience); err != nil {
		return nil, err
	}
	if err := e.checkAccess(&cl, members, typed); err != nil {
		return nil, err
	}
	return &AccessToken{
		Issuer: cl.iss, Subject: cl.sub, ClientID: cl.clientID, AuthorizedParty: cl.azp, JWTID: cl.jti, Scope: cl.scope,
		Audience: cl.aud, Expiry: cl.exp, IssuedAt: cl.iat, NotBefore: cl.nbf, payload: token.Payload,
	}, nil
}

// opaque adds to the refusal of a token that is not a JWT how to check it.
func opaque(raw string, err error) error {
	var e *TokenError
	if _, parsed := jose.Parse(raw, jose.MaxToken); errors.Is(parsed, jose.Format) && errors.As(err, &e) {
		switch {
		case raw == "":
			return refuse(e.Check, "the access token is empty")
		case strings.ContainsAny(raw, " \t\r\n"):
			return refuse(e.Check, "the access token has white space: pass it without the word Bearer and without a line end")
		}
		return refuse(e.Check, "%s: the access token is not a JWT: use IntrospectToken", e.Detail)
	}
	return err
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

// equalMedia compares a typ without case and without the optional prefix application/ (RFC 7515 §4.1.9).
func equalMedia(typ, want string) bool {
	if len(typ) > len("application/") && strings.EqualFold(typ[:len("application/")], "application/") {
		typ = typ[len("application/"):]
	}
	return strings.EqualFold(typ, want)
}
