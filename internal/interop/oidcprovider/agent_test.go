//go:build interop

package oidcprovider

import (
	"context"
	"crypto"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// site serves the documents of clients at https, where the provider fetches them.
func (p *op) site(t *testing.T) (string, *http.ServeMux) {
	t.Helper()
	dir := filepath.Dir(p.caFile)
	certificate, err := tls.LoadX509KeyPair(filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key"))
	require.NoError(t, err)
	mux := http.NewServeMux()
	s := httptest.NewUnstartedServer(mux)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1), mux
}

// api is an API that takes the provider's tokens for itself alone. Its second half needs another scope.
func (p *op) api(t *testing.T) string { return p.apiWith(t, web.DPoPConfig{}) }

// apiWith takes only tokens that are bound to a key where the settings say so.
func (p *op) apiWith(t *testing.T, proofs web.DPoPConfig) string {
	t.Helper()
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	address := s.URL + "/api"
	proofs.BaseURL = s.URL
	keys, err := web.NewDPoP(proofs)
	require.NoError(t, err)
	if !proofs.RequireDPoP {
		keys = nil
	}
	resource, err := web.NewResource(web.ResourceMetadata{Resource: address, AuthorizationServers: []string{p.base}, ScopesSupported: []string{"api:read"}})
	require.NoError(t, err)
	guard := web.TokenGuard{
		Verifier: web.JWT(newClient(t, oidc.Config{Issuer: p.base}), oidc.AccessTokenExpect{Audience: address}), Scopes: []string{"api:read"}, Resource: resource, DPoP: keys,
	}
	ok := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(web.CallerOf(r.Context()).ClientID))
	})
	mux.Handle(resource.Path(), resource)
	mux.Handle("/api", guard.Handler(ok))
	guard.Scopes = []string{"api:write"}
	mux.Handle("/api/write", guard.Handler(ok))
	return address
}

// user is oauth.ResourceConfig.Login, and what was asked of it.
type user struct {
	t      *testing.T
	person *formlogin.Person
	stop   string
	scopes []string
}

func (u *user) login(_ context.Context, login *oauth.Login) (*http.Request, error) {
	u.scopes = append(u.scopes, login.Scope)
	return u.person.Visit(u.t.Context(), login.URL, u.stop)
}

func (p *op) agent(t *testing.T, cfg oauth.ResourceConfig) (*http.Client, *user) {
	t.Helper()
	u := &user{t: t, person: person(t), stop: p.callback}
	cfg.AllowIssuer = func(issuer string) bool { return issuer == p.base }
	cfg.Client.RedirectURI, cfg.Login = p.callback, u.login
	c, err := oauth.NewResourceClient(cfg)
	require.NoError(t, err)
	return &http.Client{Transport: c}, u
}

func get(t *testing.T, c *http.Client, address string) int {
	t.Helper()
	res, err := c.Get(address)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

// An agent knows the API's address, and the provider knows the agent by its document alone.
func TestClientIDMetadataDocument(t *testing.T) {
	t.Parallel()
	p := provider(t)
	base, site := p.site(t)
	document, err := oauth.NewClientDocument(base+"/agent.json", oauth.ClientMetadata{ClientName: "Agent", RedirectURIs: []string{p.callback}, ApplicationType: "native"})
	require.NoError(t, err)
	site.Handle(document.Path(), document)
	api := p.api(t)
	c, u := p.agent(t, oauth.ResourceConfig{Resource: api, Client: oauth.Config{ClientID: document.ClientID()}})
	assert.Equal(t, http.StatusOK, get(t, c, api))
	assert.Equal(t, http.StatusOK, get(t, c, api))
	assert.Equal(t, http.StatusOK, get(t, c, api+"/write"))
	assert.Equal(t, []string{"api:read", "api:read api:write"}, u.scopes)

	// The twin: a token that was not asked for this API is refused by it.
	plain, err := oauth.NewClient(oauth.Config{Issuer: p.base, ClientID: document.ClientID(), RedirectURI: p.callback, TokenAuth: oauth.None})
	require.NoError(t, err)
	login, err := plain.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "openid"})
	require.NoError(t, err)
	token, err := plain.CompleteLogin(t.Context(), login, visit(t, u.person, login.URL, p.callback))
	require.NoError(t, err)
	source := oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) { return token, nil }, nil)
	assert.Equal(t, http.StatusUnauthorized, get(t, &http.Client{Transport: &oauth.Transport{Source: source, Origin: strings.TrimSuffix(api, "/api")}}, api))
}

// A document with a key makes a confidential client; without its assertion the code is worth nothing.
func TestClientIDMetadataDocumentWithKey(t *testing.T) {
	t.Parallel()
	p := provider(t)
	base, site := p.site(t)
	key := oauth.SigningKey{Signer: p.keys["rp-es256"].(crypto.Signer), ID: "rp-es256"}
	document, err := oauth.NewClientDocument(base+"/agent.json", oauth.ClientMetadata{
		ClientName: "Agent", RedirectURIs: []string{p.callback}, TokenEndpointAuthMethod: "private_key_jwt",
		JWKS: oauth.JWKSet{{Public: key.Signer.Public(), ID: key.ID}},
	})
	require.NoError(t, err)
	site.Handle(document.Path(), document)
	api := p.api(t)
	for _, auth := range []oauth.ClientAuth{oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}, nil} {
		c, _ := p.agent(t, oauth.ResourceConfig{Resource: api, Client: oauth.Config{ClientID: document.ClientID(), TokenAuth: auth}})
		if auth != nil {
			assert.Equal(t, http.StatusOK, get(t, c, api))
			continue
		}
		_, err := c.Get(api)
		require.ErrorIs(t, err, oauth.InvalidClient)
	}
}

