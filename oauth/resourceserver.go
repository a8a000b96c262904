package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// resourceServer is an authorization server of the API, and this client there.
type resourceServer struct {
	issuer string
	client *Client
	end    time.Time // of the client's secret
	own    bool      // this client registered itself
}

// serverOf returns the server of an issuer. Its metadata must say that it has PKCE with S256: silence is no consent
// here, because the API chose the server (RFC 9700 §2.1.1).
func (c *ResourceClient) serverOf(ctx context.Context, issuer string) (*resourceServer, error) {
	now := c.cfg.Client.Now()
	if s := c.state.serverOf(issuer, now); s != nil {
		return s, nil
	}
	done, err := c.state.meeting.take(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if s := c.state.serverOf(issuer, now); s != nil {
		return s, nil
	}
	s, err := c.meet(ctx, issuer)
	if err == nil {
		c.state.setServer(s)
	}
	return s, err
}

func (c *ResourceClient) meet(ctx context.Context, issuer string) (*resourceServer, error) {
	cfg, known, err := c.settings(ctx, issuer)
	if err != nil {
		return nil, err
	}
	client, err := NewClient(cfg)
	if err != nil {
		return nil, err
	}
	m, err := client.Metadata(ctx)
	if err != nil {
		return nil, err
	}
	s := &resourceServer{issuer: issuer, client: client}
	switch {
	case !slices.Contains(m.CodeChallengeMethodsSupported, "S256"):
		return nil, refuseDiscovery(DiscoveryPKCE, "the code_challenge_methods_supported of %s does not have S256", issuer)
	case known != nil:
		_, beforehand := c.cfg.Clients[issuer]
		s.end, s.own = known.ClientSecretExpiresAt, !beforehand
		return s, nil
	case cfg.ClientID != "" && m.ClientIDMetadataDocumentSupported:
		return s, nil
	case c.cfg.Register != nil && m.RegistrationEndpoint != "":
		return s, c.register(ctx, s)
	}
	return nil, refuseDiscovery(DiscoveryMissing, "%s has not registered this client (Clients), and offers neither client ID metadata documents (Client.ClientID) nor registration (Register): %w",
		issuer, errors.ErrUnsupported)
}

// settings are those of the client at an issuer. known is what the issuer registered, nil when that is nothing.
func (c *ResourceClient) settings(ctx context.Context, issuer string) (cfg Config, known *Registration, err error) {
	cfg = c.cfg.Client
	cfg.Issuer = issuer
	if r, ok := c.cfg.Clients[issuer]; ok {
		cfg, err = registeredAs(cfg, &r)
		return cfg, &r, err
	}
	text, err := c.cfg.Store.Load(ctx, clientKey(issuer))
	if err != nil {
		return cfg, nil, fmt.Errorf("oauth: ResourceConfig.Store: %w", err)
	}
	var r Registration
	if len(text) == 0 || json.Unmarshal(text, &r) != nil || r.Expired(cfg.Now()) {
		return cfg, nil, nil
	}
	stored, err := registeredAs(cfg, &r)
	if err != nil { // it was made for other settings, such as another redirect URI
		return cfg, nil, nil
	}
	return stored, &r, nil
}

// registeredAs is the configuration of a registered client. The TokenAuth of cfg is for a client without a secret, and
// gives way to another method that was registered.
func registeredAs(cfg Config, r *Registration) (Config, error) {
	if cfg.DPoP == nil && r.says("dpop_bound_access_tokens") {
		return cfg, option.Mistake(errors.New("oauth: the registered client has dpop_bound_access_tokens, and ResourceConfig.Client.DPoP is not set (RFC 9449 §5.2)"))
	}
	method := r.TokenEndpointAuthMethod
	if method == "" && r.ClientSecret != "" {
		method = string(ClientSecretBasic) // RFC 7591 §2
	}
	if named, ok := cfg.TokenAuth.(NamedAuth); ok && method != "" && named.MethodName() != method {
		cfg.TokenAuth = nil
	}
	return cfg.Registered(r)
}

// register makes s the server of a client that it registers.
func (c *ResourceClient) register(ctx context.Context, s *resourceServer) error {
	r, err := s.client.RegisterClient(ctx, *c.cfg.Register)
	if err != nil {
		return err
	}
	cfg := c.cfg.Client
	cfg.Issuer, s.end, s.own = s.issuer, r.ClientSecretExpiresAt, true
	if cfg, err = registeredAs(cfg, r); err != nil {
		return err
	}
	if s.client, err = NewClient(cfg); err != nil {
		return err
	}
	return c.save(ctx, clientKey(s.issuer), r)
}

// forget makes the next login register anew.
func (c *ResourceClient) forget(ctx context.Context, s *resourceServer) error {
	if !c.state.drop(s) { // another caller did
		return nil
	}
	return c.save(ctx, clientKey(s.issuer), nil)
}
