//go:build interop

package keycloak

import (
	"crypto/elliptic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func proving(t *testing.T) (*oauth.DPoP, func(*oidc.Config)) {
	t.Helper()
	d, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: ecKey(t, elliptic.P256())})
	require.NoError(t, err)
	return d, func(c *oidc.Config) { c.DPoP = d }
}

// A login, user info, introspection and a refresh with a key, which Keycloak demands of this client. It has no nonces.
func TestDPoP(t *testing.T) {
	t.Parallel()
	k := server(t)
	d, key := proving(t)
	c := k.client(t, "dpop", key)
	result := login(t, c, k.alice(t))
	require.Equal(t, oauth.Binding{JKT: d.JKT()}, result.Token.Binding)
	user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject, Binding: result.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, result.IDToken.Subject, user.Subject)
	seen, err := c.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.NoError(t, err)
	assert.Equal(t, result.Token.Binding, seen.Binding)
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, Binding: result.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, result.Token.Binding, next.Token.Binding)

	_, err = k.client(t, "dpop").GetUserInfoByAccessToken(t.Context(), next.Token.AccessToken)
	require.ErrorIs(t, err, oauth.InvalidToken, "the token alone")
	_, other := proving(t)
	_, err = k.client(t, "dpop", other).GetUserInfoByAccessToken(t.Context(), next.Token.AccessToken)
	require.ErrorIs(t, err, oauth.InvalidToken, "another key")
	unauthenticated(t, k, k.client(t, "dpop"), oauth.InvalidRequest)
}

// The refresh token of a public client is bound to the key.
func TestDPoPOfAPublicClient(t *testing.T) {
	t.Parallel()
	k := server(t)
	_, key := proving(t)
	result := login(t, k.client(t, "public", public, key), k.alice(t))
	_, other := proving(t)
	_, err := k.client(t, "public", public, other).GetNewAccessTokenByRefreshToken(t.Context(), result.Token.RefreshToken)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	next, err := k.client(t, "public", public, key).GetNewAccessTokenByRefreshToken(t.Context(), result.Token.RefreshToken)
	require.NoError(t, err)
	assert.Equal(t, result.Token.Binding, next.Binding)
}
