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

// authingScopes are the standard scopes and Authing's own.
const authingScopes = "openid profile email phone address username roles external_id extended_fields tenant_id"

func TestUserInfo(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "basic")
	result := oidcLogin(t, c, authingScopes)
	for name, placement := range map[string]oauth.TokenPlacement{"header": oauth.InHeader, "body": oauth.InBody} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken,
				oauth.UserInfoOptions{Subject: result.IDToken.Subject, Placement: placement})
			require.NoError(t, err)
			assert.Equal(t, "alice", user.Subject)
			assert.Equal(t, "alice Example", user.Name)
			assert.Equal(t, "+8613800000000", user.PhoneNumber)
			assert.True(t, user.EmailVerified)
			assert.Equal(t, "CN", user.Address.Country)
			var own struct {
				Username       string         `json:"username"`
				Roles          []string       `json:"roles"`
				TenantID       string         `json:"tenant_id"`
				ExtendedFields map[string]any `json:"extended_fields"`
			}
			require.NoError(t, user.Claims(&own))
			assert.Equal(t, "alice tenant-1", own.Username+" "+own.TenantID)
			assert.Equal(t, []string{"admin", "dev"}, own.Roles)
			assert.Equal(t, map[string]any{"department": "R&D"}, own.ExtendedFields)
		})
	}
}

func TestUserInfoRefused(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "basic") // TestUserInfo has the accepted twins
	result := oidcLogin(t, c, "openid")
	_, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: "bob"})
	require.ErrorIs(t, err, oauth.ErrSubject)

	_, err = c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken+"x")
	require.ErrorIs(t, err, oauth.InvalidToken)
	var refusal *oauth.Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, http.StatusUnauthorized, refusal.StatusCode)
	assert.NotContains(t, err.Error(), result.Token.AccessToken)
}

// Signed user info, encrypted user info, and both.
func TestUserInfoSignedOrEncrypted(t *testing.T) {
	t.Parallel()
	p := provider(t)
	rs := p.secret(t, "rp-enc-rsa")
	signed := func(alg string) func(*oidc.Config) { return func(c *oidc.Config) { c.UserInfoSigningAlg = alg } }
	sealed := func(c *oidc.Config) { c.UserInfoEncryptionAlg, c.DecryptionKeys = "RSA-OAEP", []oidc.DecryptionKey{rs} }
	both := func(c *oidc.Config) { signed("RS256")(c); sealed(c) }
	for id, right := range map[string]func(*oidc.Config){"userinfo-jwt": signed("ES256"), "userinfo-enc": both} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := p.oidcClient(t, id, right)
			result := oidcLogin(t, c, authingScopes)
			user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: "alice"})
			require.NoError(t, err)
			assert.Equal(t, "alice Example", user.Name)
			assert.Equal(t, "CN", user.Address.Country)
			var own struct {
				Roles []string `json:"roles"`
			}
			require.NoError(t, user.Claims(&own))
			assert.Equal(t, []string{"admin", "dev"}, own.Roles)

			_, err = c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: "bob"})
			require.ErrorIs(t, err, oauth.ErrSubject)
			for _, wrong := range []struct {
				change  func(*oidc.Config)
				refusal error
			}{
				{func(c *oidc.Config) { right(c); c.UserInfoSigningAlg = "PS256" }, oidc.CheckAlgorithm},
				{map[string]func(*oidc.Config){"userinfo-jwt": both, "userinfo-enc": signed("RS256")}[id], oidc.CheckEncrypted},
			} {
				_, err = p.oidcClient(t, id, wrong.change).GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken)
				require.ErrorIs(t, err, wrong.refusal)
			}
			_, err = p.oidcClient(t, id).GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken)
			require.ErrorContains(t, err, "JWT")
		})
	}
	t.Run("JSON where a signature is wanted", func(t *testing.T) {
		t.Parallel()
		c := p.oidcClient(t, "basic", signed("RS256"))
		result := oidcLogin(t, c, "openid")
		_, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken)
		require.ErrorIs(t, err, oidc.CheckUnsigned)
	})
}
