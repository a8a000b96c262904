package oauth_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestPushedSettings(t *testing.T) {
	t.Parallel()
	object := &oauth.RequestObject{Keys: []oauth.SigningKey{{Signer: signers()["p256"]}}, Host: new(oauth.RequestObjectHost).Host}
	for want, change := range map[string]func(*oauth.Config){
		"unknown PushedAuthorization -1": func(c *oauth.Config) { c.PushedAuthorization = -1 },
		"unknown PushedAuthorization 3":  func(c *oauth.Config) { c.PushedAuthorization = oauth.PushNever + 1 },
		"MaxPushedLifetime is negative":  func(c *oauth.Config) { c.MaxPushedLifetime = -time.Second },
		"PushAlways and RequestObject.Host contradict each other: a pushed request must not have a request_uri (RFC 9126 §2.1)": func(c *oauth.Config) { c.RequestObject = object },
	} {
		c := config(silent(t))
		pushing(&c)
		_, err := oauth.NewClient(c)
		require.NoError(t, err)
		change(&c)
		_, err = oauth.NewClient(c)
		require.EqualError(t, err, "oauth: "+want)
	}
	_, err := oauth.NewClient(oauth.Config{Endpoints: oauth.Endpoints{PushedAuthorization: "http://as.example/par"}})
	require.ErrorContains(t, err, "oauth: Endpoints.PushedAuthorization must be an https URL")
}

// A login that cannot be completed, and a mistake of the caller, push nothing.
func TestNothingIsPushedInVain(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["p256"]}
	for want, c := range map[string]struct {
		change func(*oauth.Config)
		o      oauth.AuthorizeOptions
	}{
		"no token_endpoint":                {change: func(c *oauth.Config) { c.Metadata.TokenEndpoint = "" }},
		"no authorization_endpoint":        {change: func(c *oauth.Config) { c.Metadata.AuthorizationEndpoint = "" }},
		"code_challenge_methods_supported": {change: func(c *oauth.Config) { c.Metadata.CodeChallengeMethodsSupported = []string{"plain"} }},
		"ClientSecret is not set":          {change: func(c *oauth.Config) { c.ClientSecret = "" }},
		"the server accepts private_key_jwt": {change: func(c *oauth.Config) {
			c.TokenAuth = oauth.ClientSecretPost
			c.Metadata.TokenEndpointAuthMethodsSupported = []string{"private_key_jwt"}
		}},
		"DPoP signs with ES256": {change: func(c *oauth.Config) {
			c.DPoP = newDPoP(t)
			c.Metadata.DPoPSigningAlgValuesSupported = []string{"PS256"}
		}},
		"has require_signed_request_object":         {change: func(c *oauth.Config) { c.Metadata.RequireSignedRequestObject = true }},
		"Extra must not set scope":                  {o: oauth.AuthorizeOptions{Extra: url.Values{"scope": {"x"}}}},
		"Extra must not set request_uri":            {o: oauth.AuthorizeOptions{Extra: url.Values{"request_uri": {"urn:a:b"}}}},
		"Extra must not set client_assertion:":      {o: oauth.AuthorizeOptions{Extra: url.Values{"client_assertion": {"x"}}}},
		"Extra must not set client_assertion_type:": {o: oauth.AuthorizeOptions{Extra: url.Values{"client_assertion_type": {"x"}}}},
		"Resource must have absolute URIs":          {o: oauth.AuthorizeOptions{Resource: []string{"x"}}},
		"RedirectURI must be an absolute URI":       {o: oauth.AuthorizeOptions{RedirectURI: "x"}},
		"RequestObject signs with ES256": {change: func(c *oauth.Config) {
			c.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{key}}
			c.Metadata.RequestObjectSigningAlgValuesSupported = []string{"PS256"}
		}},
	} {
		client := with(t, silent(t), func(cfg *oauth.Config) {
			requiring(cfg)
			if c.change != nil {
				c.change(cfg)
			}
		})
		_, err := client.BeginLogin(t.Context(), c.o)
		require.ErrorContains(t, err, want)
	}
}

// A credential of the client is never a parameter of the browser's address, pushed or not.
func TestNoAssertionInTheAddress(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"client_secret", "client_assertion", "client_assertion_type"} {
		_, err := newClient(t, silent(t)).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{name: {"x"}}})
		require.EqualError(t, err, "oauth: Extra must not set "+name+": use its field instead")
	}
	link, err := newClient(t, silent(t)).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{"request_uri": {"urn:a:b"}}})
	require.NoError(t, err, "an object that the application made, where nothing is pushed")
	assert.Contains(t, link, "request_uri=urn")
}

// A login without a code needs the client's authentication when its request is pushed.
func TestCanLoginPushedWithoutCode(t *testing.T) {
	t.Parallel()
	for _, pushed := range []bool{true, false} {
		c := with(t, silent(t), func(c *oauth.Config) {
			requiring(c)
			c.Metadata.RequirePushedAuthorizationRequests, c.Metadata.TokenEndpointAuthMethodsSupported = pushed, []string{"private_key_jwt"}
		})
		err := c.CanLogin(t.Context(), "id_token")
		if !pushed {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "oauth: TokenAuth is not set, and the server accepts neither")
	}
}

