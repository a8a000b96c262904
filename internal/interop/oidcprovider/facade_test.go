//go:build interop

package oidcprovider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// facadeRegistered makes an application with Authing's settings: HS256, client_secret_post, every grant.
func facadeRegistered(t *testing.T, p *op) oidc.Config {
	t.Helper()
	return p.register(t, oauth.ClientMetadata{
		PostLogoutRedirectURIs: []string{p.loggedOut}, GrantTypes: []string{"authorization_code", "refresh_token", "client_credentials"},
		TokenEndpointAuthMethod: "client_secret_post", IDTokenSignedResponseAlg: "HS256",
	})
}

// facadeOptions are all options that an application at Authing needs.
func facadeOptions(t *testing.T, p *op) authentication.Options {
	t.Helper()
	c := facadeRegistered(t, p)
	return authentication.Options{
		AppID: c.ClientID, Secret: c.ClientSecret, AppHost: strings.TrimSuffix(p.base, "/oidc"), RedirectURI: p.callback,
	}
}

func facade(t *testing.T, o authentication.Options) *authentication.Client {
	t.Helper()
	c, err := authentication.NewClient(o)
	require.NoError(t, err)
	return c
}

func facadeBegin(t *testing.T, c authentication.LoginFlow, who *formlogin.Person, o authentication.AuthorizeOptions, stop string) (*authentication.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	callback := visit(t, who, login.URL, stop)
	require.Equal(t, login.Key, c.LoginKey(callback))
	return login, callback
}

func TestFacadeLogin(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := facade(t, facadeOptions(t, p))
	who := person(t)
	login, callback := facadeBegin(t, c, who, authentication.AuthorizeOptions{Scope: "openid profile email offline_access"}, p.callback)
	id, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	assert.Equal(t, "oidc "+p.base+" alice", id.Protocol+" "+id.Issuer+" "+id.Subject)
	require.NotEmpty(t, id.Token.RefreshToken) // offline_access adds prompt=consent automatically

	user, err := c.GetUserInfoByAccessToken(t.Context(), id.Token.AccessToken, oauth.UserInfoOptions{Subject: id.Subject})
	require.NoError(t, err)
	assert.Equal(t, "alice@example.test", user.Email)

	next, err := c.Refresh(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, id.Subject, next.Subject)
	assert.NotEqual(t, id.Token.AccessToken, next.Token.AccessToken)

	seen, err := c.IntrospectToken(t.Context(), next.Token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active)
	require.NoError(t, c.RevokeToken(t.Context(), next.Token.AccessToken))
	seen, err = c.IntrospectToken(t.Context(), next.Token.AccessToken)
	require.NoError(t, err)
	assert.False(t, seen.Active)

	address, err := c.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{
		Expert: true, RedirectURI: p.loggedOut, IDToken: id.Token.IDToken, State: "bye",
	})
	require.NoError(t, err)
	who.Press = "logout"
	assert.Equal(t, "bye", visit(t, who, address, p.loggedOut).URL.Query().Get("state"))
}

func TestFacadeLoginByFormPost(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := facade(t, facadeOptions(t, p))
	login, callback := facadeBegin(t, c, person(t), authentication.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost}, p.callback)
	require.Equal(t, http.MethodPost, callback.Method)
	id, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	assert.Equal(t, "alice", id.Subject)
}

func TestFacadeLoginOfAPublicApplication(t *testing.T) {
	t.Parallel()
	p := provider(t)
	o := facadeOptions(t, p)
	o.AppID, o.Secret, o.RedirectURI = p.client(t, "public").ClientID, "", p.redirect("public")
	o.TokenEndPointAuthMethod = oauth.None
	c := facade(t, o)
	login, callback := facadeBegin(t, c, person(t), authentication.AuthorizeOptions{}, o.RedirectURI)
	id, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	assert.Equal(t, "alice", id.Subject)
}

func TestFacadeLoginRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := facade(t, facadeOptions(t, p))
	who := person(t)
	login, callback := facadeBegin(t, c, who, authentication.AuthorizeOptions{Prompt: "none"}, p.callback)
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, authentication.ErrDenied)
	require.ErrorIs(t, err, oauth.LoginRequired)

	who.Follow = "/abort"
	login, callback = facadeBegin(t, c, who, authentication.AuthorizeOptions{}, p.callback)
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, authentication.ErrDenied)
	require.ErrorIs(t, err, oauth.AccessDenied)

	who.Follow = ""
	login, callback = facadeBegin(t, c, who, authentication.AuthorizeOptions{}, p.callback)
	_, err = c.CompleteLogin(t.Context(), login, changed(callback, "state", "another"))
	require.ErrorIs(t, err, authentication.ErrRefused)
	require.ErrorIs(t, err, oauth.CheckState)
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, authentication.ErrDenied)
	require.ErrorIs(t, err, oauth.InvalidGrant)
}

func TestFacadeClientCredentials(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := facade(t, facadeOptions(t, p))
	machine := facadeRegistered(t, p)
	token, err := c.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{
		Scope: "api:read", AccessKey: machine.ClientID, SecretKey: machine.ClientSecret,
	})
	require.NoError(t, err)
	seen, err := c.IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active)
	assert.Equal(t, machine.ClientID, seen.ClientID)

	_, err = c.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{
		Scope: "api:read", AccessKey: machine.ClientID, SecretKey: machine.ClientSecret + "0",
	})
	require.ErrorIs(t, err, oauth.InvalidClient)
	assert.NotContains(t, err.Error(), machine.ClientSecret)
}
