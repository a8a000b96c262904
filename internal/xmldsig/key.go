package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"

	"github.com/seed6e7d3bb2/authing-go/internal/roca"
)

// maxKeys is how many keys of one issuer are tried.
const maxKeys = 20

// fits refuses a key that is of another family, or too weak.
func (p *Policy) fits(f family, key crypto.PublicKey) error {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if f == rsaPKCS1 || f == rsaPSS {
			return p.soundRSA(key)
		}
	case *ecdsa.PublicKey:
		if f == ecdsaRS && soundCurve(key) {
			return nil
		}
	}
	return refuse(CheckKey, "no key fits the signature method")
}

// soundRSA also limits the size of the modulus: the time of one verification grows with its square. An exponent of 1
// would make every message its own signature.
func (p *Policy) soundRSA(key *rsa.PublicKey) error {
	if key == nil || key.N == nil || key.N.Sign() <= 0 || key.E < 3 || key.E&1 == 0 {
		return refuse(CheckKey, "no key fits the signature method")
	}
	switch bits := key.N.BitLen(); {
	case bits < 1024 || bits > 8192:
		return refuse(CheckKey, "the RSA key has not from 2048 to 8192 bits")
	case bits < 2048 && !p.AllowSmallRSA:
		return refuse(CheckKey, "the RSA key has fewer than 2048 bits, which only AllowSmallRSA accepts")
	case roca.Marked(key.N):
		return refuse(CheckKey, "the RSA key can be factored (CVE-2017-15361)")
	}
	return nil
}

func soundCurve(key *ecdsa.PublicKey) bool {
	if key == nil || key.X == nil || key.Y == nil {
		return false
	}
	switch key.Curve {
	case elliptic.P256(), elliptic.P384(), elliptic.P521():
		return true
	}
	return false
}

// verify tries each key that fits alg. asDER says that an ECDSA signature may be in DER.
func (p *Policy) verify(alg Algorithm, octets, signature []byte, asDER bool, keys []crypto.PublicKey) error {
	f, hash := alg.method()
	var space [64]byte
	digest := sum(hash, space[:0], octets)
	tried := 0
	var unfit error
	for _, key := range keys {
		if err := p.fits(f, key); err != nil {
			unfit = err
			continue
		}
		if tried++; tried > maxKeys {
			return refuse(CheckKey, "the issuer has too many keys")
		}
		if good(key, f, hash, digest, signature, asDER) {
			return nil
		}
	}
	switch {
	case tried > 0:
		return refuse(CheckValue, "it was not made by any of the keys")
	case unfit != nil:
		return unfit
	}
	return refuse(CheckKey, "no key fits the signature method")
}

// good relies on fits for the type of the key.
func good(key crypto.PublicKey, f family, hash crypto.Hash, digest, signature []byte, asDER bool) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if f == rsaPSS {
			return rsa.VerifyPSS(key, hash, digest, signature, pssOptions(hash)) == nil
		}
		return rsa.VerifyPKCS1v15(key, hash, digest, signature) == nil
	case *ecdsa.PublicKey:
		if der, ok := toDER(signature, coordinate(key)); ok && ecdsa.VerifyASN1(key, digest, der) {
			return true
		}
		return asDER && ecdsa.VerifyASN1(key, digest, signature)
	}
	return false
}

// pssOptions are the parameters that the name of a PSS algorithm fixes (RFC 9231 §2.3.10).
func pssOptions(hash crypto.Hash) *rsa.PSSOptions {
	return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
}

// SameKey tells whether two public keys are the same.
func SameKey(a, b crypto.PublicKey) bool {
	e, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && e.Equal(b)
}
