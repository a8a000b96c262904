package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// call runs f with the server's endpoints. Before discovery f runs first with a client that has no endpoints: so a
// mistake of the caller, or a result that needs no server, comes without discovery.
func call[T any](ctx context.Context, c *Client, f func(*oauth.Client) (T, error)) (T, error) {
	var zero T
	if err := c.made(); err != nil {
		return zero, err
	}
	if c.servers.Load() == nil {
		offline, err := c.offline()
		if err != nil {
			return zero, err
		}
		if t, err := f(offline); !errors.Is(err, errors.ErrUnsupported) {
			return t, err
		}
	}
	s, err := c.resolve(ctx)
	if err != nil {
		return zero, err
	}
	return f(s.oauth)
}

// GetAccessTokenByCode exchanges a code as oauth.Client does (RFC 6749 §4.1.3). The ID token in the reply is not
// verified: use CompleteLogin, or VerifyIDToken with the nonce that was sent.
func (c *Client) GetAccessTokenByCode(ctx context.Context, code string, opts ...oauth.CodeOptions) (*oauth.Token, error) {
	return call(ctx, c, func(o *oauth.Client) (*oauth.Token, error) {
		return o.GetAccessTokenByCode(ctx, code, opts...)
	})
}

// GetNewAccessTokenByRefreshToken refreshes as oauth.Client does: simultaneous and late callers share one request. An
// ID token in the reply is not verified: Refresh does that.
func (c *Client) GetNewAccessTokenByRefreshToken(ctx context.Context, refreshToken string, opts ...oauth.RefreshOptions) (*oauth.Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("oidc: %w", err)
	}
	return c.refresh(ctx, refreshToken, o, func(next *oauth.Token) bool { return next.RefreshToken != refreshToken })
}

// RefreshIfExpired returns t while it is valid for longer than leeway, else a new token; see oauth.Client.
func (c *Client) RefreshIfExpired(ctx context.Context, t *oauth.Token, leeway time.Duration) (*oauth.Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if t != nil && t.Binding.Zero() && c.cfg.DPoP == nil && !t.Expired(c.cfg.Now(), leeway) {
		return t, nil
	}
	offline, err := c.offline()
	if err != nil {
		return nil, err
	}
	if same, err := offline.RefreshIfExpired(ctx, t, leeway); !errors.Is(err, errors.ErrUnsupported) {
		return same, err // a mistake, or a bound token that is still valid
	}
	next, err := c.refresh(ctx, t.RefreshToken, oauth.RefreshOptions{Binding: t.Binding}, func(next *oauth.Token) bool {
		return next.RefreshToken != t.RefreshToken || next.AccessToken != t.AccessToken && !next.Expired(c.cfg.Now(), leeway)
	})
	if err == nil && next.Scope == "" {
		next.Scope = t.Scope // RFC 6749 §6: a missing scope is unchanged
	}
	return next, err
}

// GetAccessTokenByClientCredentials gets a token for the client itself; see oauth.Client.
func (c *Client) GetAccessTokenByClientCredentials(ctx context.Context, opts oauth.ClientCredentialsOptions) (*oauth.Token, error) {
	return call(ctx, c, func(o *oauth.Client) (*oauth.Token, error) {
		return o.GetAccessTokenByClientCredentials(ctx, opts)
	})
}

// TokenSource keeps a token for the client itself, and renews it before its end; see oauth.TokenSource.
func (c *Client) TokenSource(o oauth.ClientCredentialsOptions) *oauth.TokenSource {
	o.Extra, o.AuthorizationDetails = url.Values(http.Header(o.Extra).Clone()), slices.Clone(o.AuthorizationDetails)
	return oauth.NewTokenSource(func(ctx context.Context) (*oauth.Token, error) {
		return c.GetAccessTokenByClientCredentials(ctx, o)
	}, c.config().Now)
}

// GetAccessTokenByGrant gets a token by any grant type; see oauth.Client. An ID token in the reply is
// not verified.
func (c *Client) GetAccessTokenByGrant(ctx context.Context, grantType string, params url.Values) (*oauth.Token, error) {
	return call(ctx, c, func(o *oauth.Client) (*oauth.Token, error) {
		return o.GetAccessTokenByGrant(ctx, grantType, params)
	})
}

// GetAccessTokenByJWTBearer gets a token by the JWT bearer grant; see oauth.Client. An ID token in the reply is not
// verified.
func (c *Client) GetAccessTokenByJWTBearer(ctx context.Context, opts oauth.JWTBearerOptions) (*oauth.Token, error) {
	return call(ctx, c, func(o *oauth.Client) (*oauth.Token, error) {
		return o.GetAccessTokenByJWTBearer(ctx, opts)
	})
}

// ExchangeToken exchanges a token for another one; see oauth.Client. An ID token in the reply is not verified.
func (c *Client) ExchangeToken(ctx context.Context, opts oauth.TokenExchangeOptions) (*oauth.ExchangedToken, error) {
	return call(ctx, c, func(o *oauth.Client) (*oauth.ExchangedToken, error) { return o.ExchangeToken(ctx, opts) })
}

// RevokeToken revokes a token; see oauth.Client.
func (c *Client) RevokeToken(ctx context.Context, token string, opts ...oauth.TokenOptions) error {
	if err := c.made(); err != nil {
		return err
	}
	_, err := call(ctx, c, func(o *oauth.Client) (struct{}, error) {
		return struct{}{}, o.RevokeToken(ctx, token, opts...)
	})
	c.refreshes.Forget(func(t *oauth.Token) bool { return t.RefreshToken == token || t.AccessToken == token })
	return err
}
