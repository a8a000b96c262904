//go:build interop

package keycloak

import (
	"context"
	"crypto/elliptic"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Keycloak fetches the application's keys from its JWKSHandler: the one that signs its assertions, and the one to which
// ID tokens are encrypted.
func TestJWKSHandler(t *testing.T) {
	t.Parallel()
	k := server(t)
	sign, read := oauth.SigningKey{Signer: ecKey(t, elliptic.P384())}, oidc.DecryptionKey{Alg: "ECDH-ES+A256KW", Private: ecKey(t, elliptic.P256())}
	var set oauth.JWKSet
	for _, key := range []interface{ JWK() (oauth.JWK, error) }{sign, read} {
		public, err := key.JWK()
		require.NoError(t, err)
		set = append(set, public)
	}
	server := httptest.NewServer(oauth.JWKSHandler(func(context.Context) (oauth.JWKSet, error) { return set, nil }))
	t.Cleanup(server.Close)
	cfg := k.create(t, attributes{
		"use.jwks.url": "true", "jwks.url": server.URL, "token.endpoint.auth.signing.alg": "ES384",
		"id.token.encrypted.response.alg": "ECDH-ES+A256KW", "id.token.encrypted.response.enc": "A256GCM",
	}, map[string]any{"clientAuthenticatorType": "client-jwt"})
	cfg.ClientSecret = ""
	c := newClient(t, cfg, method(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{sign}}), func(c *oidc.Config) {
		c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc, c.DecryptionKeys = "ECDH-ES+A256KW", "A256GCM", []oidc.DecryptionKey{read}
	})
	result := login(t, c, k.alice(t))
	assert.NotEmpty(t, result.IDToken.Subject)

	another := oauth.SigningKey{Signer: ecKey(t, elliptic.P384())}
	unauthenticated(t, k, newClient(t, cfg, method(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{another}})), oauth.InvalidClient)
}
