package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	oauthDocument  = "/.well-known/oauth-authorization-server"
	openIDDocument = "/.well-known/openid-configuration"
)

// described is the server's metadata with other members; nil removes one.
func described(more map[string]any) map[string]any {
	document := map[string]any{
		"issuer": server, "authorization_endpoint": server + "/authorize", "token_endpoint": server + "/token",
		"userinfo_endpoint": server + "/userinfo", "introspection_endpoint": server + "/introspect", "revocation_endpoint": server + "/revoke",
	}
	for name, value := range more {
		if document[name] = value; value == nil {
			delete(document, name)
		}
	}
	return document
}

// publishing is a server that has the document at these paths, and 404 elsewhere.
func publishing(document map[string]any, paths ...string) *httpmock.MockTransport {
	mock := httpmock.NewMockTransport()
	for _, path := range paths {
		mock.RegisterResponder(http.MethodGet, server+path, httpmock.NewJsonResponderOrPanic(http.StatusOK, document))
	}
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusNotFound, "<html>").HeaderSet(http.Header{"Content-Type": {"text/html"}}))
	return mock
}

// discovering is a client that knows the issuer alone.
func discovering(t testing.TB, rt http.RoundTripper, change func(*oauth.Config)) *oauth.Client {
	t.Helper()
	return with(t, rt, func(c *oauth.Config) {
		c.Issuer, c.Endpoints = server, oauth.Endpoints{}
		if change != nil {
			change(c)
		}
	})
}

func asked(mock *httpmock.MockTransport, path string) int {
	return mock.GetCallCountInfo()["GET "+server+path]
}

func TestDiscoveredServerServesEveryCall(t *testing.T) {
	t.Parallel()
	mock := publishing(described(map[string]any{"authorization_response_iss_parameter_supported": true}), oauthDocument)
	mock.RegisterResponder(http.MethodPost, server+"/token", jsonReply(http.StatusOK, `{"access_token":"AT","token_type":"Bearer","refresh_token":"RT","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}`))
	mock.RegisterResponder(http.MethodGet, server+"/userinfo", jsonReply(http.StatusOK, `{"sub":"u"}`))
	mock.RegisterResponder(http.MethodPost, server+"/introspect", jsonReply(http.StatusOK, `{"active":true}`))
	mock.RegisterResponder(http.MethodPost, server+"/revoke", jsonReply(http.StatusOK, ``))
	c, ctx := discovering(t, mock, nil), t.Context()
	assert.Zero(t, mock.GetTotalCallCount(), "NewClient sends nothing")
	assert.Equal(t, server, c.Issuer())

	login, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{server, server + "/token"}, []string{login.Issuer, login.TokenEndpoint})
	back := func(more string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/cb?code=C&state="+login.State+more, nil)
	}
	_, err = c.CompleteLogin(ctx, login, back(""))
	require.ErrorIs(t, err, oauth.CheckIssuer, "the metadata says that iss is sent")
	_, err = c.CompleteLogin(ctx, login, back("&iss=https%3A%2F%2Fserver.example.com"))
	require.NoError(t, err)
	for _, kind := range []oauth.ResponseType{"", "code"} {
		response, err := c.ReadCallback(ctx, login, kind, back("&iss=https%3A%2F%2Fserver.example.com"))
		require.NoError(t, err)
		assert.Equal(t, "C", response.Code)
		_, err = c.ReadCallback(ctx, login, kind, back(""))
		require.ErrorIs(t, err, oauth.CheckIssuer)
	}
	_, err = c.CompleteLogin(ctx, nil, back(""))
	require.ErrorIs(t, err, oauth.CheckLogin)

	for name, call := range map[string]func() error{
		"link":    func() error { _, err := c.BuildAuthorizeUrl(ctx, oauth.AuthorizeOptions{}); return err },
		"code":    func() error { _, err := c.GetAccessTokenByCode(ctx, "C"); return err },
		"refresh": func() error { _, err := c.GetNewAccessTokenByRefreshToken(ctx, "RT0"); return err },
		"expired": func() error {
			_, err := c.RefreshIfExpired(ctx, &oauth.Token{RefreshToken: "RT1", Expiry: now}, 0)
			return err
		},
		"machine": func() error {
			_, err := c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{})
			return err
		},
		"source": func() error { _, err := c.TokenSource(oauth.ClientCredentialsOptions{}).Token(ctx); return err },
		"grant":  func() error { _, err := c.GetAccessTokenByGrant(ctx, "g", nil); return err },
		"exchange": func() error {
			_, err := c.ExchangeToken(ctx, oauth.TokenExchangeOptions{SubjectToken: "s"})
			return err
		},
		"JWT bearer": func() error {
			_, err := c.GetAccessTokenByJWTBearer(ctx, oauth.JWTBearerOptions{Assertion: "a.b.c"})
			return err
		},
		"user info":   func() error { _, err := c.GetUserInfoByAccessToken(ctx, "AT"); return err },
		"introspect":  func() error { _, err := c.IntrospectToken(ctx, "AT"); return err },
		"revoke":      func() error { return c.RevokeToken(ctx, "AT") },
		"can log in":  func() error { return c.CanLogin(ctx, "") },
		"by metadata": func() error { _, err := c.Metadata(ctx); return err },
	} {
		require.NoError(t, call(), name)
	}
	assert.Equal(t, 1, asked(mock, oauthDocument))
}

