package oidc

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// DecryptionKey is one private key of the client, with which it reads tokens that are encrypted to it (RFC 7516). The
// server knows its public half from the client's JWKS (OpenID Connect Core §10.2).
type DecryptionKey struct {
	// ID is the kid. A token that names a kid is decrypted with the key of that ID, or with keys that have no ID when
	// there is none; a token without kid is tried with every key.
	ID string
	// Alg is the only algorithm that the key is for, such as RSA-OAEP-256; empty allows each one that fits its type.
	Alg string
	// Private is an *rsa.PrivateKey, or another crypto.Decrypter with an RSA key, for RSA-OAEP; or an
	// *ecdsa.PrivateKey, *ecdh.PrivateKey or another KeyExchanger for ECDH-ES, on P-256, P-384 or P-521. RSA keys have
	// 2048 bits or more. A Decrypter or KeyExchanger that has no answer counts as the wrong key.
	Private any
}

// KeyExchanger is an ECDH key that may be in a device, such as *ecdh.PrivateKey (NIST SP 800-56A §5.7.1.2).
type KeyExchanger interface {
	PublicKey() *ecdh.PublicKey
	ECDH(remote *ecdh.PublicKey) (secret []byte, err error)
}

// JWK is the public half, with use enc, for the client's JWKS, which oauth.JWKSHandler serves or a registration has
// (RFC 7517 §4). Without an ID its kid is the thumbprint (RFC 7638). The error is that of a key that cannot decrypt.
func (k DecryptionKey) JWK() (oauth.JWK, error) {
	if err := jose.CheckDecryptionKey(k.jose()); err != nil {
		return oauth.JWK{}, fmt.Errorf("oidc: DecryptionKey %.32q: %s", k.ID, detail(err))
	}
	jwk := oauth.JWK{ID: k.ID, Alg: k.Alg, Use: "enc"}
	switch private := k.Private.(type) {
	case *ecdsa.PrivateKey:
		jwk.Public = private.Public()
	case KeyExchanger:
		public, err := ellipticPublic(private.PublicKey())
		if err != nil {
			return oauth.JWK{}, fmt.Errorf("oidc: DecryptionKey %.32q: %w", k.ID, err)
		}
		jwk.Public = public
	case crypto.Decrypter:
		jwk.Public = private.Public()
	default:
		return oauth.JWK{}, fmt.Errorf("oidc: DecryptionKey %.32q: a %T has no public half", k.ID, private)
	}
	return jwk, nil
}

func ellipticPublic(key *ecdh.PublicKey) (*ecdsa.PublicKey, error) {
	curve := elliptic.P256()
	switch key.Curve() {
	case ecdh.P384():
		curve = elliptic.P384()
	case ecdh.P521():
		curve = elliptic.P521()
	}
	return ecdsa.ParseUncompressedPublicKey(curve, key.Bytes())
}

var publicDecryptionKey = []string{"ID", "Alg"}

// Format prints the key without its private half, whatever the verb.
func (k DecryptionKey) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, k, publicDecryptionKey...)
}

// LogValue logs the key without its private half.
func (k DecryptionKey) LogValue() slog.Value { return httpcore.LogRedacted(k, publicDecryptionKey...) }

// MarshalJSON writes the key without its private half, as a string: it is no storage form.
func (k DecryptionKey) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(k, publicDecryptionKey...)
}

func (k DecryptionKey) jose() jose.DecryptionKey {
	return jose.DecryptionKey{ID: k.ID, Alg: k.Alg, Private: k.Private}
}
