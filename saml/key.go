package saml

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/roca"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
)

// minRSA is the size of our smallest RSA key in bits; no option makes it smaller.
const minRSA = 2048

// Key is a key of the service provider: it signs, decrypts, or both (SAML Metadata §2.4.1.1).
type Key struct {
	// Signer has an RSA key of at least 2048 bits, or an ECDSA key on P-256, P-384 or P-521.
	Signer crypto.Signer
	// Decrypter has an RSA key of at least 2048 bits.
	Decrypter crypto.Decrypter
	// Exchanger has an ECDH key on P-256, P-384 or P-521, which decrypts by ECDH-ES (XML Encryption 1.1 §5.6.4). The
	// method ECDH of an ecdsa.PrivateKey makes one. Few identity providers can encrypt for it.
	Exchanger KeyExchanger
	// Certificate is in DER. It is written into the metadata and into signatures, and has no other meaning.
	Certificate []byte
}

// KeyExchanger is an ECDH key that may be in a device, such as *ecdh.PrivateKey (NIST SP 800-56A §5.7.1.2).
type KeyExchanger interface {
	// PublicKey is the public half.
	PublicKey() *ecdh.PublicKey
	// ECDH returns the shared secret: the first coordinate of the shared point.
	ECDH(remote *ecdh.PublicKey) ([]byte, error)
}

// NewKey makes a Key of a certificate and its private key, as tls.LoadX509KeyPair reads them: it signs, and also
// decrypts if it can. The dates of the certificate are not looked at (SAML Metadata §2.4.1.1).
func NewKey(pair tls.Certificate) (Key, error) {
	if len(pair.Certificate) == 0 {
		return Key{}, errors.New("saml: key: there is no certificate")
	}
	var k Key
	k.Signer, _ = pair.PrivateKey.(crypto.Signer)
	k.Decrypter, _ = pair.PrivateKey.(crypto.Decrypter)
	k.Certificate = append([]byte(nil), pair.Certificate[0]...)
	if err := k.check(); err != nil {
		return Key{}, fmt.Errorf("saml: key%w", err)
	}
	return k, nil
}

// check names the field that is wrong. Its text begins with a dot or a colon.
func (k *Key) check() error {
	if k.Signer == nil && k.Decrypter == nil && k.Exchanger == nil {
		return errors.New(": none of Signer, Decrypter and Exchanger is set")
	}
	var public crypto.PublicKey
	if k.Signer != nil {
		if isNil(k.Signer) {
			return fmt.Errorf(".Signer is a nil %T", k.Signer)
		}
		public = k.Signer.Public()
		if err := checkPublic(public); err != nil {
			return fmt.Errorf(".Signer %w", err)
		}
	}
	if k.Decrypter != nil {
		if isNil(k.Decrypter) {
			return fmt.Errorf(".Decrypter is a nil %T", k.Decrypter)
		}
		own := k.Decrypter.Public()
		if _, ok := own.(*rsa.PublicKey); !ok {
			return fmt.Errorf(".Decrypter has a key of type %T, want *rsa.PublicKey", own)
		}
		if err := checkPublic(own); err != nil {
			return fmt.Errorf(".Decrypter %w", err)
		}
		if public != nil && !xmldsig.SameKey(public, own) {
			return errors.New(": Signer and Decrypter are not the same key: make two Keys of them")
		}
		public = own
	}
	if k.Exchanger != nil {
		if isNil(k.Exchanger) {
			return fmt.Errorf(".Exchanger is a nil %T", k.Exchanger)
		}
		own, err := exchangePublic(k.Exchanger)
		if err != nil {
			return fmt.Errorf(".Exchanger %w", err)
		}
		if public != nil && !xmldsig.SameKey(public, own) {
			return errors.New(": Exchanger is not the same key as Signer or Decrypter: make two Keys of them")
		}
		public = own
	}
	if k.Certificate == nil {
		return nil
	}
	cert, err := x509.ParseCertificate(k.Certificate)
	if err != nil {
		return errors.New(".Certificate is not a certificate in DER")
	}
	if !xmldsig.SameKey(public, cert.PublicKey) {
		return errors.New(".Certificate is of another key")
	}
	return nil
}

// public is the public key, of a Key that was checked.
func (k *Key) public() crypto.PublicKey {
	switch {
	case k.Signer != nil:
		return k.Signer.Public()
	case k.Decrypter != nil:
		return k.Decrypter.Public()
	}
	public, err := exchangePublic(k.Exchanger)
	if err != nil {
		return nil
	}
	return public
}

// decrypts tells whether something can be encrypted for the key.
func (k *Key) decrypts() bool { return k.Decrypter != nil || k.Exchanger != nil }

// exchangePublic returns the public key in the form that certificates have.
func exchangePublic(key KeyExchanger) (*ecdsa.PublicKey, error) {
	public := key.PublicKey()
	if public != nil {
		for _, curve := range [...]elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
			if own, err := ecdsa.ParseUncompressedPublicKey(curve, public.Bytes()); err == nil {
				return own, nil
			}
		}
	}
	return nil, errors.New("has no key on P-256, P-384 or P-521")
}

func checkPublic(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k == nil || k.N == nil {
			return errors.New("has an RSA key without a modulus")
		}
		if n := k.N.BitLen(); n < minRSA {
			return fmt.Errorf("has an RSA key of %d bits, want at least %d", n, minRSA)
		}
		if roca.Marked(k.N) {
			return errors.New("has an RSA key that can be factored (CVE-2017-15361)")
		}
		return nil
	case *ecdsa.PublicKey:
		if k != nil && (k.Curve == elliptic.P256() || k.Curve == elliptic.P384() || k.Curve == elliptic.P521()) {
			return nil
		}
		return errors.New("has an ECDSA key that is not on P-256, P-384 or P-521")
	}
	return fmt.Errorf("has a key of type %T, want *rsa.PublicKey or *ecdsa.PublicKey", key)
}

// checkMethod refuses an algorithm that the first key that signs cannot sign with (XML Signature 1.1 §4.4.2).
func (c *Client) checkMethod() error {
	s, ok := c.signer()
	if !ok {
		return nil
	}
	if s.Algorithm == xmldsig.RSASHA1 {
		return errors.New("SignatureAlgorithm is SHA-1, with which we never sign: AllowSHA1 is for signatures of others")
	}
	if _, err := s.Method(); err != nil {
		return fmt.Errorf("SignatureAlgorithm %s is unknown, or not for the first of Keys that signs", httpcore.Quote(string(s.Algorithm)))
	}
	return nil
}
