package oauth_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestCodeExchange(t *testing.T) {
	t.Parallel()
	for fixture, auth := range map[string]oauth.ClientAuth{
		"code_basic.http": nil, "code_post.http": oauth.ClientSecretPost,
	} {
		c := with(t, wiretest.Transport(t, "testdata/"+fixture), func(c *oauth.Config) { c.TokenAuth = auth })
		token, err := c.GetAccessTokenByCode(t.Context(), code)
		require.NoError(t, err, fixture)
		assert.Equal(t, "2YotnFZFEjr1zCsicMWpAA", token.AccessToken)
		assert.Equal(t, "Bearer", token.TokenType)
		assert.Equal(t, "tGzv3JOkF0XG5Qx2TlKWIA", token.RefreshToken)
		assert.Equal(t, int64(3600), token.ExpiresIn)
		assert.Equal(t, now.Add(time.Hour), token.Expiry)
		assert.Empty(t, token.Scope)
	}
}

// C4: none sends the client id alone.
func TestC4CodeExchangeOfAPublicClient(t *testing.T) {
	t.Parallel()
	c := with(t, wiretest.Transport(t, "testdata/code_none_pkce.http"), func(c *oauth.Config) {
		c.ClientSecret, c.TokenAuth = "", oauth.None
	})
	_, err := c.GetAccessTokenByCode(t.Context(), code, oauth.CodeOptions{
		CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", RedirectURI: "https://client.example.com/other",
		Resource: []string{"https://api.example.com/", "https://files.example.com/"},
	})
	require.NoError(t, err)
}

func TestCodeUsed(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/code_used.http"))
	token, err := c.GetAccessTokenByCode(t.Context(), code)
	assert.Nil(t, token)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	refused := refusedAt(t, err, "/token")
	assert.Equal(t, oauth.Error{
		StatusCode: 400, Code: oauth.InvalidGrant, Description: "The code [redacted] was used before.",
		URI: "https://server.example.com/errors#invalid_grant",
	}, *refused)
	assert.False(t, refused.Temporary())
}

func TestCodeMisuse(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]oauth.CodeOptions{
		"pkce: code verifier has 5 characters, want 43 to 128":                     {CodeVerifier: "short"},
		"pkce: code verifier has a character outside A-Z a-z 0-9 -._~ at index 0":  {CodeVerifier: strings.Repeat("+", 43)},
		"oauth: Resource must have absolute URIs without a fragment (RFC 8707 §2)": {Resource: []string{"api"}},
		"oauth: Extra must not set resource: use its field instead":                {Resource: []string{"https://api"}, Extra: url.Values{"resource": {"https://b"}}},
		"oauth: Extra must not set code: use its field instead":                    {Extra: url.Values{"code": {"x"}}},
		"oauth: Extra must not set redirect_uri: use its field instead":            {Extra: url.Values{"redirect_uri": {"x"}}},
		"oauth: Extra must not set code_verifier: use its field instead":           {Extra: url.Values{"code_verifier": {"x"}}},
		"oauth: Extra must not set grant_type: use its field instead":              {Extra: url.Values{"grant_type": {"x"}}},
		"oauth: Extra must not set client_id: use its field instead":               {Extra: url.Values{"client_id": {"x"}}},
		"oauth: Extra must not set client_secret: use its field instead":           {Extra: url.Values{"client_secret": nil}},
	} {
		token, err := newClient(t, silent(t)).GetAccessTokenByCode(t.Context(), code, o)
		assert.EqualError(t, err, want)
		assert.Nil(t, token)
	}
	c := newClient(t, silent(t))
	_, err := c.GetAccessTokenByCode(t.Context(), "")
	assert.EqualError(t, err, "oauth: code is empty")
	_, err = c.GetAccessTokenByCode(t.Context(), code, oauth.CodeOptions{}, oauth.CodeOptions{})
	assert.EqualError(t, err, "oauth: CodeOptions were given 2 times, want at most once")
	c = with(t, silent(t), func(c *oauth.Config) { c.RedirectURI = "" })
	_, err = c.GetAccessTokenByCode(t.Context(), code)
	assert.EqualError(t, err, "oauth: RedirectURI is not set")
}

func TestEndpointMissing(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), func(c *oauth.Config) { c.Endpoints = oauth.Endpoints{} })
	ctx := t.Context()
	for field, call := range map[string]func() error{
		"Authorization": func() error { _, err := c.BuildAuthorizeUrl(ctx, oauth.AuthorizeOptions{}); return err },
		"Token":         func() error { _, err := c.GetAccessTokenByCode(ctx, code); return err },
		"UserInfo":      func() error { _, err := c.GetUserInfoByAccessToken(ctx, "AT"); return err },
		"Introspection": func() error { _, err := c.IntrospectToken(ctx, "AT"); return err },
		"Revocation":    func() error { return c.RevokeToken(ctx, "AT") },
	} {
		err := call()
		require.ErrorIs(t, err, errors.ErrUnsupported)
		assert.EqualError(t, err, "oauth: Endpoints."+field+" is not set: unsupported operation")
	}
	_, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{})
	assert.EqualError(t, err, "oauth: Endpoints.Authorization is not set: unsupported operation")
}
