package saml_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/roca/rocatest"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// certificate is one of key in DER, by itself, and ended long ago.
func certificate(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	return namedCertificate(t, "a key", key, "a key", key)
}

// namedCertificate is a certificate of key by another.
func namedCertificate(t testing.TB, name string, key crypto.Signer, issuer string, by crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: noon.AddDate(-20, 0, 0), NotAfter: noon.AddDate(-10, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, &x509.Certificate{Subject: pkix.Name{CommonName: issuer}}, key.Public(), by)
	require.NoError(t, err)
	return der
}

// Anybody can compute the private half of such a key, so no message of ours may be signed by it or sealed for it.
func TestSAML29OwnKeyThatCanBeFactored(t *testing.T) {
	t.Parallel()
	weak := rocatest.Key()
	require.Equal(t, spKey().N.BitLen(), weak.N.BitLen())
	for field, c := range map[string][2]saml.Key{
		"Signer":    {{Signer: weak}, {Signer: spKey()}},
		"Decrypter": {{Decrypter: weak}, {Decrypter: spKey()}},
	} {
		cfg := config(t)
		cfg.Keys = []saml.Key{c[0]}
		_, err := saml.NewClient(cfg)
		require.EqualError(t, err, "saml: Keys[0]."+field+" has an RSA key that can be factored (CVE-2017-15361)")
		cfg.Keys = []saml.Key{c[1]}
		_, err = saml.NewClient(cfg)
		require.NoError(t, err, "the accepted twin")
	}
}

func TestNewKey(t *testing.T) {
	t.Parallel()
	der := certificate(t, spKey())
	k, err := saml.NewKey(tls.Certificate{Certificate: [][]byte{der, certificate(t, idpKey())}, PrivateKey: spKey()})
	require.NoError(t, err)
	assert.Equal(t, saml.Key{Signer: spKey(), Decrypter: spKey(), Certificate: der}, k)
	der[0] = 0
	assert.NotZero(t, k.Certificate[0], "it is a copy")

	ec := ecKeys()["P-256"]
	der = certificate(t, ec)
	k, err = saml.NewKey(tls.Certificate{Certificate: [][]byte{der}, PrivateKey: ec})
	require.NoError(t, err)
	assert.Equal(t, saml.Key{Signer: ec, Certificate: der}, k, "it signs alone")

	for want, pair := range map[string]tls.Certificate{
		"saml: key: there is no certificate":                               {PrivateKey: spKey()},
		"saml: key: none of Signer, Decrypter and Exchanger is set":        {Certificate: [][]byte{der}},
		"saml: key.Certificate is of another key":                          {Certificate: [][]byte{der}, PrivateKey: spKey()},
		"saml: key.Certificate is not a certificate in DER":                {Certificate: [][]byte{der[1:]}, PrivateKey: ec},
		"saml: key.Signer is a nil *rsa.PrivateKey":                        {Certificate: [][]byte{der}, PrivateKey: (*rsa.PrivateKey)(nil)},
		"saml: key.Signer has an RSA key of 1024 bits, want at least 2048": {Certificate: [][]byte{der}, PrivateKey: device{smallKey()}},
	} {
		k, err := saml.NewKey(pair)
		require.EqualError(t, err, want)
		assert.Equal(t, saml.Key{}, k)
	}
}
