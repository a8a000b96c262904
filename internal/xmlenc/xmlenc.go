// Package xmlenc decrypts XML (XML Encryption 1.1).
package xmlenc

import (
	"crypto"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

var errNotYet = errors.New("xmlenc: not built yet")

// Policy is what is decrypted beside what is safe. Its zero value is the safe choice.
type Policy struct {
	AllowCBC   bool // AES-CBC, which has no integrity of its own
	AllowRSA15 bool // RSAES-PKCS1-v1_5 key transport
	MaxBytes   int  // of the plaintext's gate; 0 is xmlgate's default
	MaxNodes   int
	Comments   func(space, local string) bool
}

// Decrypt decrypts what container (a saml:EncryptedAssertion or saml:EncryptedID) holds, with the first of the
// keys that fits, and returns the one element of the plaintext, read by the gate in the namespace context of
// container. Every failure that depends on a key or on the plaintext is the same error.
func Decrypt(container xmlgate.Element, keys []crypto.Decrypter, p Policy) (xmlgate.Element, error) {
	return xmlgate.Element{}, errNotYet
}
