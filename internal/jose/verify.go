package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"strings"
)

// Verify checks the signature with alg, which the caller pins, and key: an *rsa.PublicKey, *ecdsa.PublicKey,
// ed25519.PublicKey or [*Secret] (RFC 7515 §5.2).
//
// The error is an [*Error] of kind [Algorithm] when the header names another algorithm, [BadKey] when the key does
// not fit it, [Signature] when the signature is wrong.
func (c *Compact) Verify(alg string, key crypto.PublicKey) error {
	f, hash := algorithm(alg)
	switch {
	case f == unknown:
		return &Error{Algorithm, "the pinned algorithm is not supported"}
	case c.Header.Alg != alg:
		return &Error{Algorithm, "the token says " + known(c.Header.Alg) + " where " + alg + " is pinned"}
	case !Fits(alg, key):
		return &Error{BadKey, "the key does not fit " + alg}
	}
	if !c.check(f, hash, key) {
		return &Error{Signature, "it does not match"}
	}
	c.cache.keep(c.input[:strings.IndexByte(c.input, '.')], c.Header)
	return nil
}

// known returns the name of an algorithm that exists, and no other text of the token.
func known(alg string) string {
	if alg == "none" || Supported(alg) {
		return alg
	}
	return "an unknown one"
}

// check relies on Fits for the type of the key.
func (c *Compact) check(f family, hash crypto.Hash, key crypto.PublicKey) bool {
	if f == ed25519Pure {
		return c.checkEd25519(key.(ed25519.PublicKey))
	}
	if f == hmacSHA {
		return key.(*Secret).signed(c.input, c.signature)
	}
	digest := sumString(hash, make([]byte, 0, hash.Size()), c.input)
	switch f {
	case rsaPKCS1:
		return rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), hash, digest, []byte(c.signature)) == nil
	case rsaPSS:
		// RFC 7518 §3.5: the salt is as long as the hash.
		options := rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
		return rsa.VerifyPSS(key.(*rsa.PublicKey), hash, digest, []byte(c.signature), &options) == nil
	}
	public := key.(*ecdsa.PublicKey)
	der, ok := derSignature(make([]byte, 0, 144), c.signature, (public.Curve.Params().BitSize+7)/8)
	return ok && ecdsa.VerifyASN1(public, digest, der)
}

func (c *Compact) checkEd25519(key ed25519.PublicKey) bool {
	var space [onStack]byte
	var signature [ed25519.SignatureSize]byte
	if len(c.signature) != len(signature) { // missing bytes would be read as zeros
		return false
	}
	copy(signature[:], c.signature)
	return ed25519.Verify(key, append(space[:0], c.input...), signature[:])
}
