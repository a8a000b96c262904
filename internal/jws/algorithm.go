package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/roca"
)

// hashOf returns the hash of an algorithm (RFC 7518 §3.1); 0 for EdDSA, which has its own, and for an unknown one.
func hashOf(alg string) crypto.Hash {
	switch alg {
	case "HS256", "RS256", "PS256", "ES256":
		return crypto.SHA256
	case "HS384", "RS384", "PS384", "ES384":
		return crypto.SHA384
	case "HS512", "RS512", "PS512", "ES512":
		return crypto.SHA512
	}
	return 0
}

// DefaultAlg returns the algorithm of a key that may be used with several: RS256 for RSA, which each server has
// (OpenID Connect Core §15.1).
func DefaultAlg(public crypto.PublicKey) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return "RS256"
	case *ecdsa.PublicKey:
		if key != nil {
			return ecdsaAlg(key.Curve)
		}
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return ""
}

func ecdsaAlg(curve elliptic.Curve) string {
	switch curve {
	case elliptic.P256():
		return "ES256"
	case elliptic.P384():
		return "ES384"
	case elliptic.P521():
		return "ES512"
	}
	return ""
}

// CheckKey refuses a key that does not fit alg (RFC 7518 §3.3, §3.4, §3.5, RFC 8037 §3.1), or is weak.
func CheckKey(alg string, public crypto.PublicKey) error {
	if err := checkPublic(public); err != nil {
		return err
	}
	fits := false
	switch key := public.(type) {
	case *rsa.PublicKey:
		fits = hashOf(alg) != 0 && (alg[:2] == "RS" || alg[:2] == "PS")
	case *ecdsa.PublicKey:
		fits = alg == ecdsaAlg(key.Curve)
	case ed25519.PublicKey:
		fits = alg == "EdDSA" || alg == "Ed25519"
	}
	if !fits {
		return fmt.Errorf("a key of type %T does not fit Alg %s%s", public, strconv.Quote(alg), hint(public))
	}
	return nil
}

func hint(public crypto.PublicKey) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return ", want RS256, RS384, RS512, PS256, PS384 or PS512"
	case *ecdsa.PublicKey:
		return " on " + key.Curve.Params().Name + ", want " + ecdsaAlg(key.Curve)
	}
	return ", want EdDSA"
}

func checkPublic(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return checkRSA(key)
	case *ecdsa.PublicKey:
		if key == nil || key.Curve == nil || ecdsaAlg(key.Curve) == "" {
			return errors.New("an EC key must be on P-256, P-384 or P-521")
		}
		if _, err := point(key); err != nil {
			return err
		}
		return nil
	case ed25519.PublicKey:
		if len(key) != ed25519.PublicKeySize {
			return fmt.Errorf("an Ed25519 key has %d bytes, want %d", len(key), ed25519.PublicKeySize)
		}
		return nil
	}
	return fmt.Errorf("a key of type %T is not supported, want RSA, EC or Ed25519", public)
}

const minRSA, maxRSA = 2048, 16384

func checkRSA(key *rsa.PublicKey) error {
	switch {
	case key == nil || key.N == nil || key.N.Sign() <= 0:
		return errors.New("the RSA key is empty")
	case key.N.BitLen() < minRSA || key.N.BitLen() > maxRSA:
		return fmt.Errorf("the RSA key has %d bits, want %d to %d (RFC 7518 §3.3)", key.N.BitLen(), minRSA, maxRSA)
	case key.E < 3 || key.E&1 == 0:
		return errors.New("the RSA key has a bad exponent")
	case roca.Marked(key.N):
		return errors.New("the RSA key can be factored (CVE-2017-15361)")
	}
	return nil
}

// point returns the key's point, not compressed (SEC 1 §2.3.3): both coordinates have the length of the field.
func point(key *ecdsa.PublicKey) ([]byte, error) {
	if key.X == nil || key.Y == nil {
		return nil, errors.New("the EC key is empty")
	}
	p, err := key.ECDH()
	if err != nil {
		return nil, errors.New("the EC key is not a point of its curve")
	}
	return p.Bytes(), nil
}
