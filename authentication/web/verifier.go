package web

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Verifier checks access tokens for RequireToken: JWT, Introspection, Authing, or one of your own.
type Verifier interface {
	// VerifyToken returns whom the token is for, after every check, its audience included. RequireToken answers an
	// error by its kind: authentication.ErrRefused is a token that must not be used, authentication.ErrDenied a caller
	// who may not call, authentication.ErrMisconfigured a mistake in the settings, and any other error means that there
	// was no answer. No error may contain the token.
	VerifyToken(ctx context.Context, token string) (*Caller, error)
}

// JWT verifies JWT access tokens (RFC 9068 §4) by oidc.Client.VerifyAccessToken, without a call to the server. The client
// needs only an Issuer. Name the scopes in RequireToken and not in e: its answers tell them to the client.
//
// A token that was revoked is accepted until it expires: where that must not be, use Introspection. It is a BoundVerifier.
func JWT(c *oidc.Client, e oidc.AccessTokenExpect) Verifier {
	e.OtherAudiences, e.ClientIDs = slices.Clone(e.OtherAudiences), slices.Clone(e.ClientIDs)
	e.AllowBoundToken = true // RequireToken checks the proof, and VerifyToken refuses the token
	return &jwt{c, e, noScopes(e.Scopes)}
}

type jwt struct {
	client  *oidc.Client
	expect  oidc.AccessTokenExpect
	mistake error
}

// VerifyToken implements Verifier.
func (j *jwt) VerifyToken(ctx context.Context, token string) (*Caller, error) {
	return unbound(j.VerifyBoundToken(ctx, token))
}

// VerifyBoundToken implements BoundVerifier.
func (j *jwt) VerifyBoundToken(ctx context.Context, token string) (*Caller, error) {
	if j.mistake != nil {
		return nil, j.mistake
	}
	t, err := j.client.VerifyAccessToken(ctx, token, j.expect)
	var refused *oidc.TokenError
	switch {
	case errors.As(err, &refused):
		return nil, refuse(err)
	case err != nil:
		return nil, judge(err)
	}
	return accessCaller(t)
}

// Authing verifies access tokens that Authing issued by OpenID Connect, by authentication.Client.VerifyAccessToken: they
// are JWTs, but not those of RFC 9068. Tokens of Authing's OAuth are opaque: for them use Introspection, with the AppID in
// ClientIDs. Name the scopes in RequireToken and not in e.
//
// The token of a programmatic access account has no user: Subject is empty, and Audience has the account.
func Authing(c *authentication.Client, e authentication.AccessTokenExpect) Verifier {
	e.AccessKeys = slices.Clone(e.AccessKeys)
	return &authing{c, e, noScopes(e.Scopes)}
}

type authing struct {
	client  *authentication.Client
	expect  authentication.AccessTokenExpect
	mistake error
}

// VerifyToken implements Verifier.
func (a *authing) VerifyToken(ctx context.Context, token string) (*Caller, error) {
	if a.mistake != nil {
		return nil, a.mistake
	}
	t, err := a.client.VerifyAccessToken(ctx, token, a.expect)
	if err != nil {
		return nil, err // it has its kind
	}
	return accessCaller(t)
}

func noScopes(scopes []string) error {
	if len(scopes) > 0 {
		return mistaken(errors.New("web: AccessTokenExpect.Scopes is set: name the scopes in RequireToken, whose answers tell them to the client"))
	}
	return nil
}

// accessCaller is the caller of a token that may be remembered and shared.
func accessCaller(t *oidc.AccessToken) (*Caller, error) {
	c := &Caller{
		Issuer: t.Issuer, Subject: t.Subject, ClientID: t.ClientID, Scope: t.Scope, Audience: slices.Clone(t.Audience),
		Expiry: t.Expiry, AuthTime: t.AuthTime, ACR: t.ACR, Binding: t.Binding,
	}
	if c.ClientID == "" {
		c.ClientID = t.AuthorizedParty
	}
	if err := t.Claims(&c.Claims); err != nil {
		return nil, refuse(err)
	}
	return c, nil
}

func refuse(err error) error { return fmt.Errorf("%w: %w", authentication.ErrRefused, err) }

// judge classifies an error of a call that this API made for itself: a mistake in the settings, or no answer. The server's
// refusal is one of this API, and not of its caller.
func judge(err error) error {
	var server *oauth.Error
	var discovery *oauth.DiscoveryError
	if option.IsMistake(err) || errors.Is(err, httpcore.PrivateAddress) ||
		errors.As(err, &discovery) && !httpcore.NoAnswer(err) || errors.As(err, &server) && !server.Temporary() {
		return mistaken(err)
	}
	return err
}
