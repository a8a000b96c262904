package oidc

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// RegisterClient registers a new client at the server's registration_endpoint (OpenID Connect Registration §3.1); see
// oauth.Client. The Client for this needs no ClientID: make another one by
// Config.Registered with the result.
func (c *Client) RegisterClient(ctx context.Context, m oauth.ClientMetadata, opts ...oauth.RegisterOptions) (*oauth.Registration, error) {
	return call(ctx, c, func(o *oauth.Client) (*oauth.Registration, error) {
		return o.RegisterClient(ctx, m, opts...)
	})
}

// ReadRegistration asks the server how the client is registered; see oauth.Client.
func (c *Client) ReadRegistration(ctx context.Context, r *oauth.Registration) (*oauth.Registration, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	at, err := c.atHand()
	if err != nil {
		return nil, err
	}
	return at.ReadRegistration(ctx, r)
}

// UpdateRegistration replaces the client's metadata; see oauth.Client.
func (c *Client) UpdateRegistration(ctx context.Context, r *oauth.Registration, m oauth.ClientMetadata) (*oauth.Registration, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	at, err := c.atHand()
	if err != nil {
		return nil, err
	}
	return at.UpdateRegistration(ctx, r, m)
}

// DeleteRegistration deletes the client at the server; see oauth.Client.
func (c *Client) DeleteRegistration(ctx context.Context, r *oauth.Registration) error {
	if err := c.made(); err != nil {
		return err
	}
	at, err := c.atHand()
	if err != nil {
		return err
	}
	return at.DeleteRegistration(ctx, r)
}

// Registered returns c with the identifier, the secret, the client authentication and the algorithm of ID tokens of r;
// see oauth.Config. An IDTokenSigningAlg that is set stays.
func (c Config) Registered(r *oauth.Registration) (Config, error) {
	with, err := oauth.Config{RedirectURI: c.RedirectURI, TokenAuth: c.TokenAuth, PushedAuthorization: c.PushedAuthorization}.Registered(r)
	if err != nil {
		return c, err
	}
	c.ClientID, c.ClientSecret, c.RedirectURI, c.TokenAuth = with.ClientID, with.ClientSecret, with.RedirectURI, with.TokenAuth
	c.PushedAuthorization = with.PushedAuthorization
	if c.IDTokenSigningAlg == "" {
		c.IDTokenSigningAlg = r.IDTokenSignedResponseAlg
	}
	return c, nil
}
