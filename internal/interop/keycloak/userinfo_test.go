//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// TestLogin has the accepted twin.
func TestUserInfoAsJWTIsNamed(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "userinfo-rs256")
	token := login(t, c, k.alice(t)).Token.AccessToken
	_, err := c.GetUserInfoByAccessToken(t.Context(), token)
	require.ErrorContains(t, err, "JWT")
	assert.NotContains(t, err.Error(), token)
	assert.NotContains(t, err.Error(), "eyJ")
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
