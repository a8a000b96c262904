package jose

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha512"
	"crypto/subtle"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"strconv"
	"sync"
)

// Secret is an HMAC key for one algorithm (RFC 7518 §3.2). It prints as [redacted].
type Secret struct {
	alg string
	// macs has a *macState: its hash remembers the state after the key, and a new one would cost eight allocations.
	macs sync.Pool
}

type macState struct {
	hash hash.Hash
	part [512]byte // of the text: package hash takes bytes, and a text on the stack would escape through its interface
	code [sha512.Size]byte
}

// NewSecret prepares secret for alg: HS256, HS384 or HS512.
//
// A secret shorter than the hash is refused (RFC 7518 §3.2), as is any other algorithm; the error is an [*Error] of
// kind [BadKey] or [Algorithm].
func NewSecret(alg string, secret []byte) (*Secret, error) {
	f, sum := algorithm(alg)
	if f != hmacSHA {
		return nil, &Error{Algorithm, "not an HMAC algorithm"}
	}
	if len(secret) < sum.Size() {
		return nil, &Error{BadKey, alg + " needs a secret of at least " + strconv.Itoa(sum.Size()) +
			" bytes, this one has " + strconv.Itoa(len(secret))}
	}
	key := bytes.Clone(secret)
	return &Secret{alg: alg, macs: sync.Pool{New: func() any { return &macState{hash: hmac.New(sum.New, key)} }}}, nil
}

// signed reports whether code is the HMAC of input, in constant time.
func (s *Secret) signed(input, code string) bool {
	m := s.macs.Get().(*macState)
	used := m.part[:min(len(input), len(m.part))]
	for input != "" {
		n := copy(used, input)
		m.hash.Write(used[:n])
		input = input[n:]
	}
	ok := subtle.ConstantTimeCompare(m.hash.Sum(m.code[:0]), []byte(code)) == 1
	m.hash.Reset() // nothing of a token stays in the pool
	clear(used)
	clear(m.code[:])
	s.macs.Put(m)
	return ok
}

// Format prints no secret, whatever the verb.
func (s *Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue logs no secret.
func (s *Secret) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// MarshalText writes no secret.
func (s *Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }
