package oauth_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Registered beforehand, then a document, then a registration.
func TestResourceClientsInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Register = &oauth.ClientMetadata{ClientName: "Agent"}
	w.cfg.Clients = map[string]oauth.Registration{server: {ClientID: "mine", ClientSecret: "s3cr3t-client"}, "https://other.example": {ClientID: "other"}}
	w.works(w.client())
	assert.Equal(t, "mine", w.logins[0].Get("client_id"))
	assert.Empty(t, w.grants[0].Get("client_id"), "client_secret_basic")

	w = newWorld(t)
	w.cfg.Register = &oauth.ClientMetadata{ClientName: "Agent"}
	w.cfg.Clients = map[string]oauth.Registration{"https://other.example": {ClientID: "other"}}
	w.works(w.client())
	assert.Equal(t, documentURL, w.logins[0].Get("client_id"))
	assert.Empty(t, w.clients)

	delete(w.server, "client_id_metadata_document_supported")
	w.works(w.client())
	assert.Equal(t, "C1", w.logins[1].Get("client_id"))
	assert.JSONEq(t, `{"client_name":"Agent","redirect_uris":["`+loopback+`"],"application_type":"native",
		"grant_types":["authorization_code","refresh_token"],"token_endpoint_auth_method":"none"}`, w.clients[0])

	delete(w.server, "registration_endpoint")
	require.ErrorIs(t, w.fails(w.client()), oauth.DiscoveryMissing)
}

// application_type fits the redirect URI, and what the application says stays.
func TestResourceApplicationType(t *testing.T) {
	t.Parallel()
	for redirect, want := range map[string]string{
		loopback: "native", "http://localhost:1/cb": "native", "https://localhost:1/cb": "native", "com.example.agent:/cb": "native", "https://agent.example/cb": "web",
	} {
		w := newWorld(t)
		delete(w.server, "client_id_metadata_document_supported")
		w.cfg.Client.RedirectURI, w.cfg.Register = redirect, &oauth.ClientMetadata{}
		w.works(w.client())
		var sent struct {
			Type string `json:"application_type"`
		}
		require.NoError(t, json.Unmarshal([]byte(w.clients[0]), &sent))
		assert.Equal(t, want, sent.Type, redirect)
	}
	w := newWorld(t)
	delete(w.server, "client_id_metadata_document_supported")
	w.cfg.Register = &oauth.ClientMetadata{
		ApplicationType: "web", GrantTypes: []string{"authorization_code"}, TokenEndpointAuthMethod: "client_secret_post", RedirectURIs: []string{loopback, "https://agent.example/cb"},
	}
	w.works(w.client())
	assert.JSONEq(t, `{"redirect_uris":["`+loopback+`","https://agent.example/cb"],"application_type":"web","grant_types":["authorization_code"],
		"token_endpoint_auth_method":"client_secret_post"}`, w.clients[0])
}

// A client whose secret has ended is of no use, also to the process that registered it.
func TestResourceRegistrationThatEnds(t *testing.T) {
	t.Parallel()
	for after, clients := range map[time.Duration][]string{time.Hour - time.Second: {"C1", "C1"}, time.Hour: {"C1", "C2"}} {
		w := newWorld(t)
		w.expires = 7200
		at := now
		w.cfg.Client.Now = func() time.Time { return at }
		w.cfg.Client.TokenAuth, w.cfg.Register = oauth.ClientSecretPost, &oauth.ClientMetadata{}
		delete(w.server, "client_id_metadata_document_supported")
		w.mock.RegisterResponder(http.MethodPost, registerURI, func(r *http.Request) (*http.Response, error) {
			res, err := w.register(r)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(res.Body)
			end := fmt.Sprintf(`"client_secret_expires_at":%d`, at.Add(time.Hour).Unix())
			return httpmock.NewStringResponse(res.StatusCode, strings.Replace(string(body), `"client_secret_expires_at":0`, end, 1)), err
		})
		c := w.client()
		w.works(c)
		at = at.Add(after)
		w.need = []string{"files:write"}
		w.works(c)
		require.Len(t, w.logins, 2)
		assert.Equal(t, clients, []string{w.logins[0].Get("client_id"), w.logins[1].Get("client_id")}, after)
	}
}

