//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Keycloak has no signed introspections of RFC 9701: it answers in JSON, which does not pass as one.
func TestIntrospectionIsNotSigned(t *testing.T) {
	t.Parallel()
	k := server(t)
	token := login(t, k.client(t, "basic"), k.alice(t)).Token.AccessToken
	_, err := k.client(t, "api", func(c *oidc.Config) { c.IntrospectionSigningAlg = "RS256" }).IntrospectToken(t.Context(), token)
	require.ErrorIs(t, err, oidc.CheckUnsigned)
	seen, err := k.client(t, "api").IntrospectToken(t.Context(), token)
	require.NoError(t, err)
	assert.True(t, seen.Active)
}
