//go:build interop

package keycloak

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func pushing(c *oidc.Config) { c.PushedAuthorization = oauth.PushAlways }

// pushedOnly wants an address with nothing but client_id and a request_uri.
func pushedOnly(t *testing.T, address, clientID string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	query := u.Query()
	assert.Equal(t, clientID, query.Get("client_id"))
	assert.NotEmpty(t, query.Get("request_uri"))
	assert.Len(t, query, 2)
}

// Keycloak demands it of this client.
func TestPushedAuthorization(t *testing.T) {
	t.Parallel()
	k := server(t)
	_, key := proving(t)
	for name, change := range map[string]func(*oidc.Config){"plain": func(*oidc.Config) {}, "DPoP": key} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := k.client(t, "par", change, pushing)
			pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{Scope: "openid email"})
			pushedOnly(t, pending.URL, "par")
			result, err := c.CompleteLogin(t.Context(), pending, back)
			require.NoError(t, err)
			assert.Equal(t, "alice@example.org", result.IDToken.Email)
		})
	}
	unauthenticated(t, k, k.client(t, "par"), oauth.InvalidRequest) // a client that does not push
	_, err := k.client(t, "par", pushing, func(c *oidc.Config) { c.ClientSecret = "x" + c.ClientSecret }).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest) // Keycloak's code for invalid_client here
	_, err = k.client(t, "par", pushing).BeginLogin(t.Context(), oidc.AuthorizeOptions{RedirectURI: "http://127.0.0.2/callback"})
	require.ErrorIs(t, err, oauth.InvalidRequest)
}

// The client authenticates by its certificate there, too.
func TestPushedAuthorizationByCertificate(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "mtls", k.certified(t, "mtls-ca"), pushing)
	pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
	pushedOnly(t, pending.URL, "mtls")
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
	_, err = k.client(t, "mtls", k.certified(t, "mtls-other"), pushing).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest)
}
