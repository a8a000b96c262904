package oauth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"reflect"

	"github.com/seed6e7d3bb2/authing-go/internal/jws"
)

// SigningKey is a private key of the client. It signs client assertions (PrivateKeyJWT) and request objects
// (RequestObject).
type SigningKey struct {
	// ID is the name of the key in the client's JWKS (kid). Empty is the key's thumbprint (RFC 7638).
	ID string
	// Alg is the algorithm: RS256 to RS512, PS256 to PS512, ES256 to ES512, or EdDSA (RFC 7518 §3.1, RFC 8037 §3.1).
	// Empty is the only one of an EC or Ed25519 key, and RS256 for RSA. FAPI needs PS256 for RSA.
	Alg string
	// Signer has the key: an *rsa.PrivateKey of at least 2048 bits, an *ecdsa.PrivateKey on P-256, P-384 or P-521, an
	// ed25519.PrivateKey, or a key that stays in another device and signs there.
	Signer crypto.Signer
}

// JWK returns the public half, for the client's JWKS. A key that cannot sign by Alg is an error.
func (k SigningKey) JWK() (JWK, error) {
	k, err := k.complete()
	if err != nil {
		return JWK{}, fmt.Errorf("oauth: %w", err)
	}
	return JWK{ID: k.ID, Alg: k.Alg, Use: "sig", Public: k.Signer.Public()}, nil
}

// complete checks the key and fills its empty fields.
func (k SigningKey) complete() (SigningKey, error) {
	if k.Signer == nil || isNilPointer(k.Signer) {
		return k, errors.New("SigningKey.Signer is not set")
	}
	if err := checkPrivate(k.Signer); err != nil {
		return k, fmt.Errorf("SigningKey: %w", err)
	}
	public := k.Signer.Public()
	if k.Alg == "" {
		k.Alg = jws.DefaultAlg(public)
	}
	if err := jws.CheckKey(k.Alg, public); err != nil {
		return k, fmt.Errorf("SigningKey: %w", err)
	}
	var err error
	if k.ID == "" {
		k.ID, err = jws.Thumbprint(public)
	}
	return k, err
}

// checkPrivate finds a key without its private part, whose methods would panic or fail at each request.
func checkPrivate(s crypto.Signer) error {
	size := ed25519.PrivateKeySize
	switch own := s.(type) {
	case ed25519.PrivateKey:
		size = len(own)
	case *ed25519.PrivateKey:
		size = len(*own)
	case *rsa.PrivateKey:
		if own.D == nil {
			return errors.New("the RSA key has no private part")
		}
	case *ecdsa.PrivateKey:
		if own.D == nil {
			return errors.New("the EC key has no private part")
		}
	}
	if size != ed25519.PrivateKeySize {
		return fmt.Errorf("an Ed25519 private key has %d bytes, want %d", size, ed25519.PrivateKeySize)
	}
	return nil
}

// isNilPointer finds a nil *rsa.PrivateKey and the like, whose methods would panic.
func isNilPointer(s any) bool {
	v := reflect.ValueOf(s)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// sign makes a token; typ is its kind.
func (k SigningKey) sign(typ string, claims map[string]any) (string, error) {
	k, err := k.complete()
	if err != nil {
		return "", err
	}
	return jws.Sign(jws.Header{Alg: k.Alg, KeyID: k.ID, Type: typ}, claims, k.Signer)
}
