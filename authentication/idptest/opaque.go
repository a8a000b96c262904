package idptest

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
)

// Opaque is an unguessable value of 43 base64url characters.
func Opaque() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// OpaqueHex is an unguessable value of 40 hexadecimal characters.
func OpaqueHex() string {
	b := make([]byte, 20)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Same compares two secrets in constant time.
func Same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// either is value, or otherwise when value is empty.
func either(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
