package jose

import (
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"io"
	"log/slog"
	"strconv"
)

// Secret is an HMAC key for one algorithm (RFC 7518 §3.2). It prints as [redacted].
type Secret struct {
	alg          string
	hash         crypto.Hash
	inner, outer [sha512.BlockSize]byte // the key's block under ipad and opad (RFC 2104 §2)
}

// NewSecret prepares secret for alg: HS256, HS384 or HS512.
//
// A secret shorter than the hash is refused (RFC 7518 §3.2), as is any other algorithm; the error is an [*Error] of
// kind [BadKey] or [Algorithm].
func NewSecret(alg string, secret []byte) (*Secret, error) {
	f, hash := algorithm(alg)
	if f != hmacSHA {
		return nil, &Error{Algorithm, "not an HMAC algorithm"}
	}
	if len(secret) < hash.Size() {
		return nil, &Error{BadKey, alg + " needs a secret of at least " + strconv.Itoa(hash.Size()) +
			" bytes, this one has " + strconv.Itoa(len(secret))}
	}
	s := &Secret{alg: alg, hash: hash}
	block := secret
	if len(secret) > s.blockSize() {
		block = sum(hash, make([]byte, 0, sha512.Size), secret)
	}
	copy(s.inner[:], block)
	copy(s.outer[:], block)
	for i := range s.inner {
		s.inner[i] ^= 0x36
		s.outer[i] ^= 0x5c
	}
	return s, nil
}

func (s *Secret) blockSize() int {
	if s.hash == crypto.SHA256 {
		return sha256.BlockSize
	}
	return sha512.BlockSize
}

// mac appends the HMAC of input to out. crypto/hmac costs eight allocations for each token.
func (s *Secret) mac(out []byte, input string) []byte {
	var space [onStack]byte
	inner := append(append(space[:0], s.inner[:s.blockSize()]...), input...)
	var digest, outer [sha512.BlockSize + sha512.Size]byte
	code := sum(s.hash, digest[:0], inner)
	return sum(s.hash, out, append(append(outer[:0], s.outer[:s.blockSize()]...), code...))
}

// Format prints no secret, whatever the verb.
func (s *Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue logs no secret.
func (s *Secret) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// MarshalText writes no secret.
func (s *Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }
