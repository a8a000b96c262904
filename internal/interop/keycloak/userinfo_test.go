//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestUserInfoSigned(t *testing.T) {
	t.Parallel()
	k := server(t)
	signed := func(alg string) func(*oidc.Config) { return func(c *oidc.Config) { c.UserInfoSigningAlg = alg } }
	for id, cfg := range map[string]oidc.Config{
		"RS256": k.config("userinfo-rs256"), "ES256": k.create(t, attributes{"user.info.response.signature.alg": "ES256"}, nil),
		"PS512": k.create(t, attributes{"user.info.response.signature.alg": "PS512"}, nil),
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, cfg, signed(id))
			result := login(t, c, k.alice(t))
			token := result.Token.AccessToken
			user, err := c.GetUserInfoByAccessToken(t.Context(), token, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
			require.NoError(t, err)
			assert.Equal(t, "Alice Liddell", user.Name)
			_, err = c.GetUserInfoByAccessToken(t.Context(), token, oauth.UserInfoOptions{Subject: "bob"})
			require.ErrorIs(t, err, oauth.ErrSubject)
			_, err = newClient(t, cfg, signed("RS384")).GetUserInfoByAccessToken(t.Context(), token)
			require.ErrorIs(t, err, oidc.CheckAlgorithm)
			_, err = newClient(t, cfg).GetUserInfoByAccessToken(t.Context(), token)
			require.ErrorContains(t, err, "JWT")
			assert.NotContains(t, err.Error(), token)
			assert.NotContains(t, err.Error(), "eyJ")
		})
	}
	t.Run("JSON where a signature is wanted", func(t *testing.T) {
		t.Parallel()
		c := k.client(t, "basic", signed("RS256"))
		_, err := c.GetUserInfoByAccessToken(t.Context(), login(t, c, k.alice(t)).Token.AccessToken)
		require.ErrorIs(t, err, oidc.CheckUnsigned)
	})
}

func TestUserInfoRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "basic") // TestLogin has the accepted twins
	token := login(t, c, k.alice(t)).Token.AccessToken
	_, err := c.GetUserInfoByAccessToken(t.Context(), token, oauth.UserInfoOptions{Subject: "bob"})
	require.ErrorIs(t, err, oauth.ErrSubject)
	_, err = c.GetUserInfoByAccessToken(t.Context(), token+"x")
	require.ErrorIs(t, err, oauth.InvalidToken)
	assert.NotContains(t, err.Error(), token)
}