// A mistake of the caller is found before the server is asked; so is a token that is still valid.
func TestDiscoveryWaitsForACallThatNeedsIt(t *testing.T) {
	t.Parallel()
	c, ctx := discovering(t, silent(t), nil), t.Context()
	fresh := &oauth.Token{AccessToken: "AT", Expiry: now.Add(time.Hour)}
	same, err := c.RefreshIfExpired(ctx, fresh, 0)
	require.NoError(t, err)
	assert.Same(t, fresh, same)
	for want, call := range map[string]func() error{
		"code is empty":          func() error { _, err := c.GetAccessTokenByCode(ctx, ""); return err },
		"refresh token is empty": func() error { _, err := c.GetNewAccessTokenByRefreshToken(ctx, ""); return err },
		"grant type is empty":    func() error { _, err := c.GetAccessTokenByGrant(ctx, "", nil); return err },
		"access token is empty":  func() error { _, err := c.GetUserInfoByAccessToken(ctx, ""); return err },
		"token is empty":         func() error { return c.RevokeToken(ctx, "") },
		"State must be empty":    func() error { _, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{State: "s"}); return err },
		"RedirectURI must be": func() error {
			_, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{RedirectURI: "/cb"})
			return err
		},
		"Extra must not set": func() error {
			_, err := c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{Extra: map[string][]string{"scope": {"s"}}})
			return err
		},
		"refused the callback (login)": func() error {
			_, err := c.CompleteLogin(ctx, nil, httptest.NewRequest(http.MethodGet, "/", nil))
			return err
		},
	} {
		require.ErrorContains(t, call(), want)
	}
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err = c.Metadata(nil)
	require.EqualError(t, err, "oauth: the context is nil")
	none := discovering(t, silent(t), func(c *oauth.Config) { c.ClientSecret = "" })
	_, err = none.BeginLogin(ctx, oauth.AuthorizeOptions{})
	require.ErrorContains(t, err, "ClientSecret is not set")
}

// D4: the refusal of the document is the error of every call that needs the document.
func TestD4EveryCallNeedsADocument(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *oauth.Client) error{
		"Metadata": func(ctx context.Context, c *oauth.Client) error { _, err := c.Metadata(ctx); return err },
		"CanLogin": func(ctx context.Context, c *oauth.Client) error { return c.CanLogin(ctx, "") },
		"BeginLogin": func(ctx context.Context, c *oauth.Client) error {
			_, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{})
			return err
		},
		"CompleteLogin": func(ctx context.Context, c *oauth.Client) error {
			_, err := c.CompleteLogin(ctx, &oauth.Login{State: "s"}, httptest.NewRequest(http.MethodGet, "/cb?code=C&state=s", nil))
			return err
		},
		"ReadCallback": func(ctx context.Context, c *oauth.Client) error {
			_, err := c.ReadCallback(ctx, &oauth.Login{State: "s"}, "", httptest.NewRequest(http.MethodGet, "/cb?code=C&state=s", nil))
			return err
		},
	} {
		err := call(t.Context(), discovering(t, publishing(described(nil)), nil))
		require.ErrorIs(t, err, oauth.DiscoveryStatus, name)
		assert.True(t, strings.HasPrefix(err.Error(), "oauth: discovery refused (status): GET "), err)
		err = call(t.Context(), discovering(t, publishing(described(nil), oauthDocument), nil))
		require.NotErrorIs(t, err, oauth.DiscoveryStatus, "%s: the twin", name)
	}
}

