package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
)

// Member is a member of a JWK.
type Member struct{ Name, Value string }

// Public returns the required members of a public key, sorted by name (RFC 7518 §6, RFC 8037 §2). A private key is an
// error, as is a weak one.
func Public(key crypto.PublicKey) ([]Member, error) {
	if err := checkPublic(key); err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		return []Member{{"e", encode(big.NewInt(int64(key.E)).Bytes())}, {"kty", "RSA"}, {"n", encode(key.N.Bytes())}}, nil
	case *ecdsa.PublicKey:
		p, err := point(key)
		if err != nil {
			return nil, err
		}
		half := (len(p) - 1) / 2
		return []Member{{"crv", key.Curve.Params().Name}, {"kty", "EC"}, {"x", encode(p[1 : 1+half])}, {"y", encode(p[1+half:])}}, nil
	}
	return []Member{{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", encode(key.(ed25519.PublicKey))}}, nil
}

// JWK writes the required members of a public key as JSON, without white space: the form that a thumbprint is of
// (RFC 7638 §3.3).
func JWK(key crypto.PublicKey) (string, error) {
	members, err := Public(key)
	if err != nil {
		return "", err
	}
	text := "{"
	for i, m := range members { // the values need no escape
		if i > 0 {
			text += ","
		}
		text += `"` + m.Name + `":"` + m.Value + `"`
	}
	return text + "}", nil
}

// Thumbprint returns the SHA-256 of a public key, base64url (RFC 7638 §3, RFC 8037 §2).
func Thumbprint(key crypto.PublicKey) (string, error) {
	text, err := JWK(key)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(text))
	return encode(digest[:]), nil
}
