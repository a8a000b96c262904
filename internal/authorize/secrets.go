package authorize

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// Secrets are the random values of one login, in base64url. They share one string.
type Secrets struct {
	// State and Nonce have 192 random bits each.
	State, Nonce string
	// Verifier is a PKCE code verifier of 256 random bits, and Challenge its S256 challenge (RFC 7636 §4.1, §4.2).
	Verifier, Challenge string
}

// NewSecrets reads the random values at once.
func NewSecrets() Secrets {
	const short, long = 24, 32 // bytes
	var random [short + short + long]byte
	_, _ = rand.Read(random[:]) // crypto/rand never fails: it ends the program instead
	var space [4 * len(random)]byte
	text := space[:0]
	for _, part := range [][]byte{random[:short], random[short : 2*short], random[2*short:]} {
		text = base64.RawURLEncoding.AppendEncode(text, part)
	}
	const nonce, verifier, challenge, end = 32, 64, 107, 150 // where each begins
	digest := sha256.Sum256(text[verifier:challenge])
	all := string(base64.RawURLEncoding.AppendEncode(text, digest[:]))
	return Secrets{all[:nonce], all[nonce:verifier], all[verifier:challenge], all[challenge:end]}
}