// The document of RFC 8414 comes first, the next one on a 404 alone; a field chooses one of them.
func TestDiscoveryPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		issuer  string
		choice  oauth.Discovery
		at      string // where the document is
		refused bool
		asked   int
	}{
		{"both", server, oauth.DiscoverAny, oauthDocument, false, 1},
		{"the second", server, oauth.DiscoverAny, openIDDocument, false, 2},
		{"none", server, oauth.DiscoverAny, "/", true, 2},
		{"OpenID alone", server, oauth.DiscoverOpenID, openIDDocument, false, 1},
		{"OpenID alone, not there", server, oauth.DiscoverOpenID, oauthDocument, true, 1},
		{"OAuth alone", server, oauth.DiscoverOAuth, oauthDocument, false, 1},
		{"OAuth alone, not there", server, oauth.DiscoverOAuth, openIDDocument, true, 1},
		{"a path", server + "/a/b", oauth.DiscoverAny, oauthDocument + "/a/b", false, 1},
		{"a path, inserted", server + "/a/b", oauth.DiscoverAny, openIDDocument + "/a/b", false, 2},
		{"a path, appended", server + "/a/b", oauth.DiscoverAny, "/a/b" + openIDDocument, false, 3},
		{"a slash at the end", server + "/a/", oauth.DiscoverOAuth, oauthDocument + "/a", false, 1},
		{"a slash alone", server + "/", oauth.DiscoverOAuth, oauthDocument, false, 1},
		{"an escape", server + "/a%2Fb", oauth.DiscoverOAuth, oauthDocument + "/a%2Fb", false, 1},
		{"OpenID, a path", server + "/a/b/", oauth.DiscoverOpenID, "/a/b" + openIDDocument, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mock := publishing(described(map[string]any{"issuer": c.issuer}), c.at)
			client := discovering(t, mock, func(cfg *oauth.Config) { cfg.Issuer, cfg.Discovery = c.issuer, c.choice })
			m, err := client.Metadata(t.Context())
			assert.Equal(t, c.asked, mock.GetTotalCallCount())
			if c.refused {
				require.ErrorIs(t, err, oauth.DiscoveryStatus)
				require.ErrorContains(t, err, "status 404")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.issuer, m.Issuer)
		})
	}
	for _, status := range []int{400, 401, 403, 405, 410, 500} {
		synctest.Test(t, func(t *testing.T) {
			mock := publishing(described(nil), openIDDocument)
			mock.RegisterResponder(http.MethodGet, server+oauthDocument, httpmock.NewStringResponder(status, ""))
			_, err := discovering(t, mock, nil).Metadata(t.Context())
			require.Error(t, err)
			assert.Equal(t, status != 500, errors.Is(err, oauth.DiscoveryStatus), "an outage is no refusal")
			assert.Zero(t, asked(mock, openIDDocument), "status %d is not 404", status)
		})
	}
}

func TestD1IssuerOfTheDocument(t *testing.T) {
	t.Parallel()
	for name, issuer := range map[string]any{
		"another": "https://attacker.example", "a slash": server + "/", "case": "https://SERVER.example.com", "missing": nil, "a list": []string{server},
	} {
		_, err := discovering(t, publishing(described(map[string]any{"issuer": issuer}), oauthDocument), nil).BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		var refused *oauth.DiscoveryError
		require.ErrorAs(t, err, &refused, name)
		want := oauth.DiscoveryIssuer
		if name == "missing" || name == "a list" {
			want = oauth.DiscoveryDocument
		}
		assert.Equal(t, want, refused.Check, name)
	}
	_, err := discovering(t, publishing(described(map[string]any{"issuer": server + "/"}), oauthDocument), nil).Metadata(t.Context())
	require.EqualError(t, err, `oauth: discovery refused (issuer): the document's issuer is "https://server.example.com/", want "https://server.example.com" (they differ only in the trailing slash: use the server's spelling)`)
}

