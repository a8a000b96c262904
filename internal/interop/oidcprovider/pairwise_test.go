//go:build interop

package oidcprovider

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Pairwise subjects are the same for all clients of a sector, which is the host of the redirect URI, and say nothing to
// another sector.
func TestPairwise(t *testing.T) {
	t.Parallel()
	p := provider(t)
	sector := func(redirect string) *oidc.Client {
		return newClient(t, p.register(t, oauth.ClientMetadata{RedirectURIs: []string{redirect}, SubjectType: "pairwise"}))
	}
	subject := func(c *oidc.Client) string {
		who := person(t)
		login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
		require.NoError(t, err)
		callback, err := who.Visit(t.Context(), login.URL, login.RedirectURI)
		require.NoError(t, err)
		result, err := c.CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err)
		_, err = c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
		require.NoError(t, err)
		_, err = c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: "alice"})
		require.ErrorIs(t, err, oauth.ErrSubject)
		return result.IDToken.Subject
	}
	first := subject(p.oidcClient(t, "pairwise"))
	assert.NotEqual(t, "alice", first)
	assert.Equal(t, first, subject(p.oidcClient(t, "pairwise")))
	assert.Equal(t, first, subject(sector(p.callback)))
	assert.NotEqual(t, first, subject(sector(strings.Replace(p.callback, "127.0.0.1", "localhost", 1))))
}
