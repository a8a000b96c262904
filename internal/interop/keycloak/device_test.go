//go:build interop

package keycloak

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
	_, err := who.Visit(t.Context(), login.Link(), callback)
	var last *formlogin.PageError
	require.ErrorAs(t, err, &last, "the walk ends at a page that says so")
}

func TestDeviceLogin(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "device")
	login, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Scope: "openid email"})
	require.NoError(t, err)
	assert.NotEmpty(t, login.VerificationURIComplete)
	scan(t, k.alice(t), login)
	result, err := c.CompleteDeviceLogin(t.Context(), login)
	require.NoError(t, err)
	assert.Equal(t, "alice@example.org", result.IDToken.Email)
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
	require.NoError(t, err)
	assert.Equal(t, result.IDToken.Subject, next.IDToken.Subject)

	_, err = c.CompleteDeviceLogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.InvalidGrant, "a code is for one use")
}

func TestDeviceLoginRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "device")
	login, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.NoError(t, err)
	who := k.alice(t)
	who.Press = "cancel"
	scan(t, who, login)
	_, err = c.CompleteDeviceLogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.AccessDenied)

	_, err = k.client(t, "basic").BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.ErrorIs(t, err, oauth.UnauthorizedClient)
	var refused *oauth.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, http.StatusBadRequest, refused.StatusCode)
}