func TestD2IssuerWithQueryOrFragment(t *testing.T) {
	t.Parallel()
	for issuer, why := range map[string]string{
		server + "?a=b": "oauth: Issuer must not have a query (RFC 8414 §2)", server + "#a": "oauth: Issuer must not have a fragment",
		"http://server.example.com": "oauth: Issuer must be an https URL: http is for loopback hosts only", "server.example.com": "oauth: Issuer must be an absolute URL", "https://u:p@server.example.com": "oauth: Issuer must not carry a user name",
	} {
		_, err := oauth.NewClient(oauth.Config{Issuer: issuer, HTTPClient: &http.Client{Transport: silent(t)}})
		require.ErrorContains(t, err, why)
	}
	for _, c := range []oauth.Config{
		{Discovery: oauth.DiscoverOAuth}, {Discovery: oauth.DiscoverOAuth, Issuer: server, Metadata: &oauth.Metadata{Issuer: server}},
		{Discovery: oauth.DiscoverOpenID, Issuer: server, Endpoints: oauth.Endpoints{Token: server + "/token"}},
	} {
		_, err := oauth.NewClient(c)
		require.EqualError(t, err, "oauth: Discovery needs an Issuer, without Metadata and Endpoints")
	}
	_, err := oauth.NewClient(oauth.Config{Issuer: server, Discovery: 7})
	require.EqualError(t, err, "oauth: unknown Discovery 7")
	_, err = oauth.NewClient(oauth.Config{Issuer: server, Metadata: &oauth.Metadata{Issuer: server + "/"}})
	require.ErrorContains(t, err, "they must be equal")
	_, err = oauth.NewClient(oauth.Config{Issuer: server + "/a", HTTPClient: &http.Client{Transport: silent(t)}})
	require.NoError(t, err, "the accepted twin")
}

// D3: an issuer over http is no better in metadata of the configuration.
func TestD3IssuerOverHTTPInTheConfiguration(t *testing.T) {
	t.Parallel()
	given := func(issuer string, insecure bool) error {
		cfg := config(silent(t))
		cfg.Endpoints, cfg.InsecureAllowHTTP = oauth.Endpoints{}, insecure
		cfg.Metadata = &oauth.Metadata{Issuer: issuer, TokenEndpoint: server + "/token"}
		_, err := oauth.NewClient(cfg)
		return err
	}
	for _, bad := range []string{"http://server.example.com", "server.example.com"} {
		require.ErrorIs(t, given(bad, false), oauth.DiscoveryEndpoint, bad)
		require.ErrorContains(t, given(bad, false), "issuer must be an ", bad)
	}
	require.NoError(t, given(server, false))
	require.NoError(t, given("http://localhost:8080", false))
	require.NoError(t, given("http://server.example.com", true))
}

// D3, D7: addresses in the document are checked like configured ones.
func TestD7EndpointsOfTheDocument(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "introspection_endpoint", "revocation_endpoint", "jwks_uri"} {
		for _, url := range []string{"http://server.example.com/x", "javascript:alert(1)", "/x", "https://u:p@server.example.com/x", "https://server.example.com/#x"} {
			c := discovering(t, publishing(described(map[string]any{name: url}), oauthDocument), nil)
			err := c.CanLogin(t.Context(), "")
			require.ErrorIs(t, err, oauth.DiscoveryEndpoint)
			require.ErrorContains(t, err, "oauth: discovery refused (endpoint): "+name+" must ")
		}
		c := discovering(t, publishing(described(map[string]any{name: "http://server.example.com/x"}), oauthDocument), func(c *oauth.Config) { c.InsecureAllowHTTP = true })
		require.NoError(t, c.CanLogin(t.Context(), ""))
	}
}

func TestD8MissingEndpoint(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, call := range map[string]func(c *oauth.Client) error{
		"authorization_endpoint": func(c *oauth.Client) error { _, err := c.BuildAuthorizeUrl(ctx, oauth.AuthorizeOptions{}); return err },
		"token_endpoint":         func(c *oauth.Client) error { _, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{}); return err },
		"userinfo_endpoint":      func(c *oauth.Client) error { _, err := c.GetUserInfoByAccessToken(ctx, "AT"); return err },
		"introspection_endpoint": func(c *oauth.Client) error { _, err := c.IntrospectToken(ctx, "AT"); return err },
		"revocation_endpoint":    func(c *oauth.Client) error { return c.RevokeToken(ctx, "AT") },
	} {
		mock := publishing(described(map[string]any{name: nil}), oauthDocument)
		err := call(discovering(t, mock, nil))
		require.EqualError(t, err, "oauth: discovery refused (missing): the server's metadata has no "+name+": unsupported operation")
		require.ErrorIs(t, err, oauth.DiscoveryMissing)
		require.ErrorIs(t, err, errors.ErrUnsupported)
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
}

