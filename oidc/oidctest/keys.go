package oidctest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func knownAlg(alg string) bool {
	switch alg {
	case "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA":
		return true
	}
	return false
}

// symmetric says whether the key of alg is the application's secret.
func symmetric(alg string) bool { return strings.HasPrefix(alg, "HS") }

// newKeyRing is the ring of an algorithm's keys; first is the first of its RSA keys, or nil.
func newKeyRing(alg string, first *rsa.PrivateKey) *idptest.KeyRing {
	curves := map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}
	switch curve := curves[alg]; {
	case curve != nil:
		return &idptest.KeyRing{New: func() (crypto.Signer, error) { return ecdsa.GenerateKey(curve, rand.Reader) }}
	case alg == "EdDSA":
		return &idptest.KeyRing{New: func() (crypto.Signer, error) {
			_, private, err := ed25519.GenerateKey(rand.Reader)
			return private, err
		}}
	case first != nil:
		return &idptest.KeyRing{First: first}
	}
	return &idptest.KeyRing{}
}
