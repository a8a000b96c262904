//go:build interop

package keycloak

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A registration needs a token of the administrator. Keycloak gives a new registration_access_token at each call.
func TestRegistration(t *testing.T) {
	t.Parallel()
	k := server(t)
	var initial struct {
		Token string `json:"token"`
	}
	require.NoError(t, json.Unmarshal(k.call(t, "/interop/clients-initial-access", map[string]any{"count": 1, "expiration": 60}), &initial))
	cfg := oidc.Config{Issuer: k.base + "/realms/interop", HTTPClient: k.http}
	registrar := newClient(t, cfg)
	m := oauth.ClientMetadata{RedirectURIs: []string{callback}, ClientName: "one", IDTokenSignedResponseAlg: "ES256"}
	_, err := registrar.RegisterClient(t.Context(), m)
	require.ErrorIs(t, err, oauth.ErrorCode("insufficient_scope"), "anonymously")
	o := oauth.RegisterOptions{InitialAccessToken: initial.Token}
	first, err := registrar.RegisterClient(t.Context(), m, o)
	require.NoError(t, err)
	_, err = registrar.RegisterClient(t.Context(), m, o)
	require.ErrorIs(t, err, oauth.InvalidToken, "the token is for one client")
	assert.NotContains(t, err.Error(), initial.Token)
	registered, err := cfg.Registered(first)
	require.NoError(t, err)
	assert.Equal(t, []string{first.ClientID}, login(t, newClient(t, registered), k.alice(t)).IDToken.Audience)

	m.ClientName = "two"
	second, err := registrar.UpdateRegistration(t.Context(), first, m)
	require.NoError(t, err)
	assert.NotEqual(t, first.RegistrationAccessToken, second.RegistrationAccessToken)
	_, err = registrar.ReadRegistration(t.Context(), first)
	require.ErrorIs(t, err, oauth.InvalidToken, "the token was replaced")
	third, err := registrar.ReadRegistration(t.Context(), second)
	require.NoError(t, err)
	var more struct {
		Name string `json:"client_name"`
	}
	require.NoError(t, third.Claims(&more))
	assert.Equal(t, "two "+first.ClientID, more.Name+" "+third.ClientID)
	require.NoError(t, registrar.DeleteRegistration(t.Context(), third))
	_, err = registrar.ReadRegistration(t.Context(), third)
	require.ErrorIs(t, err, oauth.InvalidToken)
}
