//go:build interop

package oidcprovider

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// op is the running provider and the clients registered there (servers/oidc-provider/clients.mjs).
type op struct {
	base, tlsBase, caFile string
	fapiBase              string // the issuer that demands what FAPI 2.0 does
	callback, loggedOut   string
	certificates          string // the folder of the clients' certificates
	clients               map[string]registered
	keys                  map[string]any // private keys of the clients, by kid
}

type registered struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	AuthMethod   string `json:"token_endpoint_auth_method"`
}

func provider(t *testing.T) *op {
	t.Helper()
	facts, err := interop.Facts("oidc-provider")
	require.NoError(t, err)
	body, err := os.ReadFile(facts["CLIENTS_FILE"])
	require.NoError(t, err)
	var doc struct {
		Callback  string       `json:"callback"`
		LoggedOut string       `json:"logged_out"`
		Clients   []registered `json:"clients"`
		Keys      struct {
			Keys []jose.JSONWebKey `json:"keys"`
		} `json:"rp_private_jwks"`
	}
	require.NoError(t, json.Unmarshal(body, &doc))
	p := &op{
		base: facts["BASE_URL"], tlsBase: facts["TLS_BASE_URL"], fapiBase: facts["FAPI_BASE_URL"], caFile: facts["CA_FILE"],
		callback: doc.Callback, loggedOut: doc.LoggedOut, certificates: facts["CERTIFICATES"],
		clients: map[string]registered{}, keys: map[string]any{},
	}
	for _, k := range doc.Keys.Keys {
		p.keys[k.KeyID] = k.Key
	}
	for _, c := range doc.Clients {
		p.clients[c.ClientID] = c
	}
	return p
}

func (p *op) client(t *testing.T, id string) registered {
	t.Helper()
	require.Contains(t, p.clients, id)
	return p.clients[id]
}

// redirect is the client's redirect URI; that of the native client has the test's own port.
func (p *op) redirect(id string) string {
	if id == "public" || id == "native-post" {
		return "http://127.0.0.1:34567/callback"
	}
	return p.callback
}

// oauthConfig is the configuration of an application from the provider's documentation.
func (p *op) oauthConfig(t *testing.T, id string) oauth.Config {
	t.Helper()
	c := p.client(t, id)
	method := oauth.AuthMethod(c.AuthMethod)
	return oauth.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, RedirectURI: p.redirect(id), Issuer: p.base, RequireIssuer: true,
		Endpoints: oauth.Endpoints{
			Authorization: p.base + "/auth", Token: p.base + "/token", UserInfo: p.base + "/me",
			Introspection: p.base + "/token/introspection", Revocation: p.base + "/token/revocation",
		},
		TokenAuth: method, IntrospectionAuth: method, RevocationAuth: method,
	}
}

func (p *op) oauthClient(t *testing.T, id string) *oauth.Client {
	t.Helper()
	c, err := oauth.NewClient(p.oauthConfig(t, id))
	require.NoError(t, err)
	return c
}

func (p *op) oidcConfig(t *testing.T, id string) oidc.Config {
	t.Helper()
	c := p.client(t, id)
	method := oauth.AuthMethod(c.AuthMethod)
	return oidc.Config{
		Issuer: p.base, ClientID: c.ClientID, ClientSecret: c.ClientSecret, RedirectURI: p.redirect(id), IDTokenSigningAlg: "RS256",
		TokenAuth: method, IntrospectionAuth: method, RevocationAuth: method,
	}
}

func (p *op) oidcClient(t *testing.T, id string, change ...func(*oidc.Config)) *oidc.Client {
	t.Helper()
	return newClient(t, p.oidcConfig(t, id), change...)
}

func newClient(t *testing.T, cfg oidc.Config, change ...func(*oidc.Config)) *oidc.Client {
	t.Helper()
	for _, f := range change {
		f(&cfg)
	}
	c, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	return c
}

// register makes an application with the settings that it needs, and returns its configuration.
func (p *op) register(t *testing.T, m oauth.ClientMetadata, change ...func(*oidc.Config)) oidc.Config {
	t.Helper()
	if m.RedirectURIs == nil {
		m.RedirectURIs = []string{p.callback}
	}
	cfg := oidc.Config{Issuer: p.base}
	for _, f := range change {
		f(&cfg)
	}
	r, err := newClient(t, oidc.Config{Issuer: p.base}).RegisterClient(t.Context(), m)
	require.NoError(t, err)
	require.Empty(t, r.Changed)
	cfg, err = cfg.Registered(r)
	require.NoError(t, err)
	return cfg
}

func person(t *testing.T) *formlogin.Person {
	t.Helper()
	who, err := formlogin.New("alice", "wonderland", nil)
	require.NoError(t, err)
	return who
}

// visit goes from an authorization or logout address to the application as the user would.
func visit(t *testing.T, who *formlogin.Person, address, stop string) *http.Request {
	t.Helper()
	require.True(t, strings.HasPrefix(stop, "http://127.0.0.1:"), stop)
	r, err := who.Visit(t.Context(), address, stop)
	require.NoError(t, err)
	return r
}

// changed returns the callback with one parameter of its query replaced.
func changed(r *http.Request, name, value string) *http.Request {
	r = r.Clone(r.Context())
	query := r.URL.Query()
	query.Set(name, value)
	r.URL.RawQuery = query.Encode()
	return r
}
