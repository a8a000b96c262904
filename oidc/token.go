package oidc

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// GetAccessTokenByCode exchanges a code as oauth.Client does. The ID token in the reply is not
// verified: use CompleteLogin, or VerifyIDToken with the nonce that was sent.
func (c *Client) GetAccessTokenByCode(ctx context.Context, code string, opts ...oauth.CodeOptions) (*oauth.Token, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.oauth.GetAccessTokenByCode(ctx, code, opts...)
}

// GetNewAccessTokenByRefreshToken refreshes as oauth.Client does. An ID token in the reply is not
// verified: Refresh does that.
func (c *Client) GetNewAccessTokenByRefreshToken(ctx context.Context, refreshToken string, opts ...oauth.RefreshOptions) (*oauth.Token, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.oauth.GetNewAccessTokenByRefreshToken(ctx, refreshToken, opts...)
}

// RefreshIfExpired returns t while it is good for longer than leeway, else a new token; see
// oauth.Client.
func (c *Client) RefreshIfExpired(ctx context.Context, t *oauth.Token, leeway time.Duration) (*oauth.Token, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.oauth.RefreshIfExpired(ctx, t, leeway)
}

// GetAccessTokenByClientCredentials gets a token for the client itself; see oauth.Client.
func (c *Client) GetAccessTokenByClientCredentials(ctx context.Context, o oauth.ClientCredentialsOptions) (*oauth.Token, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.oauth.GetAccessTokenByClientCredentials(ctx, o)
}

// GetAccessTokenByGrant gets a token by any grant type; see oauth.Client. An ID token in the reply is
// not verified.
func (c *Client) GetAccessTokenByGrant(ctx context.Context, grantType string, params url.Values) (*oauth.Token, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.oauth.GetAccessTokenByGrant(ctx, grantType, params)
}

// IntrospectToken asks whether a token is good; see oauth.Client.
func (c *Client) IntrospectToken(ctx context.Context, token string, opts ...oauth.TokenOptions) (*oauth.Introspection, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return s.oauth.IntrospectToken(ctx, token, opts...)
}

// RevokeToken ends a token; see oauth.Client.
func (c *Client) RevokeToken(ctx context.Context, token string, opts ...oauth.TokenOptions) error {
	s, err := c.resolve(ctx)
	if err != nil {
		return err
	}
	return s.oauth.RevokeToken(ctx, token, opts...)
}

// GetUserInfoByAccessToken fetches the user's claims (OpenID Connect Core §5.3.1). The reply must have
// sub; give the ID token's as Subject, so that it is compared (OpenID Connect Core §5.3.4). A missing or
// other sub is oauth.ErrSubject.
func (c *Client) GetUserInfoByAccessToken(ctx context.Context, accessToken string, opts ...oauth.UserInfoOptions) (*oauth.UserInfo, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	u, err := s.oauth.GetUserInfoByAccessToken(ctx, accessToken, opts...)
	if err == nil && u.Subject == "" {
		return nil, fmt.Errorf("oidc: user info has no sub: %w", oauth.ErrSubject)
	}
	return u, err
}
