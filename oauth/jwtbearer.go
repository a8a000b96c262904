package oauth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"time"
)

const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// JWTBearerOptions are the parameters of the JWT bearer grant (RFC 7523 §2.1).
type JWTBearerOptions struct {
	// Assertion is the JWT that grants the token: of another system, or from JWTAssertion.Sign. It is required.
	Assertion string
	// Scope is a space-separated list; empty sends none.
	Scope string
	// AuthorizationDetails say what the token is for, where a scope is not exact enough (RFC 9396 §6); see AuthorizeOptions. Empty
	// sends none.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

// GetAccessTokenByJWTBearer gets a token for the subject of a JWT that the server trusts (RFC 7523 §2.1). The client
// authenticates as at the token endpoint; None is for a server that needs the assertion alone. With NewTokenSource a
// program keeps such a token.
func (c *Client) GetAccessTokenByJWTBearer(ctx context.Context, o JWTBearerOptions) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.GetAccessTokenByJWTBearer(ctx, o) })
	}
	if bad := unfitAssertion(o.Assertion); bad != "" {
		return nil, fmt.Errorf("oauth: Assertion %s", bad)
	}
	if err := checkExtra(o.Extra, "assertion", "scope", detailsParam); err != nil {
		return nil, err
	}
	form := newForm("grant_type", jwtBearerGrant, "assertion", o.Assertion, "scope", o.Scope)
	if err := c.addDetails(form, o.AuthorizationDetails); err != nil {
		return nil, err
	}
	if err := merge(form, o.Extra); err != nil {
		return nil, err
	}
	t, err := c.grant(ctx, form)
	if err == nil && t.Scope == "" {
		t.Scope = o.Scope // RFC 6749 §5.1: a missing scope is the requested one
	}
	return t, err
}

// maxJWTAssertion is the longest lifetime that known servers accept.
const maxJWTAssertion = time.Hour

// JWTAssertion makes the JWT of a JWT bearer grant with a key that the server knows (RFC 7523 §3), such as that of a
// service account.
type JWTAssertion struct {
	// Key signs it.
	Key SigningKey
	// Issuer is iss, the name under which the server knows Key. It is required.
	Issuer string
	// Subject is sub, whom the token is for; empty is Issuer.
	Subject string
	// Audience is aud: the server's issuer, or its token endpoint where the server wants that. It is one value, so that no
	// other server can use the assertion. It is required.
	Audience string
	// Lifetime is the time from iat to exp, in whole seconds, at most an hour; 0 means 60 seconds.
	Lifetime time.Duration
	// Claims adds claims, such as scope for a server that reads it there. A claim that the assertion has itself is an error.
	Claims map[string]any
}

// Sign returns a new assertion, which is for one use (RFC 7523 §3): iss, sub, aud, iat, exp and a random jti. now is the time
// of iat; zero is time.Now.
func (a JWTAssertion) Sign(now time.Time) (string, error) {
	switch {
	case a.Issuer == "" || a.Audience == "":
		return "", errors.New("oauth: JWTAssertion needs Issuer and Audience")
	case a.Lifetime < 0 || a.Lifetime > maxJWTAssertion || a.Lifetime%time.Second != 0:
		return "", errors.New("oauth: JWTAssertion.Lifetime must be whole seconds, at most an hour")
	}
	if now.IsZero() {
		now = time.Now()
	}
	if a.Subject == "" {
		a.Subject = a.Issuer
	}
	if a.Lifetime == 0 {
		a.Lifetime = assertionLifetime
	}
	claims := map[string]any{
		"iss": a.Issuer, "sub": a.Subject, "aud": a.Audience, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(a.Lifetime).Unix(),
	}
	for name := range a.Claims {
		if _, own := claims[name]; own {
			return "", fmt.Errorf("oauth: JWTAssertion.Claims must not set %s", name)
		}
	}
	maps.Copy(claims, a.Claims)
	signed, err := a.Key.sign("JWT", claims)
	if err != nil {
		return "", fmt.Errorf("oauth: JWTAssertion: %w", err)
	}
	return signed, nil
}
