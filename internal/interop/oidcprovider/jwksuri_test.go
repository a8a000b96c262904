//go:build interop

package oidcprovider

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

// The provider fetches the application's keys from its JWKSHandler: the one that signs its assertions, and the one to
// which ID tokens are encrypted.
func TestJWKSHandler(t *testing.T) {
	t.Parallel()
	p := provider(t)
	sign, read := oauth.SigningKey{Signer: ecKey(t, elliptic.P384())}, oidc.DecryptionKey{Private: ecKey(t, elliptic.P256())}
	published, err := sign.JWK()
	require.NoError(t, err)
	set := append(public(t, read), published)
	server := httptest.NewServer(oauth.JWKSHandler(func(context.Context) (oauth.JWKSet, error) { return set, nil }))
	t.Cleanup(server.Close)
	cfg := p.register(t, oauth.ClientMetadata{
		JWKSURI: server.URL, TokenEndpointAuthMethod: "private_key_jwt", TokenEndpointAuthSigningAlg: "ES384",
		IDTokenEncryptedResponseAlg: "ECDH-ES+A256KW", IDTokenEncryptedResponseEnc: "A256GCM",
	}, authBy(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{sign}}), encrypted("ECDH-ES+A256KW", "A256GCM", read))
	assert.Equal(t, "alice", oidcLogin(t, newClient(t, cfg), "openid").IDToken.Subject)

	another := oauth.SigningKey{Signer: ecKey(t, elliptic.P384())}
	unauthenticated(t, newClient(t, cfg, authBy(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{another}})))
}
