//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// The second time Keycloak answers with invalid_token and status 200: that is a success too (RFC 7009 §2.2).
func TestRevocationTwice(t *testing.T) {
	t.Parallel()
	k := server(t)
	for name, c := range map[string]*oidc.Client{
		"basic":  k.client(t, "basic"),
		"post":   k.client(t, "post", method(oauth.ClientSecretPost)),
		"public": k.client(t, "public", public),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := k.client(t, "api")
			token := login(t, c, k.alice(t)).Token
			seen, err := api.IntrospectToken(t.Context(), token.RefreshToken)
			require.NoError(t, err)
			require.True(t, seen.Active)
			assert.Equal(t, name, seen.ClientID)
			for range 2 {
				require.NoError(t, c.RevokeToken(t.Context(), token.RefreshToken, oauth.TokenOptions{TokenTypeHint: "refresh_token"}))
				seen, err = api.IntrospectToken(t.Context(), token.RefreshToken)
				require.NoError(t, err)
				assert.False(t, seen.Active)
			}
			_, err = c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: token.RefreshToken})
			require.ErrorIs(t, err, oauth.InvalidGrant)
			require.NoError(t, c.RevokeToken(t.Context(), "no-such-token"))
		})
	}
}

func TestRevocationRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	token := login(t, k.client(t, "basic"), k.alice(t)).Token
	err := k.client(t, "api").RevokeToken(t.Context(), token.RefreshToken) // the token is another client's
	var refusal *oauth.Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, 400, refusal.StatusCode)
	seen, err := k.client(t, "api").IntrospectToken(t.Context(), token.RefreshToken)
	require.NoError(t, err)
	assert.True(t, seen.Active)
}
