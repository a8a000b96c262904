package authentication

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// ClientCredentialsOptions are the credentials of a programmatic access account.
type ClientCredentialsOptions struct {
	// Scope is a space-separated list of permissions, such as "book:read". It is required.
	Scope string
	// AccessKey is the account's AK, which is sent as the client ID. It is required.
	AccessKey string
	// SecretKey is the account's SK, which is sent as the client secret. It is required.
	SecretKey string
}

// ClientCredentialsToken is the token of a machine.
//
// It prints redacted, but its JSON form is complete. slog's JSON handler writes that form for a token inside a
// struct, map or slice, so log it only on its own.
type ClientCredentialsToken struct {
	oauth.Token
	// RejectedScope are the permissions that the account may not have.
	RejectedScope string `json:"rejected_scope,omitempty"`
}

// GetAccessTokenByClientCredentials gets a token for a machine (RFC 6749 §4.4). It sends the keys of a programmatic
// access account in the body, and not the application's credentials.
func (c *Client) GetAccessTokenByClientCredentials(ctx context.Context, o ClientCredentialsOptions) (*ClientCredentialsToken, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	calls, err := c.calls()
	if err != nil {
		return nil, err
	}
	endpoint := ""
	switch c.name {
	case oidcName:
		endpoint = calls.endpoints.OIDCToken
	case oauthName:
		endpoint = calls.endpoints.OAuthToken
	default:
		return nil, unsupported("GetAccessTokenByClientCredentials", c.name)
	}
	switch {
	case o.Scope == "":
		return nil, misconfigured(errors.New("authentication: ClientCredentialsOptions.Scope is not set"))
	case o.AccessKey == "":
		return nil, misconfigured(errors.New("authentication: ClientCredentialsOptions.AccessKey is not set"))
	case o.SecretKey == "":
		return nil, misconfigured(errors.New("authentication: ClientCredentialsOptions.SecretKey is not set"))
	}
	machine, err := oauth.NewClient(oauth.Config{
		ClientID: o.AccessKey, ClientSecret: o.SecretKey, TokenAuth: appAuth{"AccessKey and SecretKey", oauth.ClientSecretPost},
		Endpoints:  oauth.Endpoints{Token: endpoint},
		HTTPClient: c.options.HTTPClient, Header: c.options.header(), MaxReply: c.options.MaxReply, MaxRetryAfter: c.options.MaxRetryAfter, Now: c.options.Now,
		InsecureAllowHTTP: c.options.InsecureAllowHTTP, ReplyError: replyError,
	})
	if err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	token, err := machine.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{Scope: o.Scope})
	if err != nil {
		return nil, judge(err)
	}
	var more struct {
		RejectedScope string `json:"rejected_scope"`
	}
	if err := token.Claims(&more); err != nil {
		return nil, err
	}
	return &ClientCredentialsToken{Token: *token, RejectedScope: more.RejectedScope}, nil
}

// TokenSource keeps a machine's token, and renews it before its end; simultaneous callers share one request. Give it
// to an oauth.Transport, which sends the token to one origin. Permissions of o.Scope that the account may not have
// are missing in the token's Scope, without an error. The first call of Token reports a mistake in o.
func (c *Client) TokenSource(o ClientCredentialsOptions) *oauth.TokenSource {
	return oauth.NewTokenSource(func(ctx context.Context) (*oauth.Token, error) {
		token, err := c.GetAccessTokenByClientCredentials(ctx, o)
		if err != nil {
			return nil, err
		}
		return &token.Token, nil
	}, c.config().Now)
}
