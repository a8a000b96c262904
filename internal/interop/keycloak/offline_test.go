//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// An offline session outlives the user's; TestLogout has the twin whose tokens end with the session.
func TestOfflineSession(t *testing.T) {
	t.Parallel()
	k := server(t)
	c, who := k.client(t, "offline"), k.alice(t)
	pending, back := begin(t, c, who, oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
	result, err := c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
	require.True(t, result.Token.HasScope("offline_access"))
	leave(t, c, who, result.IDToken.Raw())
	pending, back = begin(t, c, who, oidc.AuthorizeOptions{Prompt: "none"})
	_, err = c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.LoginRequired)

	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
	require.NoError(t, err)
	assert.Equal(t, result.IDToken.Subject, next.IDToken.Subject)
	require.NoError(t, c.RevokeToken(t.Context(), next.Token.RefreshToken))
	_, err = c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: next.Token.RefreshToken, Previous: result.IDToken})
	require.ErrorIs(t, err, oauth.InvalidGrant)
}
