package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"fmt"
)

// Signer signs. Its key may be in a device: only Public and Sign are called. Sign gets a hash, and for RSA it makes
// PKCS #1 v1.5, or PSS when its options are *rsa.PSSOptions.
type Signer struct {
	Key         crypto.Signer
	Certificate []byte    // DER, put into KeyInfo; nil for none
	Algorithm   Algorithm // empty: by the key, with SHA-256, or the hash of the curve's size
	DER         bool      // SignOctets writes ECDSA signatures in DER, not as r and s
}

// Method returns the algorithm that s signs with, or an error when there is none for its key. A redirect names it
// inside the octets that are signed (SAML Bindings §3.4.4.1), so it must be known before.
func (s Signer) Method() (Algorithm, error) {
	if s.Key == nil {
		return "", errors.New("xmldsig: Signer.Key is missing")
	}
	public := s.Key.Public()
	alg := s.Algorithm
	if alg == "" {
		alg = usual(public)
	}
	f, hash := alg.method()
	switch {
	case f == noFamily:
		return "", errors.New("xmldsig: Signer.Key is neither RSA nor ECDSA, or Signer.Algorithm is unknown")
	case hash == crypto.SHA1:
		return "", errors.New("xmldsig: Signer.Algorithm is RSA-SHA1, with which we never sign")
	case (&Policy{}).fits(f, public) != nil:
		return "", errors.New("xmldsig: Signer.Key does not fit its algorithm, or is an RSA key under 2048 bits or one that can be factored")
	}
	return alg, nil
}

// usual returns the algorithm that a key signs with when none is named.
func usual(public crypto.PublicKey) Algorithm {
	switch familyOf(public) {
	case rsaPKCS1:
		return RSASHA256
	case ecdsaRS:
		key := public.(*ecdsa.PublicKey)
		if !soundCurve(key) {
			return ""
		}
		switch coordinate(key) {
		case 32:
			return ECDSASHA256
		case 48:
			return ECDSASHA384
		}
		return ECDSASHA512
	}
	return ""
}

func (s Signer) sign(alg Algorithm, octets []byte) ([]byte, error) {
	f, hash := alg.method()
	var how crypto.SignerOpts = hash
	if f == rsaPSS {
		how = pssOptions(hash)
	}
	signature, err := s.Key.Sign(rand.Reader, sum(hash, nil, octets), how)
	if err != nil {
		return nil, fmt.Errorf("xmldsig: the key did not sign: %w", err)
	}
	if f == ecdsaRS {
		key, ok := s.Key.Public().(*ecdsa.PublicKey)
		if ok {
			signature, ok = fromDER(signature, coordinate(key))
		}
		if !ok {
			return nil, errNotASN1
		}
	}
	return signature, nil
}

var errNotASN1 = errors.New("xmldsig: the key made a signature that is not ASN.1 of its curve")
