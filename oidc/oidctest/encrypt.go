package oidctest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// encrypted is what an application registered for one kind of token (OpenID Connect Registration §2).
type encrypted struct{ alg, enc string }

func newEncrypted(alg, enc string) encrypted {
	if alg != "" {
		enc = either(enc, "A128CBC-HS256")
	}
	return encrypted{alg, enc}
}

func encryptionAlgs() []string {
	return []string{"RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "dir"}
}

// contentSizes are the sizes of the content keys in bytes (RFC 7518 §5.1).
func contentSizes() map[string]int {
	return map[string]int{"A128GCM": 16, "A192GCM": 24, "A256GCM": 32, "A128CBC-HS256": 32, "A192CBC-HS384": 48, "A256CBC-HS512": 64}
}

// encrypt makes a compact JWE (RFC 7516 §3.1) for the application; contentType is its cty. Without an alg, text stays as
// it is.
func (s *Server) encrypt(c *client, e encrypted, contentType, text string) (string, error) {
	if e.alg == "" || c.Broken(PlainToken) {
		return text, nil
	}
	e, zip := breakEncryption(c, e)
	recipient, err := s.recipient(c, e)
	if err != nil {
		return "", err
	}
	options := &jose.EncrypterOptions{Compression: zip}
	if contentType != "" {
		options = options.WithContentType(jose.ContentType(contentType))
	}
	encrypter, err := jose.NewEncrypter(jose.ContentEncryption(e.enc), recipient, options)
	if err != nil {
		return "", err
	}
	for range encryptions(c) {
		object, err := encrypter.Encrypt([]byte(text))
		if err != nil {
			return "", err
		}
		if text, err = object.CompactSerialize(); err != nil {
			return "", err
		}
	}
	return text, nil
}

// recipient is the application's key for alg: the first one for encryption in its JWKS that fits, or its secret for dir.
func (s *Server) recipient(c *client, e encrypted) (jose.Recipient, error) {
	to := jose.Recipient{Algorithm: jose.KeyAlgorithm(e.alg)}
	if secret := c.secret; e.alg == "dir" || e.alg == "A128KW" {
		if c.Broken(OtherEncryptionKey) {
			secret = "another-" + secret
		}
		size := contentSizes()[e.enc]
		if e.alg == "A128KW" {
			size = 16
		}
		to.Key = secretKey(secret, size)
		return to, nil
	}
	for _, key := range s.clientKeys(context.Background(), c) {
		if key.Use == "sig" || key.Algorithm != "" && key.Algorithm != e.alg || !fitsEncryption(e.alg, key.Key) {
			continue
		}
		var err error
		if c.Broken(OtherEncryptionKey) {
			key.Key, err = strangerLike(key.Key)
		}
		to.Key, to.KeyID = key.Key, key.KeyID
		return to, err
	}
	return to, errors.New("oidctest: the application has no key for " + e.alg)
}

func fitsEncryption(alg string, key any) bool {
	switch key.(type) {
	case *rsa.PublicKey:
		return strings.HasPrefix(alg, "RSA")
	case *ecdsa.PublicKey:
		return strings.HasPrefix(alg, "ECDH")
	}
	return false
}

// strangerLike is a key of the same type that nobody has.
func strangerLike(key any) (any, error) {
	if _, ok := key.(*rsa.PublicKey); ok {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		return &private.PublicKey, nil
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return &private.PublicKey, nil
}

// secretKey derives a key of size bytes from the secret (OpenID Connect Core §10.2).
func secretKey(secret string, size int) []byte {
	switch {
	case size <= 32:
		sum := sha256.Sum256([]byte(secret))
		return sum[:size]
	case size <= 48:
		sum := sha512.Sum384([]byte(secret))
		return sum[:size]
	}
	sum := sha512.Sum512([]byte(secret))
	return sum[:size]
}
