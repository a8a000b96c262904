package oauth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// configured is how the client authenticates at one endpoint, by configuration and metadata (RFC 8414 §2
// token_endpoint_auth_methods_supported).
type configured struct {
	ClientAuth
	field   string // of Config
	offered string // listed in the metadata, as a text; empty when it lists none
	set     bool   // from Config
}

// bad is why a request to the endpoint cannot succeed.
func (a *configured) bad() error {
	u, _ := a.ClientAuth.(unusable)
	return u.err
}

// fieldAuth is a ClientAuth of Config, and what the metadata lists for its endpoint.
type fieldAuth struct {
	field         string
	auth          *ClientAuth
	offered, algs []string
}

func (c *Config) auths() [3]fieldAuth {
	m := c.Metadata
	if m == nil {
		m = &Metadata{}
	}
	return [3]fieldAuth{
		{"TokenAuth", &c.TokenAuth, m.TokenEndpointAuthMethodsSupported, m.TokenEndpointAuthSigningAlgValuesSupported},
		{"IntrospectionAuth", &c.IntrospectionAuth, m.IntrospectionEndpointAuthMethodsSupported, m.IntrospectionEndpointAuthSigningAlgValuesSupported},
		{"RevocationAuth", &c.RevocationAuth, m.RevocationEndpointAuthMethodsSupported, m.RevocationEndpointAuthSigningAlgValuesSupported},
	}
}

func (c *Config) readAuths(*httpcore.Client) (err error) {
	for _, a := range c.auths() {
		if *a.auth, err = readAuth(*a.auth); err != nil {
			return fmt.Errorf("oauth: %s: %w", a.field, err)
		}
	}
	if m, builtIn := c.TokenAuth.(AuthMethod); c.InsecureAllowCodeInjection && (builtIn || c.TokenAuth == nil) && (m == None || m.sendsSecret() && c.ClientSecret == "") {
		return errors.New("oauth: InsecureAllowCodeInjection is for confidential clients: ClientSecret is not set (RFC 9700 §2.1.1)")
	}
	return nil
}

func (c *Config) configureAuths(hc *httpcore.Client) (err error) {
	for _, a := range c.auths() {
		if *a.auth, err = c.configure(hc, a.field, *a.auth, a.offered, a.algs); err != nil {
			return err
		}
	}
	return nil
}

// configure makes the method of a field ready. What the server does not accept is an error of the calls, not of
// NewClient: other calls may still succeed.
func (c *Config) configure(hc *httpcore.Client, field string, own ClientAuth, offered, algs []string) (*configured, error) {
	a, err := &configured{ClientAuth: own, field: field, offered: httpcore.Clean(strings.Join(offered, ", ")), set: true}, error(nil)
	var bad error
	method, builtIn := own.(AuthMethod)
	lists := func(m AuthMethod) bool { return len(offered) == 0 || slices.Contains(offered, string(m)) }
	switch {
	case own == nil || builtIn && method == "":
		a.set = false
		switch {
		case lists(ClientSecretBasic):
			a.ClientAuth = ClientSecretBasic
		case lists(ClientSecretPost):
			a.ClientAuth = ClientSecretPost
		default:
			bad = fmt.Errorf("%s is not set, and the server accepts neither client_secret_basic nor client_secret_post, but %s", field, a.offered)
		}
	default:
		if a.ClientAuth, err = prepareAuth(own, c); err != nil {
			return a, fmt.Errorf("oauth: %s: %w", field, err)
		}
		bad = a.unlisted(offered, algs)
	}
	if err := checkCertificate(a.ClientAuth, hc); err != nil {
		return a, fmt.Errorf("oauth: %s: %w", field, err)
	}
	if bad != nil {
		a.ClientAuth = unusable{bad}
	}
	return a, nil
}

// unlisted returns why the server does not accept a method that was set. Servers with public clients often do not
// list none.
func (a *configured) unlisted(offered, algs []string) error {
	if named, ok := a.ClientAuth.(NamedAuth); ok {
		name := named.MethodName()
		if name != string(None) && lacks(offered, name) {
			return fmt.Errorf("%s is %s, and the server accepts %s", a.field, httpcore.Clean(name), a.offered)
		}
	}
	if signs, ok := a.ClientAuth.(SigningAuth); ok {
		if alg := signs.SigningAlg(); lacks(algs, alg) {
			return fmt.Errorf("%s signs with %s, and the server accepts %s", a.field, httpcore.Clean(alg), httpcore.Clean(strings.Join(algs, ", ")))
		}
	}
	return nil
}

// lacks reports whether a list says something, and not name.
func lacks(list []string, name string) bool {
	return name != "" && len(list) > 0 && !slices.Contains(list, name)
}

// unusable ends a call before anything is sent.
type unusable struct{ err error }

// Authenticate implements ClientAuth.
func (u unusable) Authenticate(context.Context, *AuthRequest) error { return u.err }

// CanLogin returns why a login with this response type cannot be completed, nil when it can: an endpoint, the response
// type, the client's authentication, request objects, pushed requests or PKCE S256 may be missing in the server's
// metadata. The empty response type is code. BeginLogin checks the same before it sends the browser to the server; call CanLogin at boot to fail
// early. What the metadata does not say is accepted (RFC 8414 §2).
func (c *Client) CanLogin(ctx context.Context, t ResponseType) error {
	if err := c.made(); err != nil {
		return err
	}
	if c.found != nil {
		s, err := c.resolve(ctx)
		if err != nil {
			return err
		}
		return s.CanLogin(ctx, t)
	}
	code := t == "" || authorize.HasWord(string(t), string(ResponseTypeCode))
	if err := c.needEndpoint("Authorization", c.cfg.Endpoints.Authorization); err != nil {
		return err
	}
	if code {
		if err := c.needEndpoint("Token", c.cfg.Endpoints.Token); err != nil {
			return err
		}
	}
	push, err := c.pushes()
	for i, a := range []ClientAuth{c.cfg.TokenAuth, c.cfg.IntrospectionAuth, c.cfg.RevocationAuth} {
		if a := a.(*configured); a.bad() != nil && (i == 0 && (code || push) || a.set) {
			return fmt.Errorf("oauth: %w", a.bad())
		}
	}
	if err != nil {
		return err
	}
	if c.server == nil {
		return nil
	}
	return c.server.canLogin(t, code)
}
