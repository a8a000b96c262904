package jose

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"reflect"
	"strconv"
)

// DecryptionKey is one private key of ours. Private is an *rsa.PrivateKey or another crypto.Decrypter with an RSA key,
// an *ecdsa.PrivateKey, an [Exchanger], or, for dir alone, the content key as []byte. Alg is "" for a key that may be
// used with every algorithm of its type.
type DecryptionKey struct {
	ID, Alg string
	Private any
}

// decryptionKey is a checked key: one of the three is set.
type decryptionKey struct {
	id        string
	rsa       crypto.Decrypter
	size      int // of the RSA modulus in bytes
	exchanger Exchanger
	curve     ecdh.Curve // of the exchanger
	shared    []byte
}

// check returns the key, or why it cannot be used with any algorithm.
func (k DecryptionKey) check() (decryptionKey, string) {
	out := decryptionKey{id: k.ID}
	if k.Alg != "" {
		if _, ok := managementOf(k.Alg); !ok {
			return out, "alg " + quoted(k.Alg) + " is not a supported one"
		}
	}
	if isNil(k.Private) {
		return out, "it is nil"
	}
	switch private := k.Private.(type) {
	case *ecdsa.PrivateKey:
		if private.Curve == nil || private.D == nil || private.X == nil || private.Y == nil {
			return out, "a part of it is nil"
		}
		key, err := private.ECDH()
		if err != nil {
			return out, "it is not a key on P-256, P-384 or P-521"
		}
		// The public half is what the server encrypts to.
		if public, err := private.PublicKey.ECDH(); err != nil || !public.Equal(key.PublicKey()) {
			return out, "its numbers do not fit together"
		}
		out.exchanger = key
	case Exchanger:
		out.exchanger = private
	case *rsa.PrivateKey:
		if private.N == nil {
			return out, "a part of it is nil"
		}
		if private.Validate() != nil {
			return out, "its numbers do not fit together"
		}
		out.rsa = private
	case crypto.Decrypter:
		out.rsa = private
	case []byte:
		out.shared = private
	default:
		return out, fmt.Sprintf("a %T cannot decrypt", private)
	}
	if out.exchanger != nil {
		var bad string
		out.curve, bad = curveOf(out.exchanger)
		return out, bad
	}
	if out.rsa != nil {
		public, _ := out.rsa.Public().(*rsa.PublicKey)
		if public == nil || public.N == nil {
			return out, "a Decrypter must have an RSA key"
		}
		if !soundRSA(public) {
			return out, verifying.unfit("RS256", public)
		}
		out.size = public.Size()
	}
	return out, ""
}

// isNil finds nil pointers too, whose methods would panic.
func isNil(key any) bool {
	v := reflect.ValueOf(key)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

func curveOf(key Exchanger) (curve ecdh.Curve, bad string) {
	public := key.PublicKey()
	if public == nil {
		return nil, "it has no public key"
	}
	switch curve := public.Curve(); curve {
	case ecdh.P256(), ecdh.P384(), ecdh.P521():
		return curve, ""
	}
	return nil, "it is not a key on P-256, P-384 or P-521"
}

// CheckDecryptionKey returns an [*Error] of kind [BadKey] for a key that cannot be used with any algorithm: of an
// unknown type, an RSA key under 2048 bits, or one on another curve.
func CheckDecryptionKey(k DecryptionKey) error {
	key, bad := k.check()
	if bad == "" && k.Alg != "" {
		if m, _ := managementOf(k.Alg); !key.fits(m) {
			bad = "it does not fit alg " + k.Alg
		}
	}
	if bad != "" {
		return &Error{BadKey, bad}
	}
	return nil
}

// fits reports whether the key is of the kind that m needs.
func (k *decryptionKey) fits(m management) bool {
	switch {
	case m.oaep != 0:
		return k.rsa != nil
	case m.agree:
		return k.exchanger != nil
	}
	return k.shared != nil
}

// SharedKey derives the content key of dir from a client's secret (OpenID Connect Core §10.2): the left part of its
// SHA-2 hash.
//
// A secret with fewer bytes than the key of enc's AES is refused (OpenID Connect Core §16.19), as is an unknown enc;
// the error is an [*Error] of kind [BadKey] or [Algorithm].
func SharedKey(enc, secret string) ([]byte, error) {
	c, ok := contentOf(enc)
	if !ok {
		return nil, supportedEncryption("dir", enc)
	}
	least := c.key
	if c.cbc {
		least /= 2 // the other half is for the HMAC
	}
	if len(secret) < least {
		return nil, &Error{BadKey, enc + " needs a secret of at least " + strconv.Itoa(least) + " bytes, this one has " + strconv.Itoa(len(secret))}
	}
	hash := crypto.SHA512
	switch {
	case c.key <= sha256.Size:
		hash = crypto.SHA256
	case c.key <= sha512.Size384:
		hash = crypto.SHA384
	}
	return sum(hash, nil, []byte(secret))[:c.key], nil
}
