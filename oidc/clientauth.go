package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// endpointAuth is how the client authenticates at one endpoint, by configuration and metadata.
type endpointAuth struct {
	auth    oauth.ClientAuth
	offered []string // listed in the metadata; empty when it lists none
	bad     error    // why a request to the endpoint cannot succeed
	set     bool     // from Config
}

// chooseAuth chooses the three methods (OpenID Connect Discovery §3 token_endpoint_auth_methods_supported,
// RFC 8414 §2).
func (c *Client) chooseAuth(m *Metadata) [3]endpointAuth {
	return [3]endpointAuth{
		chooseAuth("TokenAuth", c.cfg.TokenAuth, m.TokenEndpointAuthMethodsSupported, m.TokenEndpointAuthSigningAlgValuesSupported),
		chooseAuth("IntrospectionAuth", c.cfg.IntrospectionAuth, m.IntrospectionEndpointAuthMethodsSupported, m.IntrospectionEndpointAuthSigningAlgValuesSupported),
		chooseAuth("RevocationAuth", c.cfg.RevocationAuth, m.RevocationEndpointAuthMethodsSupported, m.RevocationEndpointAuthSigningAlgValuesSupported),
	}
}

func chooseAuth(field string, own oauth.ClientAuth, offered, algs []string) endpointAuth {
	a := endpointAuth{auth: own, offered: offered, set: true}
	method, builtIn := own.(oauth.AuthMethod)
	lists := func(m oauth.AuthMethod) bool { return len(offered) == 0 || slices.Contains(offered, string(m)) }
	switch {
	case own == nil || builtIn && method == "":
		a.set = false
		switch {
		case lists(oauth.ClientSecretBasic):
			a.auth = oauth.ClientSecretBasic
		case lists(oauth.ClientSecretPost):
			a.auth = oauth.ClientSecretPost
		default:
			a.bad = fmt.Errorf("%s is not set, and the server accepts neither client_secret_basic nor client_secret_post, but %s", field, a.offers())
		}
	default:
		a.bad = a.unlisted(field, algs)
	}
	if a.bad != nil {
		a.auth = unusable{a.bad}
	}
	return a
}

// unlisted returns why the server does not accept a method that was set. Servers with public clients often do not
// list none.
func (a *endpointAuth) unlisted(field string, algs []string) error {
	if named, ok := a.auth.(oauth.NamedAuth); ok {
		name := named.MethodName()
		if name != string(oauth.None) && lacks(a.offered, name) {
			return fmt.Errorf("%s is %s, and the server accepts %s", field, httpcore.Clean(name), a.offers())
		}
	}
	if signs, ok := a.auth.(oauth.SigningAuth); ok {
		if alg := signs.SigningAlg(); lacks(algs, alg) {
			return fmt.Errorf("%s signs with %s, and the server accepts %s", field, httpcore.Clean(alg), httpcore.Clean(strings.Join(algs, ", ")))
		}
	}
	return nil
}

// lacks reports whether a list says something, and not name.
func lacks(list []string, name string) bool {
	return name != "" && len(list) > 0 && !slices.Contains(list, name)
}

func (a *endpointAuth) offers() string { return httpcore.Clean(strings.Join(a.offered, ", ")) }

// unusable ends a call before anything is sent.
type unusable struct{ err error }

// Authenticate implements oauth.ClientAuth.
func (u unusable) Authenticate(context.Context, *oauth.AuthRequest) error { return u.err }

// checkSecret finds, before discovery, that a login needs a secret and has none.
func (c *Client) checkSecret() error {
	if c.cfg.ClientSecret != "" {
		return nil
	}
	switch method := c.cfg.TokenAuth.(type) {
	case nil:
	case oauth.ClientSecretJWT, *oauth.ClientSecretJWT:
	case oauth.AuthMethod:
		if method != "" && method != oauth.ClientSecretBasic && method != oauth.ClientSecretPost {
			return nil
		}
	default:
		return nil
	}
	return errors.New("oidc: ClientSecret is not set: TokenAuth needs it, unless it is oauth.None")
}

// canLogin returns why a login of this client at s cannot succeed. Without a code the token endpoint is not called.
func (c *Client) canLogin(s *server, f flow) error {
	for i, a := range s.auth {
		if a.bad != nil && (i == 0 && f.code || a.set) {
			return fmt.Errorf("oidc: %w", a.bad)
		}
	}
	if types := s.meta.ResponseTypesSupported; f.front() && len(types) > 0 && !slices.ContainsFunc(types, f.is) {
		return fmt.Errorf("oidc: the server's response_types_supported does not have the ResponseType: it is %s", httpcore.Clean(strings.Join(types, ", ")))
	}
	if methods := s.meta.CodeChallengeMethodsSupported; f.code && !c.cfg.AllowNoPKCE && len(methods) > 0 && !slices.Contains(methods, "S256") {
		return fmt.Errorf("oidc: the server's code_challenge_methods_supported is %s, and BeginLogin uses S256, unless AllowNoPKCE (RFC 7636 §4.2)",
			httpcore.Clean(strings.Join(methods, ", ")))
	}
	return c.canSignRequest(s.meta)
}

// explain adds to a refusal of the client's credentials what the server's metadata lists for this endpoint.
func (s *server) explain(err error, endpoint string) error {
	var refused *oauth.Error
	if !errors.As(err, &refused) || refused.Code != oauth.InvalidClient || refused.StatusCode == 0 {
		return err
	}
	a := s.auth[0]
	switch endpoint {
	case "introspection_endpoint":
		a = s.auth[1]
	case "revocation_endpoint":
		a = s.auth[2]
	}
	if len(a.offered) == 0 {
		return err
	}
	return fmt.Errorf("%w; the server's metadata lists %s", err, a.offers())
}
