package authentication

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func (c *Client) tokens(call string) (TokenFlow, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(TokenFlow)
	if !ok {
		return nil, unsupported(call, c.name)
	}
	return flow, nil
}

// GetAccessTokenByCode exchanges a code for a token. Nothing binds the code to the browser here: compare state
// before, and call VerifyIDToken with the nonce after. CompleteLogin does all this.
func (c *Client) GetAccessTokenByCode(ctx context.Context, code string, opts ...oauth.CodeOptions) (*oauth.Token, error) {
	flow, err := c.tokens("GetAccessTokenByCode")
	if err != nil {
		return nil, err
	}
	result, err := flow.GetAccessTokenByCode(ctx, code, opts...)
	return result, judge(err)
}

// GetNewAccessTokenByRefreshToken gets a new token. Store the refresh token of the result in place of the old one. An
// ID token in the result is not verified; Refresh does that.
func (c *Client) GetNewAccessTokenByRefreshToken(ctx context.Context, refreshToken string, opts ...oauth.RefreshOptions) (*oauth.Token, error) {
	flow, err := c.tokens("GetNewAccessTokenByRefreshToken")
	if err != nil {
		return nil, err
	}
	result, err := flow.GetNewAccessTokenByRefreshToken(ctx, refreshToken, opts...)
	return result, judge(err)
}

// GetUserInfoByAccessToken fetches the user's claims. Set Subject to the ID token's, so that claims of another user
// are refused.
func (c *Client) GetUserInfoByAccessToken(ctx context.Context, accessToken string, opts ...oauth.UserInfoOptions) (*oauth.UserInfo, error) {
	flow, err := c.tokens("GetUserInfoByAccessToken")
	if err != nil {
		return nil, err
	}
	result, err := flow.GetUserInfoByAccessToken(ctx, accessToken, opts...)
	return result, judge(err)
}

// IntrospectToken asks whether an access or refresh token is active. An inactive token is a result with Active false.
func (c *Client) IntrospectToken(ctx context.Context, token string, opts ...oauth.TokenOptions) (*oauth.Introspection, error) {
	flow, err := c.tokens("IntrospectToken")
	if err != nil {
		return nil, err
	}
	result, err := flow.IntrospectToken(ctx, token, opts...)
	return result, judge(err)
}

// RevokeToken revokes an access or refresh token.
func (c *Client) RevokeToken(ctx context.Context, token string, opts ...oauth.TokenOptions) error {
	flow, err := c.tokens("RevokeToken")
	if err != nil {
		return err
	}
	err = flow.RevokeToken(ctx, token, opts...)
	c.refreshes.Forget(func(id *Identity) bool {
		return id.Token != nil && (id.Token.RefreshToken == token || id.Token.AccessToken == token)
	})
	return judge(err)
}
