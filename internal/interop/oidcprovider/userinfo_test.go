//go:build interop

package oidcprovider

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
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