// A registration is of the server that made it: another server gets its own.
func TestResourceRegistrationsByIssuer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const other = "https://other.example.com"
		w := newWorld(t)
		delete(w.server, "client_id_metadata_document_supported")
		store := &kept{}
		w.cfg.Client.ClientID, w.cfg.Register, w.cfg.Store = "", &oauth.ClientMetadata{}, store
		w.cfg.AllowIssuer = func(issuer string) bool { return issuer == server || issuer == other }
		w.works(w.client())
		clear(w.tokens)
		w.works(w.client())
		assert.Len(t, w.clients, 1, "the store has it")

		second := map[string]any{}
		for name, value := range w.server {
			second[name] = value
		}
		second["issuer"], second["registration_endpoint"] = other, other+"/register"
		delete(second, "authorization_response_iss_parameter_supported")
		w.mock.RegisterResponder(http.MethodGet, other+oauthDocument, httpmock.NewJsonResponderOrPanic(http.StatusOK, second))
		w.mock.RegisterResponder(http.MethodPost, other+"/register", w.register)
		w.metadata["authorization_servers"] = []string{other}
		clear(w.tokens)
		time.Sleep(time.Minute)
		err := w.fails(w.client())
		require.ErrorIs(t, err, oauth.CheckIssuer, "the user's server names itself in iss")
		require.Len(t, w.clients, 2)
		assert.Equal(t, "C2", w.logins[len(w.logins)-1].Get("client_id"))
		assert.Contains(t, store.text, "client "+server)
		assert.Contains(t, store.text, "client "+other)

		// What ended, or does not fit, is registered anew.
		w.metadata["authorization_servers"] = []string{server}
		for _, stored := range []string{
			`{"client_id":"old","client_secret":"s","client_secret_expires_at":1}`, `{"client_id":"old","redirect_uris":["https://elsewhere.example/cb"]}`, `{`,
		} {
			store.text = map[string][]byte{"client " + server: []byte(stored)}
			before := len(w.clients)
			w.works(w.client())
			assert.Len(t, w.clients, before+1, stored)
		}
	})
}

// A refused registration is the server's refusal, or a *RegistrationError.
func TestResourceRegistrationRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		reply  string
	}{
		"refused":         {http.StatusBadRequest, `{"error":"invalid_redirect_uri"}`},
		"another address": {http.StatusCreated, `{"client_id":"C","redirect_uris":["https://attacker.example/cb"]}`},
		"no id":           {http.StatusCreated, `{}`},
	} {
		w := newWorld(t)
		delete(w.server, "client_id_metadata_document_supported")
		w.cfg.Register = &oauth.ClientMetadata{}
		w.mock.RegisterResponder(http.MethodPost, registerURI, jsonReply(c.status, c.reply))
		err := w.fails(w.client())
		if name == "refused" {
			require.ErrorIs(t, err, oauth.InvalidRedirectURI)
		} else {
			var refused *oauth.RegistrationError
			require.ErrorAs(t, err, &refused, name)
		}
		assert.Empty(t, w.logins, name)
	}
}

// A document with keys authenticates by them; a registered client of the same settings by what was registered.
func TestResourceClientWithKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Client.TokenAuth = oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: ed25519.NewKeyFromSeed([]byte(planted32)), ID: "k"}}}
	w.works(w.client())
	assert.NotEmpty(t, w.grants[0].Get("client_assertion"))
	for method, id := range map[string]string{"": "", "client_secret_post": "mine", "none": "mine"} {
		secret := "s3cr3t-client"
		if method == "none" {
			secret = ""
		}
		w.cfg.Clients = map[string]oauth.Registration{server: {ClientID: "mine", ClientSecret: secret, TokenEndpointAuthMethod: method}}
		w.works(w.client())
		last := w.grants[len(w.grants)-1]
		assert.Empty(t, last.Get("client_assertion"), method)
		assert.Equal(t, id, last.Get("client_id"), method)
	}
}

