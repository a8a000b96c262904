package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/internal/tokencache"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// AccessToken is a verified JWT access token (RFC 9068 §2.2). A claim that the token does not have is empty.
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
	// AuthTime is auth_time, when the user authenticated (RFC 9068 §2.2.1). Refreshed tokens keep it.
	AuthTime time.Time
	// ACR is acr, the authentication context class.
	ACR string
	// AMR is amr, the authentication methods, such as pwd and otp (RFC 8176 §2).
	AMR []string
	// Groups are the groups of the user (RFC 9068 §2.2.3.1, RFC 7643 §4.1.2): strings, or the values of objects. A
	// claim of another form is empty here; Claims has it.
	Groups []string
	// Roles are the roles of the user, read like Groups.
	Roles []string
	// AuthorizationDetails are what the token allows, a JSON array of objects with a type (RFC 9396 §9.1).
	// oauth.AuthorizationDetailsOf reads them.
	AuthorizationDetails json.RawMessage
	// Binding is cnf, the key that the token is bound to; see AccessTokenExpect.AllowBoundToken.
	Binding oauth.Binding
	// Entitlements are what the user may have or do, read like Groups.
	Entitlements []string
	// Actor is act, the party that acts for Subject (RFC 8693 §4.1); nil when the token was not delegated.
	Actor *oauth.Actor

	payload string
}

// HasScope reports whether scope is in the list t.Scope.
func (t *AccessToken) HasScope(scope string) bool {
	rest, more := t.Scope, scope != ""
	for more {
		var word string
		if word, rest, more = strings.Cut(rest, " "); word == scope { // no other white space separates (RFC 6749 §3.3)
			return true
		}
	}
	return false
}

// Claims decodes all claims into v, a pointer, by exact names.
func (t *AccessToken) Claims(v any) error {
	if err := strictjson.Decode(t.payload, v); err != nil {
		return fmt.Errorf("oidc: claims: %w", err)
	}
	return nil
}

// VerifyAccessToken checks a JWT access token: form, pinned algorithm, signature, kind, iss, aud, exp,
// nbf, iat, the claims that RFC 9068 §2.2 demands (RFC 9068 §4), and the required scopes. A *TokenError says which
// failed, and its ErrorCode what to answer the caller. Any other error means that the keys could not be fetched.
// A token that is bound to a key (cnf) is refused without AllowBoundToken: no proof of the key is checked here. For a token that is not a JWT
// use IntrospectToken.
func (c *Client) VerifyAccessToken(ctx context.Context, raw string, e AccessTokenExpect) (*AccessToken, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := e.fill(c.cfg.ClientID); err != nil {
		return nil, option.Mistake(err)
	}
	if err := c.cfg.rules.accessToken(c.access.alg, &e); err != nil {
		return nil, option.Mistake(err)
	}
	keys, err := c.accessKeys(ctx)
	if err != nil {
		return nil, err
	}
	t, err := c.accessToken(ctx, raw, &e, keys)
	if err != nil {
		return nil, err
	}
	if err := e.checkScopes(t); err != nil {
		return nil, err
	}
	return t, nil
}

func (c *Client) accessToken(ctx context.Context, raw string, e *AccessTokenExpect, keys KeySet) (*AccessToken, error) {
	if c.known == nil {
		return c.verifyAccess(ctx, raw, e, keys)
	}
	key := tokencache.NewKey(raw)
	if t := c.recall(key, e, keys); t != nil {
		return t, nil
	}
	before, _ := freshSnapshot(keys, c.cfg.Now())
	t, err := c.verifyAccess(ctx, raw, e, keys)
	if err == nil {
		c.remember(key, t, *e, keys, before)
	}
	return t, err
}

func (c *Client) verifyAccess(ctx context.Context, raw string, e *AccessTokenExpect, keys KeySet) (*AccessToken, error) {
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
	if err := e.checkAudience(&cl); err != nil {
		return nil, err
	}
	if err := e.checkAccess(&cl, members, typed); err != nil {
		return nil, err
	}
	t := newAccessToken(&cl, members, token.Payload)
	if c.cfg.rules.fapi && t.Binding.Zero() {
		return nil, refuse(CheckBinding, "the token is bound to no key (cnf), and Profile demands it")
	}
	if t.Actor, err = actor(members); err != nil {
		return nil, err
	}
	if t.AuthorizationDetails, err = authorizationDetails(members); err != nil {
		return nil, err
	}
	return t, nil
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
