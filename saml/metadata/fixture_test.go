package metadata_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const (
	idpID         = "https://idp.example/metadata"
	formatEmail   = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	formatForever = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// idpKey signs for the identity provider, otherKey for a federation or an attacker.
var (
	idpKey   = sync.OnceValue(newKey)
	otherKey = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// ecKeys are one key for each curve.
var ecKeys = sync.OnceValue(func() map[string]*ecdsa.PrivateKey {
	keys := map[string]*ecdsa.PrivateKey{}
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		keys[curve.Params().Name] = key
	}
	return keys
})

// smallKey has 1024 bits, a size that the standard library no longer makes.
func smallKey() *rsa.PublicKey {
	n := otherKey().N
	return &rsa.PublicKey{N: new(big.Int).Rsh(n, uint(n.BitLen()-1024)), E: 65537}
}

// certificate is a self-signed one of key in DER, which expired long ago.
func certificate(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	return namedCertificate(t, "a key", key, "a key", key)
}

// namedCertificate is a certificate of key, signed by another.
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

// negativeSerial is a certificate as the standard library would not read it.
func negativeSerial(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	der := certificate(t, key)
	at := bytes.Index(der, []byte{2, 1, 1}) // INTEGER 1
	der[at+2] = 0xff
	_, err := x509.ParseCertificate(der)
	require.Error(t, err)
	return der
}

// provider is an identity provider, and another is a second one.
func provider() *metadata.IDP {
	return &metadata.IDP{
		EntityID: idpID,
		SSO: []metadata.Endpoint{
			{Binding: metadata.BindingPOST, Location: "https://idp.example/sso/post?tenant=1"},
			{Binding: metadata.BindingRedirect, Location: "https://idp.example/sso"},
		},
		Keys: []crypto.PublicKey{idpKey().Public()},
	}
}

func another() *metadata.IDP {
	p := provider()
	p.EntityID = "https://other.example/metadata"
	return p
}
