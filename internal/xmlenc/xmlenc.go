// Package xmlenc decrypts XML (XML Encryption 1.1).
//
// It reads an EncryptedData that holds its ciphertext itself, and whose key is in an EncryptedKey beside or within it,
// wrapped for an RSA key or, by ECDH-ES, for a key on an elliptic curve. Encryption alone does not prove who made a message, because the public key is public.
package xmlenc

import (
	"crypto"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Policy says what is decrypted beside what is safe. Its zero value is the safe choice.
type Policy struct {
	AllowCBC       bool // AES-CBC, which has no integrity of its own
	AllowTripleDES bool // Triple DES, which has none either, and short blocks
	AllowRSA15     bool // RSAES-PKCS1-v1_5 key transport
	AllowAnyIDs    bool // IDs in the plaintext that are not XML names
	MaxBytes       int  // of the plaintext; 0 is 1 MiB
	MaxNodes       int  // of the plaintext's gate; 0 is xmlgate's default
	// Comments is the gate's policy for the plaintext.
	Comments func(space, local string) bool
}

const defaultMaxBytes = 1 << 20

// Keys are those that decrypt. Nil ones are not tried.
type Keys struct {
	RSA []crypto.Decrypter
	EC  []Exchanger // on P-256, P-384 or P-521
}

// Decrypt decrypts what container (a saml:EncryptedAssertion or saml:EncryptedID) holds, with the first of the
// keys that fits, and returns the one element of the plaintext, read by the gate in the namespace context of
// container. Its parent is an element of container's name.
//
// The error is an [*Error]. Every failure that depends on a key or on the plaintext is the same error,
// [Undecryptable], after the same work; the failure of a key for its own reason, such as a device that is away, is one
// of them. RSA keys under 2048 bits are not tried, nor are keys of another kind or on another curve than a message is for.
func Decrypt(container xmlgate.Element, keys Keys, p Policy) (xmlgate.Element, error) {
	if p.MaxBytes <= 0 {
		p.MaxBytes = defaultMaxBytes
	}
	data, err := readData(container, p)
	if err != nil {
		return xmlgate.Element{}, err
	}
	tries, err := match(data.keys, keys, data.cipher.keySize)
	if err != nil {
		return xmlgate.Element{}, err
	}
	around, err := newSurrounding(container)
	if err != nil {
		return xmlgate.Element{}, err
	}
	space := make([]byte, 0, len(around.start)+len(data.ciphertext)+len(around.end))
	for _, t := range tries {
		// Each step runs whatever the result of the one before: neither the error nor, as far as possible, the time
		// tells which step failed.
		content, fits := t.unwrap(data.cipher.keySize)
		text, whole := data.cipher.decrypt(append(space, around.start...), content, data.ciphertext)
		e, ok := around.read(append(text, around.end...), p)
		if fits && whole && ok {
			return e, nil
		}
	}
	return xmlgate.Element{}, Undecryptable()
}
