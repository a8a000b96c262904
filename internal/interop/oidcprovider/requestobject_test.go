//go:build interop

package oidcprovider

import (
	"crypto"
	"crypto/elliptic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// The client jar demands signed requests. The parameters arrive, and one that somebody adds beside them does not count.
func TestRequestObject(t *testing.T) {
	t.Parallel()
	p := provider(t)
	key := oauth.SigningKey{ID: "rp-es256", Signer: p.keys["rp-es256"].(crypto.Signer)}
	signed := func(o oauth.RequestObject) func(*oidc.Config) {
		return func(c *oidc.Config) {
			authBy(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}})(c)
			c.RequestObject = &o
		}
	}
	for name, o := range map[string]oauth.RequestObject{
		"OpenID Connect": {Keys: []oauth.SigningKey{key}}, "RFC 9101": {Keys: []oauth.SigningKey{key}, ClientIDOnly: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := p.oidcClient(t, "jar", signed(o))
			login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid email", ResponseMode: oauth.ResponseModeFormPost})
			require.NoError(t, err)
			callback := visit(t, person(t), login.URL+"&response_mode=query&nonce=another", login.RedirectURI)
			result, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
			assert.True(t, result.Token.HasScope("email"))
		})
	}
	t.Run("another key", func(t *testing.T) {
		t.Parallel()
		another := oauth.SigningKey{ID: "rp-es256", Signer: ecKey(t, elliptic.P256())}
		c := p.oidcClient(t, "jar", signed(oauth.RequestObject{Keys: []oauth.SigningKey{another}}))
		login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		assert.Equal(t, "invalid_request_object", visit(t, person(t), login.URL, login.RedirectURI).URL.Query().Get("error"))
	})
	t.Run("no signature", func(t *testing.T) {
		t.Parallel()
		c := p.oidcClient(t, "jar", authBy(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}))
		login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		_, err = c.CompleteLogin(t.Context(), login, visit(t, person(t), login.URL, login.RedirectURI))
		require.ErrorIs(t, err, oauth.InvalidRequest)
	})
}
