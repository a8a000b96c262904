package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/option"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// CodeOptions complete the exchange of a code.
type CodeOptions struct {
	// CodeVerifier is the PKCE verifier of the authorization request (RFC 7636 §4.5).
	CodeVerifier string
	// RedirectURI replaces Config.RedirectURI; it must equal the redirect URI of the authorization request.
	RedirectURI string
	// Resource are the APIs that the token is for (RFC 8707 §2.2), some or all of those of the authorization request; empty
	// sends none.
	Resource []string
	// AuthorizationDetails say what the token is for, where a scope is not exact enough (RFC 9396 §6); see AuthorizeOptions. Empty
	// sends none.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that the call sets itself is an error.
	Extra url.Values
}

// GetAccessTokenByCode exchanges an authorization code for a token (RFC 6749 §4.1.3). The code is never sent twice,
// but to a server that wants a nonce in the DPoP proof, which did not use it (RFC 9449 §8).
// Nothing binds it to a browser here: check state first, or use CompleteLogin.
func (c *Client) GetAccessTokenByCode(ctx context.Context, code string, opts ...CodeOptions) (*Token, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Token, error) { return c.GetAccessTokenByCode(ctx, code, opts...) })
	}
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	if o.RedirectURI == "" {
		o.RedirectURI = c.cfg.RedirectURI
	}
	switch {
	case code == "":
		return nil, errors.New("oauth: code is empty")
	case o.RedirectURI == "":
		return nil, errors.New("oauth: RedirectURI is not set")
	}
	if o.CodeVerifier != "" {
		if err := pkce.CheckVerifier(o.CodeVerifier); err != nil {
			return nil, err
		}
	}
	if err := checkResources(o.Resource); err != nil {
		return nil, err
	}
	form := newForm("grant_type", "authorization_code", "code", code, "redirect_uri", o.RedirectURI, "code_verifier", o.CodeVerifier)
	if len(o.Resource) > 0 {
		form["resource"] = slices.Clone(o.Resource)
	}
	if err := c.addDetails(form, o.AuthorizationDetails); err != nil {
		return nil, err
	}
	if err := checkExtra(o.Extra, "code_verifier", detailsParam); err != nil {
		return nil, err
	}
	if err := merge(form, o.Extra); err != nil {
		return nil, err
	}
	return c.grant(ctx, form)
}
