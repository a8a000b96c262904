//go:build interop

package oidcprovider

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestOAuthRefreshRotates(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, id := range []string{"basic", "post", "public"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := p.oauthClient(t, id)
			first := login(t, c, offline)
			require.NotEmpty(t, first.RefreshToken)

			second, err := c.GetNewAccessTokenByRefreshToken(t.Context(), first.RefreshToken)
			require.NoError(t, err)
			assert.NotEqual(t, first.RefreshToken, second.RefreshToken)
			assert.NotEqual(t, first.AccessToken, second.AccessToken)

			// A late caller gets the same result; another process, which does not have it, is refused.
			again, err := c.GetNewAccessTokenByRefreshToken(t.Context(), first.RefreshToken)
			require.NoError(t, err)
			assert.Equal(t, second, again)
			_, err = p.oauthClient(t, id).GetNewAccessTokenByRefreshToken(t.Context(), first.RefreshToken)
			require.ErrorIs(t, err, oauth.InvalidGrant)
			assert.NotContains(t, err.Error(), first.RefreshToken)

			// Reuse is a sign of theft, so the server revokes the whole token family (RFC 9700 §4.14.2).
			_, err = c.GetNewAccessTokenByRefreshToken(t.Context(), second.RefreshToken)
			require.ErrorIs(t, err, oauth.InvalidGrant)
		})
	}
}

func TestOAuthRefreshNarrowsTheScope(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "basic")
	first := login(t, c, offline)
	require.True(t, first.HasScope("email"))
	second, err := c.GetNewAccessTokenByRefreshToken(t.Context(), first.RefreshToken, oauth.RefreshOptions{Scope: "openid"})
	require.NoError(t, err)
	assert.False(t, second.HasScope("email"))
}

func TestOAuthRefreshIfExpired(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "basic")
	first := login(t, c, offline)
	same, err := c.RefreshIfExpired(t.Context(), first, time.Minute)
	require.NoError(t, err)
	assert.Same(t, first, same)
	second, err := c.RefreshIfExpired(t.Context(), first, time.Duration(first.ExpiresIn+60)*time.Second)
	require.NoError(t, err)
	assert.NotEqual(t, first.AccessToken, second.AccessToken)
}

func TestOAuthClientCredentials(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oauthClient(t, "m2m") // client_secret_basic
	o := oauth.ClientCredentialsOptions{Scope: "api:read", Extra: map[string][]string{"resource": {"urn:interop:opaque"}}}
	token, err := c.GetAccessTokenByClientCredentials(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, "api:read", token.Scope)
	assert.Empty(t, token.RefreshToken)

	seen, err := p.oauthClient(t, "api").IntrospectToken(t.Context(), token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active && seen.HasScope("api:read"))
	assert.Equal(t, "m2m", seen.ClientID)
	assert.Equal(t, []string{"urn:interop:opaque"}, seen.Audience)

	o.Extra = map[string][]string{"resource": {"urn:interop:nothing"}}
	_, err = c.GetAccessTokenByClientCredentials(t.Context(), o)
	require.ErrorIs(t, err, oauth.ErrorCode("invalid_target"))

	_, err = p.oauthClient(t, "basic").GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest) // this server's text for unauthorized_client
}

func TestOAuthIntrospectionAndRevocation(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, id := range []string{"basic", "post", "public"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c, api := p.oauthClient(t, id), p.oauthClient(t, "api")
			token := login(t, c, offline)

			seen, err := api.IntrospectToken(t.Context(), token.AccessToken, oauth.TokenOptions{TokenTypeHint: "access_token"})
			require.NoError(t, err)
			require.True(t, seen.Active)
			assert.Equal(t, "alice", seen.Subject)
			assert.Equal(t, id, seen.ClientID)
			assert.Equal(t, p.base, seen.Issuer)
			assert.WithinDuration(t, token.Expiry, seen.Expiry, 2*time.Second)

			require.NoError(t, c.RevokeToken(t.Context(), token.AccessToken))
			seen, err = api.IntrospectToken(t.Context(), token.AccessToken)
			require.NoError(t, err)
			assert.False(t, seen.Active)

			require.NoError(t, c.RevokeToken(t.Context(), token.RefreshToken, oauth.TokenOptions{TokenTypeHint: "refresh_token"}))
			_, err = c.GetNewAccessTokenByRefreshToken(t.Context(), token.RefreshToken)
			require.ErrorIs(t, err, oauth.InvalidGrant) // TestOAuthRefreshRotates is the accepted twin
		})
	}
}

func TestOAuthUnknownToken(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "api")
	seen, err := c.IntrospectToken(t.Context(), "no-such-token")
	require.NoError(t, err)
	assert.False(t, seen.Active)
	require.NoError(t, c.RevokeToken(t.Context(), "no-such-token"))
}