// A server that is down is asked at most once a second, and found again within a second.
func TestDiscoveryOfADeadServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mock := publishing(described(nil), oauthDocument)
		requests := 0
		var mu sync.Mutex
		dead := true
		rt := roundTrip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			requests++
			down := dead
			mu.Unlock()
			if down {
				return nil, errors.New("connection refused")
			}
			return mock.RoundTrip(r)
		})
		c := discovering(t, rt, nil)
		call := func() error { _, err := c.Metadata(t.Context()); return err }
		require.EqualError(t, call(), "oauth: discovery: GET "+server+oauthDocument+": connection refused")
		first := requests
		assert.Equal(t, 3, first, "a call and its retries")
		began := time.Now()
		for time.Since(began) < 10*time.Second { // 100 callers at once, every 10 ms
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					var refused *oauth.DiscoveryError
					err := call()
					assert.ErrorContains(t, err, "connection refused")
					assert.NotErrorAs(t, err, &refused)
				})
			}
			all.Wait()
			time.Sleep(10 * time.Millisecond)
		}
		assert.LessOrEqual(t, requests-first, 10, "one attempt per second")
		assert.GreaterOrEqual(t, requests-first, 9)
		mu.Lock()
		dead = false
		mu.Unlock()
		time.Sleep(time.Second)
		require.NoError(t, call())
	})
}

func TestDiscoveryIsRefreshedDaily(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mock := publishing(described(nil), oauthDocument)
		c := discovering(t, mock, func(c *oauth.Config) { c.Now = time.Now })
		token := func() string {
			login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
			require.NoError(t, err)
			return login.TokenEndpoint
		}
		next := func(more map[string]any) {
			mock.RegisterResponder(http.MethodGet, server+oauthDocument, httpmock.NewJsonResponderOrPanic(http.StatusOK, described(more)))
		}
		assert.Equal(t, server+"/token", token())
		next(map[string]any{"token_endpoint": server + "/token2"})
		time.Sleep(24*time.Hour - 1)
		assert.Equal(t, server+"/token", token())
		time.Sleep(time.Nanosecond)
		assert.Equal(t, server+"/token2", token())
		for _, lost := range []string{"token_endpoint", "authorization_endpoint"} {
			next(map[string]any{lost: nil})
			time.Sleep(24 * time.Hour)
			assert.Equal(t, server+"/token2", token(), "a document that lost an endpoint is not used")
			_, err := c.Metadata(t.Context())
			require.EqualError(t, err, "oauth: discovery refused (missing): the refreshed document has no "+lost+", which it had before")
		}
		mock.RegisterResponder(http.MethodGet, server+oauthDocument, httpmock.NewStringResponder(http.StatusServiceUnavailable, ""))
		time.Sleep(24 * time.Hour)
		old, err := c.Metadata(t.Context())
		require.NoError(t, err, "a server that does not answer refuses nothing")
		assert.Equal(t, server+"/token2", old.TokenEndpoint)
	})
}

// The methods that the server lists count as in package oidc.
func TestDiscoveryOfAuthAndPKCE(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more   map[string]any
		change func(*oauth.Config)
		basic  bool
		err    string
	}{
		"nothing is said":  {nil, nil, true, ""},
		"post alone":       {map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_post"}}, nil, false, ""},
		"set, not offered": {map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_post"}}, func(c *oauth.Config) { c.TokenAuth = oauth.ClientSecretBasic }, false, "oauth: TokenAuth is client_secret_basic, and the server accepts client_secret_post"},
		"neither":          {map[string]any{"token_endpoint_auth_methods_supported": []string{"private_key_jwt"}}, nil, false, "oauth: TokenAuth is not set, and the server accepts neither client_secret_basic nor client_secret_post, but private_key_jwt"},
		"plain alone":      {map[string]any{"code_challenge_methods_supported": []string{"plain"}}, nil, false, "oauth: the server's code_challenge_methods_supported is plain, and BeginLogin uses S256, unless AllowNoPKCE or InsecureAllowCodeInjection is set (RFC 7636 §4.2)"},
		"plain, no PKCE":   {map[string]any{"code_challenge_methods_supported": []string{"plain"}}, func(c *oauth.Config) { c.InsecureAllowCodeInjection = true }, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := publishing(described(c.more), oauthDocument)
			var seen *http.Request
			mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
				seen = r
				return httpmock.NewStringResponse(http.StatusUnauthorized, `{"error":"invalid_client"}`), nil
			})
			client := discovering(t, mock, c.change)
			login, err := client.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
			if c.err != "" {
				require.EqualError(t, err, c.err)
				require.EqualError(t, client.CanLogin(t.Context(), oauth.ResponseTypeCode), c.err)
				return
			}
			require.NoError(t, err)
			_, err = client.CompleteLogin(t.Context(), login, httptest.NewRequest(http.MethodGet, "/cb?code=C&state="+login.State, nil))
			require.ErrorIs(t, err, oauth.InvalidClient)
			_, _, basic := seen.BasicAuth()
			assert.Equal(t, c.basic, basic)
			if name == "post alone" {
				require.ErrorContains(t, err, "; the server's metadata lists client_secret_post")
			}
		})
	}
	err := with(t, silent(t), func(c *oauth.Config) { c.Endpoints.Authorization = "" }).CanLogin(t.Context(), "")
	require.EqualError(t, err, "oauth: Endpoints.Authorization is not set: unsupported operation")
	can := func(kind oauth.ResponseType, types ...string) error {
		mock := publishing(described(map[string]any{"response_types_supported": types}), oauthDocument)
		return discovering(t, mock, nil).CanLogin(t.Context(), kind)
	}
	require.NoError(t, can("id_token code"))
	require.NoError(t, can("id_token code", "code", "code id_token"))
	require.NoError(t, can(oauth.ResponseTypeCode, "id_token"), "many lists leave out code, which all servers have")
	require.EqualError(t, can("id_token code", "code", "id_token"), `oauth: the server's response_types_supported does not have "id_token code": it is code, id_token`)
}

