package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
)

// Key is one key that verifies: Public is an *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
// ID and Alg are "" when the set does not say.
type Key struct {
	ID, Alg string
	Public  crypto.PublicKey
}

// Fits reports whether key is of the kind that alg needs: its type, its curve, an RSA modulus of 2048 to
// 16384 bits (RFC 7518 §3.3), a [*Secret] made for alg.
func Fits(alg string, key crypto.PublicKey) bool {
	f, _ := algorithm(alg)
	switch key := key.(type) {
	case *Secret:
		return f == hmacSHA && key != nil && key.alg == alg
	case *rsa.PublicKey:
		return (f == rsaPKCS1 || f == rsaPSS) && soundRSA(key)
	case *ecdsa.PublicKey:
		return f != unknown && f == curveFamily(key)
	case ed25519.PublicKey:
		return f == ed25519Pure && len(key) == ed25519.PublicKeySize
	}
	return false
}

// soundRSA also bounds the modulus from above: the time of one verification grows with its square. An exponent of 1
// would make every message its own signature.
func soundRSA(key *rsa.PublicKey) bool {
	if key == nil || key.N == nil || key.N.Sign() <= 0 {
		return false
	}
	bits := key.N.BitLen()
	return bits >= 2048 && bits <= 16384 && key.E >= 3 && key.E&1 == 1
}

func curveFamily(key *ecdsa.PublicKey) family {
	if key == nil || key.X == nil || key.Y == nil {
		return unknown
	}
	switch key.Curve {
	case elliptic.P256():
		return ecdsaP256
	case elliptic.P384():
		return ecdsaP384
	case elliptic.P521():
		return ecdsaP521
	}
	return unknown
}
