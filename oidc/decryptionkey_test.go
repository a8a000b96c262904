package oidc_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// exchanger is an ECDH key in a device.
type exchanger struct{ key *ecdh.PrivateKey }

func (e exchanger) PublicKey() *ecdh.PublicKey                  { return e.key.PublicKey() }
func (e exchanger) ECDH(remote *ecdh.PublicKey) ([]byte, error) { return e.key.ECDH(remote) }

// What the JWKS publishes is what the server encrypts to, and go-jose reads it.
func TestDecryptionKeyJWK(t *testing.T) {
	t.Parallel()
	ec, err := keys()["p384"].(*ecdsa.PrivateKey).ECDH()
	require.NoError(t, err)
	p521, err := keys()["p521"].(*ecdsa.PrivateKey).ECDH()
	require.NoError(t, err)
	for name, c := range map[string]struct {
		private any
		public  crypto.PublicKey
		alg     string
	}{
		"RSA": {keys()["other"], keys()["other"].Public(), "RSA-OAEP"}, "RSA in a device": {silentDevice{keys()["other"].(*rsa.PrivateKey)}, keys()["other"].Public(), ""},
		"ECDSA": {keys()["p256"], keys()["p256"].Public(), "ECDH-ES"}, "ECDH": {ec, keys()["p384"].Public(), ""}, "ECDH in a device": {exchanger{p521}, keys()["p521"].Public(), ""},
	} {
		jwk, err := oidc.DecryptionKey{ID: "k1", Alg: c.alg, Private: c.private}.JWK()
		require.NoError(t, err, name)
		text, err := json.Marshal(oauth.JWKSet{jwk})
		require.NoError(t, err, name)
		var read gojose.JSONWebKeySet
		require.NoError(t, json.Unmarshal(text, &read), name)
		assert.Equal(t, gojose.JSONWebKey{Key: c.public, KeyID: "k1", Use: "enc", Algorithm: c.alg, Certificates: read.Keys[0].Certificates,
			CertificateThumbprintSHA1: read.Keys[0].CertificateThumbprintSHA1, CertificateThumbprintSHA256: read.Keys[0].CertificateThumbprintSHA256}, read.Keys[0], name)
		assert.True(t, read.Keys[0].IsPublic())
	}
	for name, bad := range map[string]oidc.DecryptionKey{
		"nil": {}, "public": {Private: keys()["other"].Public()}, "signs only": {Private: keys()["ed"]}, "bytes": {Private: []byte("0123456789abcdef")},
		"does not fit": {Alg: "ECDH-ES", Private: keys()["other"]},
	} {
		jwk, err := bad.JWK()
		require.Error(t, err, name)
		assert.Zero(t, jwk)
		assert.NotContains(t, err.Error(), "0123456789")
	}
}