// What NewClientDocument does not make, the provider does not take.
func TestClientIDMetadataDocumentRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	base, site := p.site(t)
	who := person(t)
	serve := func(path string, status int, change map[string]any) string {
		document := map[string]any{"client_id": base + path, "client_name": "Agent", "redirect_uris": []string{p.callback}, "token_endpoint_auth_method": "none"}
		for name, value := range change {
			document[name] = value
		}
		site.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(document)
		})
		return base + path
	}
	site.Handle("/redirect.json", http.RedirectHandler(base+"/good.json", http.StatusFound))
	for name, id := range map[string]string{
		"good":       serve("/good.json", http.StatusOK, nil),
		"other name": serve("/other.json", http.StatusOK, map[string]any{"client_id": base + "/good.json"}),
		"no name":    serve("/none.json", http.StatusOK, map[string]any{"client_id": nil}),
		"secret":     serve("/secret.json", http.StatusOK, map[string]any{"client_secret": "s"}),
		"basic":      serve("/basic.json", http.StatusOK, map[string]any{"token_endpoint_auth_method": "client_secret_basic"}),
		"201":        serve("/created.json", http.StatusCreated, nil),
		"redirect":   base + "/redirect.json",
		"elsewhere":  serve("/elsewhere.json", http.StatusOK, map[string]any{"redirect_uris": []string{"http://127.0.0.1:7191/callback"}}),
		"no page":    base + "/missing.json",
		"dots":       base + "/a/../good.json",
		"http":       "http" + strings.TrimPrefix(base, "https") + "/good.json",
	} {
		c, err := oauth.NewClient(oauth.Config{Issuer: p.base, ClientID: id, RedirectURI: p.callback, TokenAuth: oauth.None})
		require.NoError(t, err)
		login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "openid"})
		require.NoError(t, err)
		r, err := who.Visit(t.Context(), login.URL, p.callback)
		if name == "good" {
			require.NoError(t, err)
			_, err = c.CompleteLogin(t.Context(), login, r)
			require.NoError(t, err)
			continue
		}
		var page *formlogin.PageError
		require.ErrorAs(t, err, &page, name)
		assert.GreaterOrEqual(t, page.Status, 400, name)
	}
}

// files is an oauth.ResourceStore.
type files map[string][]byte

func (f files) Load(_ context.Context, key string) ([]byte, error) { return f[key], nil }

func (f files) Save(_ context.Context, key string, value []byte) error {
	f[key] = value
	return nil
}

// An agent without a document registers itself, for this issuer; the registration is read, changed and deleted, and the
// provider then knows the agent no more.
func TestAgentRegisters(t *testing.T) {
	t.Parallel()
	p := provider(t)
	api, store := p.api(t), files{}
	settings := oauth.ResourceConfig{Resource: api, Register: &oauth.ClientMetadata{ClientName: "Agent"}, Store: store}
	c, u := p.agent(t, settings)
	assert.Equal(t, http.StatusOK, get(t, c, api))
	var r oauth.Registration
	require.NoError(t, json.Unmarshal(store["client "+p.base], &r))
	registrar, err := oauth.NewClient(oauth.Config{Issuer: p.base})
	require.NoError(t, err)
	read, err := registrar.ReadRegistration(t.Context(), &r)
	require.NoError(t, err)
	var more struct {
		Name string `json:"client_name"`
		Type string `json:"application_type"`
	}
	require.NoError(t, read.Claims(&more))
	assert.Equal(t, []string{"Agent", "native", "none"}, []string{more.Name, more.Type, read.TokenEndpointAuthMethod})
	changed, err := registrar.UpdateRegistration(t.Context(), read, oauth.ClientMetadata{
		ClientName: "Agent 2", RedirectURIs: []string{p.callback}, ApplicationType: "native", TokenEndpointAuthMethod: "none",
	})
	require.NoError(t, err)
	require.NoError(t, changed.Claims(&more))
	assert.Equal(t, "Agent 2", more.Name)
	_, err = registrar.UpdateRegistration(t.Context(), read, oauth.ClientMetadata{RedirectURIs: []string{"https://a.example/#b"}})
	require.ErrorIs(t, err, oauth.InvalidRedirectURI)

	again, second := p.agent(t, settings) // the store has token and client
	assert.Equal(t, http.StatusOK, get(t, again, api))
	assert.Equal(t, http.StatusOK, get(t, again, api+"/write"))
	assert.Equal(t, []string{"api:read"}, u.scopes)
	assert.Equal(t, []string{"api:read api:write"}, second.scopes)

	require.NoError(t, registrar.DeleteRegistration(t.Context(), changed))
	err = registrar.DeleteRegistration(t.Context(), changed)
	require.ErrorIs(t, err, oauth.InvalidToken)
	delete(store, "token "+api)
	gone, _ := p.agent(t, settings)
	_, err = gone.Get(api)
	var page *formlogin.PageError
	require.ErrorAs(t, err, &page, "the provider shows the user that the client is unknown")
	delete(store, "client "+p.base)
	anew, _ := p.agent(t, settings)
	assert.Equal(t, http.StatusOK, get(t, anew, api))
}
