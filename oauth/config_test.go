package oauth_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	const unknown = `unknown auth method "client_secret_jwt", want client_secret_basic, client_secret_post, none, tls_client_auth or self_signed_tls_client_auth`
	const none = "none never sends a secret, but ClientSecret is set: remove one of them"
	const uri = "oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)"
	for _, c := range []struct {
		want   string
		change func(*oauth.Config)
	}{
		{"oauth: MaxReply is negative: -1", func(c *oauth.Config) { c.MaxReply = -1 }},
		{"oauth: Cookie in Header is not allowed: each call sets its own", func(c *oauth.Config) { c.Header = http.Header{"cookie": {"a=b"}} }},
		{"oauth: Endpoints.Authorization must be an https URL", func(c *oauth.Config) { c.Endpoints.Authorization = "ftp://a" }},
		{"oauth: Endpoints.Token must be an absolute URL such as https://example.com", func(c *oauth.Config) { c.Endpoints.Token = "/token" }},
		{"oauth: Endpoints.UserInfo must not carry a user name or password", func(c *oauth.Config) { c.Endpoints.UserInfo = "https://u:p@a" }},
		{"oauth: Endpoints.Introspection must not have a fragment", func(c *oauth.Config) { c.Endpoints.Introspection = "https://a/#f" }},
		{"oauth: Endpoints.Revocation is not a URL", func(c *oauth.Config) { c.Endpoints.Revocation = "https://a/%zz" }},
		{"oauth: TokenAuth: " + unknown, func(c *oauth.Config) { c.TokenAuth = oauth.AuthMethod("client_secret_jwt") }},
		{"oauth: IntrospectionAuth: " + unknown, func(c *oauth.Config) { c.IntrospectionAuth = oauth.AuthMethod("client_secret_jwt") }},
		{"oauth: RevocationAuth: " + unknown, func(c *oauth.Config) { c.RevocationAuth = oauth.AuthMethod("client_secret_jwt") }},
		{"oauth: TokenAuth: " + none, func(c *oauth.Config) { c.TokenAuth = oauth.None }},
		{"oauth: IntrospectionAuth: " + none, func(c *oauth.Config) { c.IntrospectionAuth = oauth.None }},
		{"oauth: RevocationAuth: " + none, func(c *oauth.Config) { c.RevocationAuth = oauth.None }},
		{uri, func(c *oauth.Config) { c.RedirectURI = "client.example.com/cb" }},
		{uri, func(c *oauth.Config) { c.RedirectURI = "https://client.example.com/cb#top" }},
		{"oauth: RedirectURI must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)", func(c *oauth.Config) {
			c.RedirectURI = "http://client.example.com/cb"
		}},
		{"oauth: RedirectURI must be an absolute URL such as https://example.com", func(c *oauth.Config) { c.RedirectURI = "https:///cb" }},
		{"oauth: RequireIssuer needs Issuer", func(c *oauth.Config) { c.RequireIssuer = true }},
		{"oauth: LoginLifetime is negative", func(c *oauth.Config) { c.LoginLifetime = -time.Second }},
	} {
		cfg := config(silent(t))
		c.change(&cfg)
		client, err := oauth.NewClient(cfg)
		assert.EqualError(t, err, c.want)
		assert.Nil(t, client)
	}
}

func TestNewClientAccepts(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]oauth.Config{
		"nothing":  {},
		"loopback": {Endpoints: oauth.Endpoints{Token: "http://127.0.0.1:8080/token", UserInfo: "http://localhost/me", Revocation: "http://[::1]/r"}},
		"insecure": {InsecureAllowHTTP: true, RedirectURI: "http://client.example.com/cb", Endpoints: oauth.Endpoints{Token: "http://as.example/token"}},
		"local":    {RedirectURI: "http://127.0.0.1:3000/cb"},
		"app":      {RedirectURI: "com.example.client:/cb"},
		"public":   {ClientID: "c", TokenAuth: oauth.None, IntrospectionAuth: oauth.None, RevocationAuth: oauth.None},
		"mixed":    {ClientID: "c", ClientSecret: "s", TokenAuth: oauth.ClientSecretPost, RevocationAuth: oauth.AuthMethod("")},
	} {
		_, err := oauth.NewClient(cfg)
		assert.NoError(t, err, name)
	}
	_, err := oauth.NewClient(oauth.Config{Endpoints: oauth.Endpoints{Token: "http://as.example/token"}})
	assert.ErrorContains(t, err, "oauth: Endpoints.Token must be an https URL: http is for loopback hosts only (InsecureAllowHTTP", "the twin of insecure")
}

func TestConfigIsCopied(t *testing.T) {
	t.Parallel()
	cfg := config(tokenReply(200, good))
	cfg.Header = http.Header{"X-Mine": {"1"}}
	c, err := oauth.NewClient(cfg)
	require.NoError(t, err)
	cfg.Endpoints.Token, cfg.ClientID = "https://other.example", ""
	cfg.Header.Set("X-Mine", "2")
	_, err = c.GetAccessTokenByCode(t.Context(), code)
	assert.NoError(t, err)
}

func TestHeaderOfConfigIsSent(t *testing.T) {
	t.Parallel()
	var got http.Header
	mock := replyAt("/token", func(r *http.Request) (*http.Response, error) {
		got = r.Header
		return jsonReply(200, good)(r)
	})
	c := with(t, mock, func(c *oauth.Config) { c.Header = http.Header{"x-authing-app-id": {"APPID123"}} })
	_, err := c.GetAccessTokenByCode(t.Context(), code)
	require.NoError(t, err)
	assert.Equal(t, []string{"APPID123"}, got["X-Authing-App-Id"])
	assert.Empty(t, got["Cookie"])
}

// The same rule holds for the redirect URI of one call.
func TestRedirectURIOfOneCall(t *testing.T) {
	t.Parallel()
	ask := oauth.AuthorizeOptions{RedirectURI: "http://client.example.com/cb"}
	strict := newClient(t, silent(t))
	const want = "oauth: RedirectURI must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"
	_, err := strict.BeginLogin(t.Context(), ask)
	assert.EqualError(t, err, want)
	_, err = strict.BuildAuthorizeUrl(t.Context(), ask)
	assert.EqualError(t, err, want)
	_, err = with(t, silent(t), func(c *oauth.Config) { c.InsecureAllowHTTP = true }).BeginLogin(t.Context(), ask)
	require.NoError(t, err, "the accepted twins")
	ask.RedirectURI = "http://localhost:3000/cb"
	_, err = strict.BeginLogin(t.Context(), ask)
	require.NoError(t, err)
}