func TestResourceMistakes(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*oauth.ResourceConfig){
		"Resource must be an absolute URL such as https://example.com":                                                                               func(c *oauth.ResourceConfig) { c.Resource = "" },
		"Resource must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)": func(c *oauth.ResourceConfig) { c.Resource = "http://mcp.example.com/mcp" },
		"Resource may have only letters, digits and the characters -._~!$&'()*+,;=:@/[]":                                                             func(c *oauth.ResourceConfig) { c.Resource = mcp + "?x" },
		"AllowIssuer is not set: the API names its authorization servers, and the application must know which ones it trusts":                        func(c *oauth.ResourceConfig) { c.AllowIssuer = nil },
		"Client must not name an authorization server: the API names it":                                                                             func(c *oauth.ResourceConfig) { c.Client.Issuer = server },
		"Client.ClientSecret must be empty: a secret is for one server, in Clients":                                                                  func(c *oauth.ResourceConfig) { c.Client.ClientSecret = "s" },
		"Client.InsecureAllowCodeInjection must not be set: servers that the API names must have PKCE":                                               func(c *oauth.ResourceConfig) { c.Client.InsecureAllowCodeInjection = true },
		"Client.RedirectURI is not set": func(c *oauth.ResourceConfig) { c.Client.RedirectURI = "" },
		"Client.ClientID, Clients and Register are all empty: no server would know the client":     func(c *oauth.ResourceConfig) { c.Client.ClientID = "" },
		"Client.ClientID must be an https URL: it is the address of a ClientDocument":              func(c *oauth.ResourceConfig) { c.Client.ClientID = "http://localhost/client.json" },
		"Client.ClientID has no path, such as /client.json: it is the address of a ClientDocument": func(c *oauth.ResourceConfig) { c.Client.ClientID = "https://client.example.com/" },
	} {
		cfg := newWorld(t).cfg
		spoil(&cfg)
		c, err := oauth.NewResourceClient(cfg)
		require.EqualError(t, err, "oauth: ResourceConfig."+want)
		assert.Nil(t, c)
	}
	for name, spoil := range map[string]func(*oauth.Config){
		"Metadata": func(c *oauth.Config) { c.Metadata = &oauth.Metadata{} }, "Endpoints": func(c *oauth.Config) { c.Endpoints.Token = server + "/token" },
		"Discovery":   func(c *oauth.Config) { c.Discovery = oauth.DiscoverOAuth },
		"AllowIssuer": func(c *oauth.Config) { c.AllowIssuer = func(string) bool { return true } }, "RequireIssuer": func(c *oauth.Config) { c.RequireIssuer = true },
	} {
		cfg := newWorld(t).cfg
		spoil(&cfg.Client)
		_, err := oauth.NewResourceClient(cfg)
		require.EqualError(t, err, "oauth: ResourceConfig.Client must not name an authorization server: the API names it", name)
	}
	registered := newWorld(t).cfg
	registered.Client.ClientID, registered.Clients = "", map[string]oauth.Registration{server: {ClientID: "mine"}}
	_, err := oauth.NewResourceClient(registered)
	require.NoError(t, err)
	for want, spoil := range map[string]func(*oauth.ResourceConfig){
		"oauth: Extra must not set resource: use its field instead":                       func(c *oauth.ResourceConfig) { c.Extra = map[string][]string{"resource": {"x"}} },
		"oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)": func(c *oauth.ResourceConfig) { c.Client.RedirectURI = "/cb" },
		"oauth: Extra must not set authorization_details: use its field instead": func(c *oauth.ResourceConfig) {
			c.Extra = map[string][]string{"authorization_details": {"[]"}}
		},
		"oauth: AuthorizationDetails is not an array (RFC 9396 §2)": func(c *oauth.ResourceConfig) { c.AuthorizationDetails = []byte(`{"type":"files"}`) },
		"MaxReply is negative": func(c *oauth.ResourceConfig) { c.Client.MaxReply = -1 },
		"oauth: client metadata: JWKSURI and JWKS are both set: remove one of them (RFC 7591 §2)": func(c *oauth.ResourceConfig) {
			c.Register = &oauth.ClientMetadata{JWKSURI: "https://a", JWKS: oauth.JWKSet{{Public: signers()["ed"].Public()}}}
		},
		"oauth: ResourceConfig.Client: RefusePrivateAddresses needs an *http.Transport in HTTPClient: where": func(c *oauth.ResourceConfig) { c.Client.RefusePrivateAddresses = true },
	} {
		cfg := newWorld(t).cfg
		spoil(&cfg)
		_, err := oauth.NewResourceClient(cfg)
		require.ErrorContains(t, err, want)
	}
	for _, c := range []*oauth.ResourceClient{nil, {}} {
		const want = "oauth: the resource client was not made by NewResourceClient"
		_, err := c.Token(t.Context())
		require.EqualError(t, err, want)
		_, err = c.Metadata(t.Context())
		require.EqualError(t, err, want)
		_, err = c.BeginLogin(t.Context(), nil)
		require.EqualError(t, err, want)
		_, err = c.CompleteLogin(t.Context(), nil, nil)
		require.EqualError(t, err, want)
		require.EqualError(t, c.Authorize(t.Context(), nil), want)
		_, err = c.RoundTrip(nil)
		require.EqualError(t, err, want)
		assert.False(t, c.Demands(nil))
		assert.False(t, c.Demands(&http.Response{StatusCode: http.StatusUnauthorized, Request: httptest.NewRequest(http.MethodPost, mcp, nil)}))
	}
	_, err = newWorld(t).client().RoundTrip(nil)
	require.EqualError(t, err, "oauth: ResourceConfig: the request has no URL")
}
