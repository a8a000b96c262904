// Package pkce implements Proof Key for Code Exchange (RFC 7636): the secret that binds an authorization code to the
// client that requested it.
//
//	verifier := pkce.NewVerifier()                            // keep it until the callback
//	challenge, err := pkce.Challenge(verifier, pkce.S256)     // send it with the authorization request
//
// The login methods of packages oauth and oidc do this for you.
package pkce

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// Method is a code challenge method (RFC 7636 §4.2).
type Method string

const (
	// S256 sends the SHA-256 of the verifier.
	S256 Method = "S256"
	// Plain sends the verifier itself, so anyone who reads the authorization request has it. It is for servers that
	// do not support S256 (RFC 7636 §7.2).
	Plain Method = "plain"
)

// NewVerifier returns a code verifier: 32 random bytes as 43 characters of base64url (RFC 7636 §4.1).
func NewVerifier() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails: it ends the program instead
	return encode(b)
}

// CheckVerifier refuses a text that is not a code verifier: 43 to 128 characters of A-Z, a-z, 0-9 and "-._~"
// (RFC 7636 §4.1). The error does not contain the verifier.
func CheckVerifier(verifier string) error {
	if n := len(verifier); n < 43 || n > 128 {
		return fmt.Errorf("pkce: code verifier has %d characters, want 43 to 128", n)
	}
	for i := range len(verifier) {
		if !unreserved(verifier[i]) {
			return fmt.Errorf("pkce: code verifier has a character outside A-Z a-z 0-9 -._~ at index %d", i)
		}
	}
	return nil
}

// Challenge returns the code challenge of a verifier (RFC 7636 §4.2). The verifier must pass
// CheckVerifier and the method must be S256 or Plain.
func Challenge(verifier string, m Method) (string, error) {
	if err := CheckVerifier(verifier); err != nil {
		return "", err
	}
	switch m {
	case S256:
		var space [128]byte
		return encode(sha256.Sum256(append(space[:0], verifier...))), nil
	case Plain:
		return verifier, nil
	}
	return "", fmt.Errorf("pkce: unknown method %.32q, want S256 or plain", string(m))
}

// CheckChallenge refuses a challenge that m cannot make: for S256 anything but 43 characters of base64url, for Plain
// a text that is not a verifier (RFC 7636 §4.3).
func CheckChallenge(challenge string, m Method) error {
	switch m {
	case S256:
		var text [43]byte
		var sum [33]byte
		copy(text[:], challenge)
		if n, err := base64.RawURLEncoding.Decode(sum[:], text[:]); err != nil || n != sha256.Size || len(challenge) != len(text) {
			return fmt.Errorf("pkce: an S256 code challenge is 43 characters of base64url, got %d characters", len(challenge))
		}
		return nil
	case Plain:
		return CheckVerifier(challenge)
	}
	return fmt.Errorf("pkce: unknown method %.32q, want S256 or plain", string(m))
}

// encode costs one allocation, where EncodeToString costs two.
func encode(b [32]byte) string {
	var text [43]byte
	base64.RawURLEncoding.Encode(text[:], b[:])
	return string(text[:])
}

func unreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}
