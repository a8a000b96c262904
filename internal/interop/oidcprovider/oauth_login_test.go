//go:build interop

package oidcprovider

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// offline asks for a refresh token; the provider gives one only after consent.
var offline = oauth.AuthorizeOptions{Scope: "openid profile email offline_access", Extra: map[string][]string{"prompt": {"consent"}}}

// begin returns a login and its callback.
func begin(t *testing.T, c *oauth.Client, who *formlogin.Person, o oauth.AuthorizeOptions) (*oauth.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	return login, visit(t, who, login.URL, login.RedirectURI)
}

func login(t *testing.T, c *oauth.Client, o oauth.AuthorizeOptions) *oauth.Token {
	t.Helper()
	login, callback := begin(t, c, person(t), o)
	token, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	return token
}

// wire records the last token request. The provider accepts a secret in the header and in the body, so the test must
// check what was sent.
type wire struct{ authorization, form string }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		w.authorization, w.form = r.Header.Get("Authorization"), string(body)
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
}

func TestOAuthLogin(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, method := range map[string]oauth.AuthMethod{"basic": oauth.ClientSecretBasic, "post": oauth.ClientSecretPost, "public": oauth.None} {
		t.Run(string(method), func(t *testing.T) {
			t.Parallel()
			var sent wire
			cfg := p.oauthConfig(t, id)
			cfg.HTTPClient = &http.Client{Transport: &sent}
			c, err := oauth.NewClient(cfg)
			require.NoError(t, err)
			token := login(t, c, oauth.AuthorizeOptions{Scope: "openid email"})
			assert.Equal(t, "Bearer", token.TokenType)
			assert.True(t, token.HasScope("email"))
			assert.Positive(t, token.ExpiresIn)
			assert.Equal(t, method == oauth.ClientSecretBasic, strings.HasPrefix(sent.authorization, "Basic "))
			assert.Equal(t, method == oauth.ClientSecretPost, strings.Contains(sent.form, "client_secret="))

			user, err := c.GetUserInfoByAccessToken(t.Context(), token.AccessToken)
			require.NoError(t, err)
			assert.Equal(t, "alice", user.Subject)
			assert.Equal(t, "alice@example.test", user.Email)
		})
	}
}

func TestOAuthLoginByFormPost(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "basic")
	login, callback := begin(t, c, person(t), oauth.AuthorizeOptions{Scope: "openid", ResponseMode: oauth.ResponseModeFormPost})
	require.Equal(t, http.MethodPost, callback.Method)
	token, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	assert.NotEmpty(t, token.AccessToken)
}

func TestOAuthWrongSecret(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, id := range []string{"basic", "post"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			cfg := p.oauthConfig(t, id) // TestOAuthLogin is the accepted twin
			cfg.ClientSecret += "0"
			c, err := oauth.NewClient(cfg)
			require.NoError(t, err)
			login, callback := begin(t, c, person(t), oauth.AuthorizeOptions{Scope: "openid"})
			_, err = c.CompleteLogin(t.Context(), login, callback)
			require.ErrorIs(t, err, oauth.InvalidClient)
			assert.NotContains(t, err.Error(), cfg.ClientSecret)
		})
	}
}

func TestOAuthCodeUsedTwice(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oauthClient(t, "basic")
	login, callback := begin(t, c, person(t), oauth.AuthorizeOptions{Scope: "openid"})
	token, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)

	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.NotContains(t, err.Error(), callback.URL.Query().Get("code"))

	// The server revokes the tokens of the code (RFC 6749 §4.1.2).
	seen, err := p.oauthClient(t, "api").IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.False(t, seen.Active)
}

func TestOAuthCodeOfAnotherVerifier(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "public")
	for _, right := range []bool{true, false} {
		login, callback := begin(t, c, person(t), oauth.AuthorizeOptions{Scope: "openid"})
		o := oauth.CodeOptions{CodeVerifier: login.CodeVerifier}
		if !right {
			o.CodeVerifier = pkce.NewVerifier()
		}
		_, err := c.GetAccessTokenByCode(t.Context(), callback.URL.Query().Get("code"), o)
		if right {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, oauth.InvalidGrant)
		}
	}
}
