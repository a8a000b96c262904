package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// RegisterOptions complete a registration.
type RegisterOptions struct {
	// InitialAccessToken allows the registration at a server that is not open to everyone (RFC 7591 §1.2).
	InitialAccessToken string
}

// RegisterClient registers a new client (RFC 7591 §3.1, OpenID Connect Registration §3.1). The
// Client for this needs no ClientID. Keep the result: Config.Registered makes a Config with it. The server's refusal is
// an *Error, such as InvalidRedirectURI. A *RegistrationError is a reply that lacks what it must have, or in which the
// redirect URIs or the client authentication are not those of m; other differences are in Registration.Changed.
func (c *Client) RegisterClient(ctx context.Context, m ClientMetadata, opts ...RegisterOptions) (*Registration, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		return via(ctx, c, func(c *Client) (*Registration, error) { return c.RegisterClient(ctx, m, opts...) })
	}
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	sent, err := checkedMembers(m)
	if err != nil {
		return nil, err
	}
	if err := c.needEndpoint("Registration", c.cfg.Endpoints.Registration); err != nil {
		return nil, err
	}
	return c.register(ctx, http.MethodPost, c.cfg.Endpoints.Registration, o.InitialAccessToken, sent)
}

// ReadRegistration asks the server how the client is registered (RFC 7592 §2.1). Keep the result: its token may be a
// new one. r is one of RegisterClient, from the server of this Client.
func (c *Client) ReadRegistration(ctx context.Context, r *Registration) (*Registration, error) {
	if err := c.needRegistration(r); err != nil {
		return nil, err
	}
	next, err := c.register(ctx, http.MethodGet, r.RegistrationClientURI, r.RegistrationAccessToken, nil)
	return r.sameClient(next, err)
}

// UpdateRegistration replaces the client's metadata (RFC 7592 §2.2): what m leaves out, the server deletes. Keep the
// result: its secret and token may be new ones.
func (c *Client) UpdateRegistration(ctx context.Context, r *Registration, m ClientMetadata) (*Registration, error) {
	if err := c.needRegistration(r); err != nil {
		return nil, err
	}
	sent, err := checkedMembers(m)
	if err != nil {
		return nil, err
	}
	sent["client_id"] = r.ClientID
	if r.ClientSecret != "" {
		sent["client_secret"] = r.ClientSecret
	}
	next, err := c.register(ctx, http.MethodPut, r.RegistrationClientURI, r.RegistrationAccessToken, sent)
	return r.sameClient(next, err)
}

// DeleteRegistration deletes the client at the server (RFC 7592 §2.3).
func (c *Client) DeleteRegistration(ctx context.Context, r *Registration) error {
	if err := c.needRegistration(r); err != nil {
		return err
	}
	reply, err := c.callRegistration(ctx, http.MethodDelete, r.RegistrationClientURI, r.RegistrationAccessToken, nil, secretsIn(nil, r.RegistrationAccessToken))
	if err == nil {
		_, _, err = c.read(reply, nil)
	}
	return err
}

func (c *Client) needRegistration(r *Registration) error {
	if err := c.made(); err != nil {
		return err
	}
	if r == nil || r.RegistrationClientURI == "" || r.RegistrationAccessToken == "" {
		return errors.New("oauth: the registration has no RegistrationClientURI and RegistrationAccessToken: the server does not allow to read or change it (RFC 7592)")
	}
	if err := c.http.CheckURL("RegistrationClientURI", r.RegistrationClientURI); err != nil {
		return fmt.Errorf("oauth: %w", err)
	}
	return nil
}

func checkedMembers(m ClientMetadata) (map[string]any, error) {
	if m.JWKSURI != "" && len(m.JWKS) > 0 {
		return nil, errors.New("oauth: client metadata: JWKSURI and JWKS are both set: remove one of them (RFC 7591 §2)")
	}
	return m.members()
}

// register sends members, or nothing when nil, and checks the reply.
func (c *Client) register(ctx context.Context, method, address, token string, sent map[string]any) (*Registration, error) {
	var body []byte
	if sent != nil {
		var err error
		if body, err = json.Marshal(sent); err != nil {
			return nil, fmt.Errorf("oauth: client metadata: %w", err)
		}
	}
	secrets := secretsIn(sent, token)
	reply, err := c.callRegistration(ctx, method, address, token, body, secrets)
	if err != nil {
		return nil, err
	}
	a, members, err := c.read(reply, nil)
	switch {
	case err != nil:
		return nil, err
	case a.err != nil:
		return nil, fmt.Errorf("oauth: registration reply: %w", a.err)
	}
	r, bad := parseRegistration(a.text, members)
	if bad == nil {
		bad = r.compare(sent, secrets)
	}
	if bad != nil {
		return nil, bad
	}
	return r, nil
}

// secretsIn are the secrets of a call, which the server may repeat.
func secretsIn(sent map[string]any, token string) []string {
	secrets := []string{token}
	for _, name := range []string{"client_secret", "software_statement"} {
		if text, ok := sent[name].(string); ok {
			secrets = append(secrets, text)
		}
	}
	return secrets
}

func (c *Client) callRegistration(ctx context.Context, method, address, token string, body []byte, secrets []string) (*httpcore.Reply, error) {
	req := httpcore.Request{Method: method, URL: address, Body: body, Secrets: secrets, AnyBody: method == http.MethodDelete}
	if token != "" {
		req.Authorization = "Bearer " + token
	}
	if body != nil {
		req.Header = http.Header{"Content-Type": {"application/json"}}
	}
	reply, err := c.http.Do(ctx, &req)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	return reply, nil
}
