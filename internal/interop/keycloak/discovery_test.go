//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Keycloak has both documents, also at the address of RFC 8414, in front of the realm's path. Packages oauth and oidc
// work from either.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	k := server(t)
	for name, document := range map[string]oauth.Discovery{"any": oauth.DiscoverAny, "OpenID": oauth.DiscoverOpenID, "OAuth": oauth.DiscoverOAuth} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			login(t, k.client(t, "basic", func(c *oidc.Config) { c.Discovery = document }), k.alice(t))

			cfg := k.config("basic")
			c, err := oauth.NewClient(oauth.Config{
				Issuer: cfg.Issuer, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, RedirectURI: callback, HTTPClient: k.http, Discovery: document,
			})
			require.NoError(t, err)
			pending, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "openid"})
			require.NoError(t, err)
			token, err := c.CompleteLogin(t.Context(), pending, visit(t, k.alice(t), pending.URL, callback))
			require.NoError(t, err)
			seen, err := c.IntrospectToken(t.Context(), token.AccessToken)
			require.NoError(t, err)
			assert.True(t, seen.Active)
		})
	}
}

// The address of another realm, and of none.
func TestDiscoveryRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	for _, issuer := range []string{k.base + "/realms/interop/", k.base + "/realms/unknown"} {
		c, err := oidc.NewClient(oidc.Config{Issuer: issuer, HTTPClient: k.http}) // TestDiscovery has the accepted twins
		require.NoError(t, err)
		_, err = c.Metadata(t.Context())
		var refused *oauth.DiscoveryError
		require.ErrorAs(t, err, &refused, issuer)
	}
}
