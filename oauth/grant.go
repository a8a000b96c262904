package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// ClientCredentialsOptions are the parameters of the client credentials grant.
type ClientCredentialsOptions struct {
	// Scope is a space-separated list; empty sends none.
	Scope string
	// AuthorizationDetails say what the token is for, where a scope is not exact enough (RFC 9396 §6); see AuthorizeOptions. Empty
	// sends none.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters, such as resource or audience. A parameter that the call sets itself is an error.
	Extra url.Values
}

// GetAccessTokenByClientCredentials gets a token for the client itself (RFC 6749 §4.4.2).
func (c *Client) GetAccessTokenByClientCredentials(ctx context.Context, o ClientCredentialsOptions) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.GetAccessTokenByClientCredentials(ctx, o) })
	}
	form := newForm("grant_type", "client_credentials", "scope", o.Scope)
	if err := c.addDetails(form, o.AuthorizationDetails); err != nil {
		return nil, err
	}
	if err := checkExtra(o.Extra, "scope", detailsParam); err != nil {
		return nil, err
	}
	if err := merge(form, o.Extra); err != nil {
		return nil, err
	}
	return c.grant(ctx, form)
}

// GetAccessTokenByGrant gets a token by a grant type that has no call of its own (RFC 6749 §4.5). The client's credentials
// are added; params must not have them.
func (c *Client) GetAccessTokenByGrant(ctx context.Context, grantType string, params url.Values) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.GetAccessTokenByGrant(ctx, grantType, params) })
	}
	if grantType == "" {
		return nil, errors.New("oauth: grant type is empty")
	}
	form := newForm("grant_type", grantType)
	if err := merge(form, params); err != nil {
		return nil, err
	}
	return c.grant(ctx, form)
}

// needGrant finds what is missing for a call of the token endpoint.
func (c *Client) needGrant() error {
	if err := c.needAuth(c.cfg.TokenAuth); err != nil {
		return err
	}
	return c.needEndpoint("Token", c.cfg.Endpoints.Token)
}

// grant sends form, which has a grant_type (RFC 6749 §4). more is that of parseToken.
func (c *Client) grant(ctx context.Context, form url.Values, more ...string) (*Token, error) {
	if err := c.needGrant(); err != nil {
		return nil, err
	}
	sent := c.cfg.Now()
	var space [manyMembers]strictjson.Member
	a, members, err := c.postProven(ctx, c.cfg.Endpoints.Token, c.cfg.TokenAuth, form, space[:0])
	if err != nil {
		return nil, err
	}
	if c.cfg.MendTokenReply != nil && a.err == nil {
		if members, err = c.mend(&a, members); err != nil {
			return nil, err
		}
	}
	t, err := c.parseToken(&a, members, sent, more...)
	if err != nil {
		return nil, err
	}
	if slices.Contains(more, t.TokenType) {
		return t, nil // no access token, so no key belongs to it
	}
	if err := c.bind(t); err != nil {
		return nil, err
	}
	return t, nil
}