// A login that began before the server moved its token endpoint is completed; one of another issuer, or of a configured
// address, is not.
func TestLoginWhileTheTokenEndpointMoves(t *testing.T) {
	t.Parallel()
	mock := publishing(described(map[string]any{"token_endpoint": server + "/token2"}), oauthDocument)
	mock.RegisterResponder(http.MethodPost, server+"/token2", jsonReply(http.StatusOK, `{"access_token":"AT","token_type":"Bearer"}`))
	login, err := discovering(t, publishing(described(nil), oauthDocument), nil).BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	callback := httptest.NewRequest(http.MethodGet, "/cb?code=C&state="+login.State, nil)
	_, err = discovering(t, mock, nil).CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	_, err = discovering(t, mock, nil).ReadCallback(t.Context(), login, oauth.ResponseTypeCode, callback)
	require.NoError(t, err)
	assert.Equal(t, server+"/token", login.TokenEndpoint, "the caller's login is unchanged")
	configured := with(t, mock, func(c *oauth.Config) { c.Issuer, c.Endpoints.Token = server, server+"/token2" })
	_, err = configured.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.CheckLogin)
	login.Issuer = "https://other.example"
	_, err = discovering(t, mock, nil).CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.CheckLogin)
}

// Metadata in the configuration is used without a request; its addresses can be replaced.
func TestMetadataOfTheConfiguration(t *testing.T) {
	t.Parallel()
	m := &oauth.Metadata{Issuer: server, AuthorizationEndpoint: server + "/authorize", TokenEndpoint: server + "/token", ScopesSupported: []string{"a"}}
	c, err := oauth.NewClient(oauth.Config{
		ClientID: clientID, ClientSecret: secret, RedirectURI: "https://client.example.com/cb", Metadata: m,
		Endpoints: oauth.Endpoints{Token: server + "/own"}, HTTPClient: &http.Client{Transport: silent(t)},
	})
	require.NoError(t, err)
	m.ScopesSupported[0], m.TokenEndpoint = "b", "changed"
	login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{server, server + "/own"}, []string{login.Issuer, login.TokenEndpoint})
	got, err := c.Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{server + "/own", "a"}, []string{got.TokenEndpoint, got.ScopesSupported[0]})
	got.ScopesSupported[0] = "c"
	again, err := c.Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "a", again.ScopesSupported[0])

	_, err = newClient(t, silent(t)).Metadata(t.Context())
	require.ErrorIs(t, err, errors.ErrUnsupported)
	assert.Nil(t, (*oauth.Metadata)(nil).Clone())
}

func TestCallerWhoGivesUpOnDiscovery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := roundTrip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(5 * time.Second)
			return publishing(described(nil), oauthDocument).RoundTrip(r)
		})
		c := discovering(t, slow, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Metadata(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = c.Metadata(t.Context())
		require.NoError(t, err, "the fetch went on for the others")
	})
}
