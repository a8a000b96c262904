package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/roca"
)

// Key is one key that verifies: Public is an *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
// ID and Alg are "" when the set does not say.
type Key struct {
	ID, Alg string
	Public  crypto.PublicKey
}

// Fits reports whether key fits alg: its type, its curve, an RSA modulus of 2048 to 16384 bits (RFC 7518 §3.3)
// without the mark of CVE-2017-15361, or a [*Secret] made for alg.
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

const maxRSA = 16384

// soundRSA also limits the modulus: the time of one verification grows with the square of its length. With an
// exponent of 1 every message would be its own signature. crypto/rsa uses no even modulus, so such a key must not be
// chosen before a good one.
func soundRSA(key *rsa.PublicKey) bool {
	if key == nil || key.N == nil || key.N.Sign() <= 0 {
		return false
	}
	bits := key.N.BitLen()
	return bits >= 2048 && bits <= maxRSA && key.N.Bit(0) == 1 && key.E >= 3 && key.E&1 == 1 && !roca.Marked(key.N)
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

// unfit says why a key cannot be used: with any algorithm, or with alg when the set names one. It is "" when it can.
func (p *purpose) unfit(alg string, public crypto.PublicKey) string {
	algs := []string{alg}
	if alg == "" {
		algs = p.each
	}
	for _, alg := range algs {
		if p.fits(alg, public) {
			return ""
		}
	}
	switch key := public.(type) {
	case *rsa.PublicKey:
		if roca.Marked(key.N) {
			return "n can be factored (CVE-2017-15361)"
		}
		if key.N.Sign() > 0 && key.N.Bit(0) == 0 {
			return "n is even"
		}
		if isRSA(algs[0]) {
			return "n has " + strconv.Itoa(key.N.BitLen()) + " bits and e is " + strconv.Itoa(key.E) + ": want 2048 to 16384 bits, and an odd e from 3"
		}
		return "an RSA key does not fit alg " + alg
	case *ecdsa.PublicKey:
		return "a key on " + key.Curve.Params().Name + " does not fit alg " + alg
	}
	return "it does not fit alg " + alg
}

// isRSA reports whether alg is one of RSA.
func isRSA(alg string) bool {
	f, _ := algorithm(alg)
	m, _ := managementOf(alg)
	return f == rsaPKCS1 || f == rsaPSS || m.oaep != 0
}
