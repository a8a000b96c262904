package oidc

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// BeginDeviceLogin starts a login on a device that has no browser or no keyboard, as oauth.Client does (RFC 8628 §3.1). An
// empty Scope is openid; a scope without openid is an error.
func (c *Client) BeginDeviceLogin(ctx context.Context, o oauth.DeviceOptions) (*oauth.DeviceLogin, error) {
	if o.Scope == "" {
		o.Scope = "openid"
	}
	if !slices.Contains(strings.Fields(o.Scope), "openid") {
		return nil, errors.New("oidc: Scope must have the word openid")
	}
	return beginElsewhere(ctx, c, func(at *oauth.Client) (*oauth.DeviceLogin, error) { return at.BeginDeviceLogin(ctx, o) })
}

// CompleteDeviceLogin polls as oauth.Client does (RFC 8628 §3.4), and verifies the ID token (OpenID Connect
// Core §3.1.3.7). It refuses a missing or wrong ID token with a *TokenError; then the tokens are dropped, because their
// user is not known.
func (c *Client) CompleteDeviceLogin(ctx context.Context, l *oauth.DeviceLogin) (*Result, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if l == nil {
		at, err := c.atHand()
		if err == nil {
			_, err = at.CompleteDeviceLogin(ctx, nil) // refuses it
		}
		return nil, err
	}
	return c.completeElsewhere(ctx, Expect{}, []string{l.DeviceCode, l.UserCode}, func(at *oauth.Client) (*oauth.Token, error) {
		return at.CompleteDeviceLogin(ctx, l)
	})
}

// beginElsewhere begins a login in which the user decides on another device. What prevents its completion is an error
// here.
func beginElsewhere[T any](ctx context.Context, c *Client, f func(*oauth.Client) (*T, error)) (*T, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := c.checkSecret(); err != nil {
		return nil, err
	}
	if c.servers.Load() == nil {
		offline, err := c.offline()
		if err != nil {
			return nil, err
		}
		if _, err := f(offline); !errors.Is(err, errors.ErrUnsupported) {
			return nil, err // a mistake of the caller
		}
	}
	s, err := c.verifiedServer(ctx)
	if err != nil {
		return nil, err
	}
	return f(s.oauth)
}

// completeElsewhere has the keys before the server gives the tokens, which it does once. No nonce was sent.
func (c *Client) completeElsewhere(ctx context.Context, e Expect, sent []string, poll func(*oauth.Client) (*oauth.Token, error)) (*Result, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.haveKeys(ctx); err != nil {
		return nil, err
	}
	token, err := poll(s.oauth)
	if err != nil {
		return nil, err
	}
	if token.IDToken == "" {
		return nil, refuse(CheckMissing, "the token reply has no id_token, though openid was requested")
	}
	if e.ciba != nil {
		e.ciba.refreshToken = token.RefreshToken
	}
	id, err := c.verifyReply(ctx, token, e, sent...)
	if err != nil {
		return nil, err
	}
	return &Result{Token: token, IDToken: id}, nil
}
