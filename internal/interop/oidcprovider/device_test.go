//go:build interop

package oidcprovider

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// scan opens the link of a device login on another device, and does what the server's pages ask for.
func scan(t *testing.T, who *formlogin.Person, login *oauth.DeviceLogin) {
	t.Helper()
	_, err := who.Visit(t.Context(), login.Link(), "http://127.0.0.1:7190/never")
	var last *formlogin.PageError
	require.ErrorAs(t, err, &last, "the walk ends at a page that says so")
	require.Equal(t, http.StatusOK, last.Status, last.Body)
}

func TestDeviceLogin(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "device", func(c *oidc.Config) { c.RedirectURI = "" })
	login, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Scope: "openid email offline_access"})
	require.NoError(t, err)
	assert.NotEmpty(t, login.VerificationURIComplete)
	scan(t, person(t), login)
	result, err := c.CompleteDeviceLogin(t.Context(), login)
	require.NoError(t, err)
	assert.Equal(t, "alice", result.IDToken.Subject)
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
	require.NoError(t, err)
	assert.NotEmpty(t, next.Token.AccessToken)

	_, err = c.CompleteDeviceLogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.InvalidGrant, "a code is for one use")
}

func TestDeviceLoginRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "device", func(c *oidc.Config) { c.RedirectURI = "" })
	login, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.NoError(t, err)
	who := person(t)
	who.Press = "abort"
	_, err = who.Visit(t.Context(), login.Link(), "http://127.0.0.1:7190/never")
	require.Error(t, err, "the server asks for another code then")
	_, err = c.CompleteDeviceLogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.AccessDenied)

	_, err = p.oidcClient(t, "basic").BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest, "this client may not: the server's text for unauthorized_client")
}
