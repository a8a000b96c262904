//go:build interop

package oidcprovider

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func introspectionAlg(alg string) func(*oidc.Config) {
	return func(c *oidc.Config) { c.IntrospectionSigningAlg = alg }
}

// A resource server that gets signed replies.
func TestIntrospectionSigned(t *testing.T) {
	t.Parallel()
	p := provider(t)
	token, err := p.oauthClient(t, "m2m").GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{
		Scope: "api:read", Extra: map[string][]string{"resource": {"urn:interop:opaque"}},
	})
	require.NoError(t, err)
	api := p.oidcClient(t, "introspect-jwt", introspectionAlg("ES256"))
	seen, err := api.IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active && seen.HasScope("api:read"))
	assert.Equal(t, "m2m", seen.ClientID)
	assert.Equal(t, []string{"urn:interop:opaque"}, seen.Audience)
	assert.WithinDuration(t, token.Expiry, seen.Expiry, 2*time.Second)
	seen, err = api.IntrospectToken(t.Context(), "no-such-token")
	require.NoError(t, err)
	assert.False(t, seen.Active)

	_, err = p.oidcClient(t, "introspect-jwt", introspectionAlg("RS256")).IntrospectToken(t.Context(), token.AccessToken)
	require.ErrorIs(t, err, oidc.CheckAlgorithm)
	seen, err = p.oidcClient(t, "api", introspectionAlg("RS256")).IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err, "RS256 is the algorithm of a client that registered none")
	assert.True(t, seen.Active)
	seen, err = p.oidcClient(t, "introspect-jwt").IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err, "asked for JSON, the server answers in JSON")
	assert.True(t, seen.Active)
}

// A revocation by a client of the cache counts at once; one by somebody else counts after MaxAge.
func TestIntrospectionCache(t *testing.T) {
	t.Parallel()
	p := provider(t)
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{MaxAge: time.Hour})
	require.NoError(t, err)
	cached := func(c *oidc.Config) { c.IntrospectionCache = cache }
	c, fresh := p.oidcClient(t, "basic", cached), p.oidcClient(t, "basic")
	for _, here := range []bool{true, false} {
		token := oidcLogin(t, c, "openid").Token.AccessToken
		for range 2 {
			seen, err := c.IntrospectToken(t.Context(), token)
			require.NoError(t, err)
			assert.True(t, seen.Active)
		}
		revoker := map[bool]*oidc.Client{true: c, false: fresh}[here]
		require.NoError(t, revoker.RevokeToken(t.Context(), token))
		seen, err := c.IntrospectToken(t.Context(), token)
		require.NoError(t, err)
		assert.Equal(t, !here, seen.Active)
		seen, err = fresh.IntrospectToken(t.Context(), token)
		require.NoError(t, err)
		assert.False(t, seen.Active)
	}
}
