package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// message is in canonical form, so that it comes back from Verify as it is.
const message = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="r1" Version="2.0">` +
	`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example.com</saml:Issuer>` +
	"<samlp:Status>\n</samlp:Status>" +
	`<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a1"><saml:Issuer>https://idp.example.com</saml:Issuer>` +
	"<saml:Subject>alice</saml:Subject></saml:Assertion></samlp:Response>"

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey { return newRSA(2048) })

func newRSA(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func newEC(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return key
}

func public(keys ...crypto.Signer) []crypto.PublicKey {
	all := make([]crypto.PublicKey, len(keys))
	for i, key := range keys {
		all[i] = key.Public()
	}
	return all
}

func root(t testing.TB, s string) xmlgate.Element {
	t.Helper()
	d, err := xmlgate.Parse(s, xmlgate.Options{MaxBytes: len(s)})
	require.NoError(t, err, s)
	return d.Root()
}

// embedded returns the key of the certificate in e, which a verifier must never do.
func embedded(t testing.TB, e xmlgate.Element) crypto.PublicKey {
	t.Helper()
	text, ok := find(e, "X509Certificate").Text()
	require.True(t, ok)
	der, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert.PublicKey
}
