package oidctest

import (
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Faults in encrypted tokens, and in user info that is a JWT.
const (
	// PlainToken leaves the encryption out where the application registered one.
	PlainToken idptest.Fault = "oidctest.PlainToken"
	// OtherEncryptionAlg encrypts with another alg than the registered one, to the same key or with the same secret.
	OtherEncryptionAlg idptest.Fault = "oidctest.OtherEncryptionAlg"
	// OtherEncryptionEnc encrypts with another enc than the registered one.
	OtherEncryptionEnc idptest.Fault = "oidctest.OtherEncryptionEnc"
	// OtherEncryptionKey encrypts to a key that the application does not have, under the ID of one that it has; for dir
	// the key is from another secret.
	OtherEncryptionKey idptest.Fault = "oidctest.OtherEncryptionKey"
	// CompressedToken compresses before it encrypts (RFC 7516 §4.1.3).
	CompressedToken idptest.Fault = "oidctest.CompressedToken"
	// EncryptedTwice encrypts the encrypted token again.
	EncryptedTwice idptest.Fault = "oidctest.EncryptedTwice"
	// PlainUserInfo makes user info JSON where the application registered a JWT.
	PlainUserInfo idptest.Fault = "oidctest.PlainUserInfo"
	// BareUserInfo leaves iss and aud out of signed user info.
	BareUserInfo idptest.Fault = "oidctest.BareUserInfo"
)

func encryptionFaults() []idptest.Fault {
	return []idptest.Fault{
		PlainToken, OtherEncryptionAlg, OtherEncryptionEnc, OtherEncryptionKey, CompressedToken, EncryptedTwice, PlainUserInfo, BareUserInfo,
	}
}

func breakEncryption(c *client, e encrypted) (encrypted, jose.CompressionAlgorithm) {
	if c.Broken(OtherEncryptionAlg) {
		switch {
		case e.alg == "RSA-OAEP":
			e.alg = "RSA-OAEP-256"
		case strings.HasPrefix(e.alg, "RSA"):
			e.alg = "RSA-OAEP"
		case e.alg == "ECDH-ES":
			e.alg = "ECDH-ES+A256KW"
		case e.alg == "dir":
			e.alg = "A128KW"
		default:
			e.alg = "ECDH-ES"
		}
	}
	if c.Broken(OtherEncryptionEnc) {
		if e.enc == "A256GCM" {
			e.enc = "A128GCM"
		} else {
			e.enc = "A256GCM"
		}
	}
	if c.Broken(CompressedToken) {
		return e, jose.DEFLATE
	}
	return e, jose.NONE
}

// encryptions is how often a token is encrypted.
func encryptions(c *client) int {
	if c.Broken(EncryptedTwice) {
		return 2
	}
	return 1
}
