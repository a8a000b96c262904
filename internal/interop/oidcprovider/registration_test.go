//go:build interop

package oidcprovider

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A client is registered, used, read, changed and deleted.
func TestRegistration(t *testing.T) {
	t.Parallel()
	p := provider(t)
	cfg := oidc.Config{Issuer: p.base}
	registrar := newClient(t, cfg)
	m := oauth.ClientMetadata{
		RedirectURIs: []string{p.callback}, ClientName: "one", TokenEndpointAuthMethod: "client_secret_post", IDTokenSignedResponseAlg: "ES256",
	}
	r, err := registrar.RegisterClient(t.Context(), m)
	require.NoError(t, err)
	assert.Empty(t, r.Changed)
	assert.Zero(t, r.ClientSecretExpiresAt)
	require.NotEmpty(t, r.RegistrationAccessToken)
	cfg, err = cfg.Registered(r)
	require.NoError(t, err)
	assert.Equal(t, "ES256", header(t, oidcLogin(t, newClient(t, cfg), "openid").Token.IDToken)["alg"])

	m.ClientName = "two"
	changed, err := registrar.UpdateRegistration(t.Context(), r, m)
	require.NoError(t, err)
	read, err := registrar.ReadRegistration(t.Context(), r)
	require.NoError(t, err)
	for _, r := range []*oauth.Registration{changed, read} {
		var more struct {
			Name string `json:"client_name"`
		}
		require.NoError(t, r.Claims(&more))
		assert.Equal(t, "two", more.Name)
		assert.Equal(t, cfg.ClientID+cfg.ClientSecret, r.ClientID+r.ClientSecret)
	}

	require.NoError(t, registrar.DeleteRegistration(t.Context(), read))
	_, err = registrar.ReadRegistration(t.Context(), read)
	var refusal *oauth.Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, http.StatusUnauthorized, refusal.StatusCode)
	assert.NotContains(t, err.Error(), read.RegistrationAccessToken)
}

func TestRegistrationRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	registrar := newClient(t, oidc.Config{Issuer: p.base}) // TestRegistration has the accepted twin
	for refusal, m := range map[oauth.ErrorCode]oauth.ClientMetadata{
		oauth.InvalidRedirectURI:    {RedirectURIs: []string{"https://app.example/callback#fragment"}},
		oauth.InvalidClientMetadata: {RedirectURIs: []string{p.callback}, IDTokenSignedResponseAlg: "ES256K"},
	} {
		_, err := registrar.RegisterClient(t.Context(), m)
		require.ErrorIs(t, err, refusal)
	}
	r, err := registrar.RegisterClient(t.Context(), oauth.ClientMetadata{RedirectURIs: []string{p.callback}})
	require.NoError(t, err)
	r.RegistrationAccessToken += "x"
	_, err = registrar.ReadRegistration(t.Context(), r)
	require.ErrorIs(t, err, oauth.InvalidToken)
}
