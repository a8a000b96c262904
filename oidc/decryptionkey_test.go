package oidc_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"io"
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

// mixedKey puts the private half of one key and the public half of another, or none, together.
func mixedKey(private, public string) []oidc.DecryptionKey {
	key := &ecdsa.PrivateKey{PublicKey: ecdsa.PublicKey{Curve: elliptic.P256()}, D: keys()[private].(*ecdsa.PrivateKey).D}
	if public != "" {
		key.PublicKey = keys()[public].(*ecdsa.PrivateKey).PublicKey
	}
	return []oidc.DecryptionKey{{Private: key}}
}

// lostDevice answers with what is no key, and has lost its public half.
type lostDevice struct {
	*rsa.PrivateKey
	answer []byte
}

func (d lostDevice) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	return d.answer, nil
}

type lostExchanger struct {
	public *ecdh.PublicKey
	asked  *int
	answer []byte
}

func (e lostExchanger) PublicKey() *ecdh.PublicKey {
	if *e.asked++; *e.asked > 2 { // NewClient asks twice
		return nil
	}
	return e.public
}
func (e lostExchanger) ECDH(*ecdh.PublicKey) ([]byte, error) { return e.answer, nil }

func TestLostDevices(t *testing.T) {
	t.Parallel()
	p256, err := keys()["p256"].(*ecdsa.PrivateKey).ECDH()
	require.NoError(t, err)
	for _, size := range []int{0, 1, 15, 16, 17, 32, 1000} {
		answer := make([]byte, size)
		for name, base := range map[string]change{
			"RSA-OAEP": func(tr *trial) {
				sealedTo(t, "RSA-OAEP", "A128GCM", "other", nil)(tr)
				tr.config.DecryptionKeys[0].Private = lostDevice{keys()["other"].(*rsa.PrivateKey), answer}
			},
			"ECDH-ES": func(tr *trial) {
				sealedTo(t, "ECDH-ES", "A128GCM", "p256", nil)(tr)
				tr.config.DecryptionKeys[0].Private = lostExchanger{p256.PublicKey(), new(int), answer}
			},
			"ECDH-ES+A256KW": func(tr *trial) {
				sealedTo(t, "ECDH-ES+A256KW", "A128GCM", "p256", nil)(tr)
				tr.config.DecryptionKeys[0].Private = lostExchanger{p256.PublicKey(), new(int), answer}
			},
		} {
			tr := newTrial()
			base(tr)
			_, err := tr.verify(t)
			require.ErrorIs(t, err, oidc.CheckDecryption, "%s, %d bytes", name, size)
		}
	}
}