// Before discovery only mistakes are found. Then the metadata decides, and says where.
func TestDiscoveredServerRequiresPushedRequests(t *testing.T) {
	t.Parallel()
	s := newPushServer(http.StatusCreated, pushed)
	const document = "/.well-known/oauth-authorization-server"
	s.RegisterResponder(http.MethodGet, server+document, jsonReply(200, `{"issuer":"`+server+`","authorization_endpoint":"`+server+`/authorize","token_endpoint":"`+server+`/token",
		"pushed_authorization_request_endpoint":"`+server+`/par","require_pushed_authorization_requests":true}`))
	for _, when := range []oauth.PushedAuthorization{oauth.PushWhenRequired, oauth.PushAlways} {
		c := discovering(t, s, func(c *oauth.Config) { c.PushedAuthorization = when })
		before := asked(s.MockTransport, document)
		_, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{RedirectURI: "x"})
		require.ErrorContains(t, err, "RedirectURI must be")
		if when == oauth.PushAlways {
			_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{"request_uri": {"urn:a:b"}}})
			require.ErrorContains(t, err, "Extra must not set request_uri")
		}
		require.Equal(t, before, asked(s.MockTransport, document))
		login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		require.NoError(t, err)
		assert.Equal(t, requestURI, query(t, login.URL).Get("request_uri"))
	}
	assert.Len(t, s.forms, 2)
	m, err := discovering(t, s, nil).Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []any{server + pushPath, true}, []any{m.PushedAuthorizationRequestEndpoint, m.RequirePushedAuthorizationRequests})
}

// D8: a refreshed document without the endpoint does not replace one that had it, as long as requests must be pushed.
func TestD8RefreshThatLosesThePushEndpoint(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		when     oauth.PushedAuthorization
		required bool
		kept     bool
	}{
		"required": {oauth.PushWhenRequired, true, true}, "always": {oauth.PushAlways, false, true}, "not any more": {oauth.PushWhenRequired, false, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newPushServer(http.StatusCreated, pushed)
			publish := func(more map[string]any) {
				s.RegisterResponder(http.MethodGet, server+oauthDocument, httpmock.NewJsonResponderOrPanic(http.StatusOK, described(more)))
			}
			publish(map[string]any{"pushed_authorization_request_endpoint": server + pushPath, "require_pushed_authorization_requests": true})
			client := discovering(t, s, func(cfg *oauth.Config) { cfg.Now, cfg.PushedAuthorization = time.Now, c.when })
			_, err := client.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
			require.NoError(t, err, name)
			publish(map[string]any{"require_pushed_authorization_requests": c.required})
			time.Sleep(24 * time.Hour)
			login, err := client.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
			require.NoError(t, err, name)
			assert.Equal(t, c.kept, query(t, login.URL).Has("request_uri"), name)
			_, err = client.Metadata(t.Context())
			if !c.kept {
				require.NoError(t, err, name)
				return
			}
			require.EqualError(t, err, "oauth: discovery refused (missing): the refreshed document has no pushed_authorization_request_endpoint, which it had before", name)
		})
	}
}

func TestPushedMetadata(t *testing.T) {
	t.Parallel()
	for member, want := range map[string]string{
		`"require_pushed_authorization_requests":"true"`: "the document's require_pushed_authorization_requests has a value of the wrong type",
		`"pushed_authorization_request_endpoint":7`:      "the document's pushed_authorization_request_endpoint has a value of the wrong type",
	} {
		_, err := oauth.ParseMetadata([]byte(`{"issuer":"https://as.example",` + member + `}`))
		require.ErrorIs(t, err, oauth.DiscoveryDocument)
		require.ErrorContains(t, err, want)
	}
	text, err := json.Marshal(oauth.ClientMetadata{RequirePushedAuthorizationRequests: true})
	require.NoError(t, err)
	assert.JSONEq(t, `{"require_pushed_authorization_requests":true}`, string(text))
}

// C5: the request is pushed with the certificate, where the client has one.
func TestC5AliasOfPushedRequests(t *testing.T) {
	t.Parallel()
	for _, mutual := range []bool{false, true} {
		m, err := used(t, func(c *oauth.Config) {
			c.Metadata.PushedAuthorizationRequestEndpoint = server + pushPath
			c.Metadata.MTLSEndpointAliases["pushed_authorization_request_endpoint"] = mtls + pushPath
			if mutual {
				c.TokenAuth = oauth.TLSClientAuth
			}
		})
		require.NoError(t, err)
		assert.Equal(t, map[bool]string{false: server, true: mtls}[mutual]+pushPath, m.PushedAuthorizationRequestEndpoint)
	}
}

func TestPushedRequestEndsWithItsContext(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	c := with(t, mock, pushing)
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err := c.BeginLogin(nil, oauth.AuthorizeOptions{})
	require.ErrorContains(t, err, "the context is nil")
}
