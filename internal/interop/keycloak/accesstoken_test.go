//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// api is a resource server: it knows only the issuer and its own identifier.
func (k *keycloak) api(t *testing.T) *oidc.Client {
	t.Helper()
	c, err := oidc.NewClient(oidc.Config{Issuer: k.base + "/realms/interop", HTTPClient: k.http})
	require.NoError(t, err)
	return c
}

// Keycloak's access tokens have typ JWT, unless the client is set to at+jwt; with either there is no
// client_id, so only AllowPlainJWT accepts them.
func TestAccessToken(t *testing.T) {
	t.Parallel()
	k := server(t)
	for id, check := range map[string]oidc.TokenCheck{"two-audiences": oidc.CheckType, "at-jwt": oidc.CheckClientID} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			api, token := k.api(t), login(t, k.client(t, id, trust), k.alice(t)).Token.AccessToken
			access, err := api.VerifyAccessToken(t.Context(), token, oidc.AccessTokenExpect{Audience: "api", AllowPlainJWT: true})
			require.NoError(t, err)
			assert.Equal(t, id, access.AuthorizedParty)
			assert.True(t, access.HasScope("email"))

			_, err = api.VerifyAccessToken(t.Context(), token, oidc.AccessTokenExpect{Audience: "api"})
			require.ErrorIs(t, err, check)
			_, err = api.VerifyAccessToken(t.Context(), token, oidc.AccessTokenExpect{Audience: "other", AllowPlainJWT: true})
			require.ErrorIs(t, err, oidc.CheckAudience)
		})
	}
}

// trust also accepts the second audience in the ID tokens of the client two-audiences.
func trust(c *oidc.Config) { c.TrustedAudiences = []string{"api"} }

func TestTwoAudiences(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "two-audiences")
	pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oidc.CheckAudience)
	result := login(t, k.client(t, "two-audiences", trust), k.alice(t))
	assert.ElementsMatch(t, []string{"two-audiences", "api"}, result.IDToken.Audience)
}

func TestTokensOfOneKindAreNotTheOther(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "basic")
	token := login(t, c, k.alice(t)).Token
	_, err := c.VerifyAccessToken(t.Context(), token.IDToken, oidc.AccessTokenExpect{AllowPlainJWT: true})
	require.ErrorIs(t, err, oidc.CheckType)
	_, err = c.VerifyIDToken(t.Context(), token.AccessToken, oidc.Expect{AllowAnyNonce: true})
	var refused *oidc.TokenError
	require.ErrorAs(t, err, &refused)
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	k := server(t)
	token, err := k.client(t, "m2m").GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.NoError(t, err)
	seen, err := k.client(t, "api").IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active)
	assert.Equal(t, "m2m", seen.ClientID)
	_, err = k.client(t, "basic").GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.ErrorIs(t, err, oauth.UnauthorizedClient)
}
