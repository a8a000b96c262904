//go:build interop

package keycloak

import (
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// ID tokens and user info, encrypted to keys that Keycloak has from the client.
func TestEncrypted(t *testing.T) {
	t.Parallel()
	k := server(t)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for alg, row := range map[string]struct {
		enc     string
		private any
	}{
		"RSA-OAEP": {"A256GCM", rs}, "RSA-OAEP-256": {"A128CBC-HS256", rs},
		"ECDH-ES": {"A128GCM", ecKey(t, elliptic.P256())}, "ECDH-ES+A128KW": {"A192CBC-HS384", ecKey(t, elliptic.P256())},
		"ECDH-ES+A192KW": {"A192GCM", ecKey(t, elliptic.P384())}, "ECDH-ES+A256KW": {"A256CBC-HS512", ecKey(t, elliptic.P521())},
	} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			key := oidc.DecryptionKey{Alg: alg, Private: row.private}
			public, err := key.JWK()
			require.NoError(t, err)
			a := attributes{
				"id.token.encrypted.response.alg": alg, "id.token.encrypted.response.enc": row.enc, "user.info.response.signature.alg": "RS256",
				"user.info.encrypted.response.alg": alg, "user.info.encrypted.response.enc": row.enc,
			}
			maps.Copy(a, jwks(t, public))
			cfg := k.create(t, a, nil)
			keyed := func(c *oidc.Config) {
				c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc, c.DecryptionKeys = alg, row.enc, []oidc.DecryptionKey{key}
				c.UserInfoSigningAlg, c.UserInfoEncryptionAlg, c.UserInfoEncryptionEnc = "RS256", alg, row.enc
			}
			c := newClient(t, cfg, keyed)
			result := login(t, c, k.alice(t))
			user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
			require.NoError(t, err)
			assert.Equal(t, "Alice Liddell", user.Name)

			_, err = newClient(t, cfg, func(c *oidc.Config) { c.UserInfoSigningAlg = "RS256" }).GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken)
			require.ErrorIs(t, err, oidc.CheckEncrypted)
			pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
			_, err = newClient(t, cfg).CompleteLogin(t.Context(), pending, back)
			require.ErrorIs(t, err, oidc.CheckEncrypted)
		})
	}
}

// The server encrypts to the key that it has from the client. Another application cannot read it.
func TestDecryptionKeyOfAnotherClient(t *testing.T) {
	t.Parallel()
	k := server(t)
	key, another := oidc.DecryptionKey{Alg: "ECDH-ES", Private: ecKey(t, elliptic.P256())}, oidc.DecryptionKey{Private: ecKey(t, elliptic.P256())} // it needs alg in the JWK
	public, err := key.JWK()
	require.NoError(t, err)
	a := attributes{"id.token.encrypted.response.alg": "ECDH-ES", "id.token.encrypted.response.enc": "A128GCM"}
	maps.Copy(a, jwks(t, public))
	cfg := k.create(t, a, nil)
	cfg.IDTokenEncryptionAlg, cfg.IDTokenEncryptionEnc = "ECDH-ES", "A128GCM"
	for _, row := range []struct {
		keys    []oidc.DecryptionKey
		refusal error
	}{
		{[]oidc.DecryptionKey{another}, oidc.CheckDecryption}, {[]oidc.DecryptionKey{another, key}, nil},
	} {
		c := newClient(t, cfg, func(c *oidc.Config) { c.DecryptionKeys = row.keys })
		pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
		_, err = c.CompleteLogin(t.Context(), pending, back)
		if row.refusal == nil {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, row.refusal)
		}
	}
}
