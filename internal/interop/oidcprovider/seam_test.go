//go:build interop

package oidcprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A client of any standard server with FromOIDC and FromOAuth of package authentication.
func TestSeam(t *testing.T) {
	t.Parallel()
	p := provider(t)
	private := facadeOptions(t, p)
	private.Protocol = authentication.OAuth{}
	private.Endpoints = authentication.Endpoints{
		OAuthIssuer: "/oidc", OAuthAuthorize: "/oidc/auth", OAuthToken: "/oidc/token", OAuthUserInfo: p.base + "/me",
	}
	for name, c := range map[string]authentication.LoginFlow{
		"oidc":                          authentication.FromOIDC(p.oidcClient(t, "basic")),
		"oauth":                         authentication.FromOAuth(p.oauthClient(t, "post")),
		"OAuth at endpoints of its own": facade(t, private),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			login, callback := facadeBegin(t, c, person(t), authentication.AuthorizeOptions{Scope: "openid email"}, p.callback)
			id, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
			assert.Equal(t, p.base+" alice", id.Issuer+" "+id.Subject)

			other, _ := facadeBegin(t, c, person(t), authentication.AuthorizeOptions{Scope: "openid email"}, p.callback)
			_, err = c.CompleteLogin(t.Context(), other, callback)
			require.ErrorIs(t, err, authentication.ErrRefused)
		})
	}
}

// The other response types by the same seam, with the access token that the code is exchanged for.
func TestSeamResponseType(t *testing.T) {
	t.Parallel()
	p := provider(t)
	flow := authentication.FromOIDC(p.oidcClient(t, "hybrid", front))
	for _, kind := range endings() {
		login, callback := facadeBegin(t, flow, person(t), authentication.AuthorizeOptions{ResponseType: kind, ResponseMode: oauth.ResponseModeFormPost}, p.callback)
		id, err := flow.CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err, kind)
		assert.Equal(t, "alice", id.Subject)
		assert.Equal(t, kind != oidc.ResponseTypeIDToken, id.Token != nil && id.Token.AccessToken != "", kind)
	}
}

// A logout in both directions, by the same seam.
func TestSeamLogout(t *testing.T) {
	t.Parallel()
	p := provider(t)
	a, who := newApplication(t, p, true), person(t)
	flow := authentication.FromOIDC(newClient(t, a.config)).(interface {
		authentication.LoginFlow
		authentication.LogoutFlow
		authentication.LogoutKeyFlow
	})
	login, callback := facadeBegin(t, flow, who, authentication.AuthorizeOptions{}, p.callback)
	id, err := flow.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	require.NotEmpty(t, id.SessionID)

	pending, err := flow.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: p.loggedOut})
	require.NoError(t, err)
	who.Press = "logout"
	back := visit(t, who, pending.URL, p.loggedOut)
	require.Equal(t, pending.Key, flow.LogoutKey(back))
	require.ErrorIs(t, flow.CompleteLogout(t.Context(), pending, changed(back, "state", "another")), authentication.ErrRefused)
	require.NoError(t, flow.CompleteLogout(t.Context(), pending, back))

	_, body := a.notice(t) // what the application got in the meantime
	message := logoutRequest(body)
	assert.Empty(t, flow.LogoutKey(message))
	notice, err := flow.ReceiveLogout(t.Context(), message)
	require.NoError(t, err)
	assert.True(t, notice.BackChannel && notice.Ends(id))
	assert.False(t, notice.Unsigned)
	require.NoError(t, notice.Confirm(t.Context()))
	again, err := flow.ReceiveLogout(t.Context(), logoutRequest(body))
	require.NoError(t, err)
	require.ErrorIs(t, again.Confirm(t.Context()), authentication.ErrRefused)
}
