package oidc

import (
	"context"
	"crypto"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// Key is one public key of the server.
type Key struct {
	// ID is the kid; empty when the key has none.
	ID string
	// Alg is the only algorithm that the key is for; empty allows every algorithm that fits its type.
	Alg string
	// Public is an *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
	Public crypto.PublicKey
}

// KeySet finds the server's keys.
type KeySet interface {
	// Keys returns the keys with this kid, and every key when kid is empty. An empty result is no error: an error
	// means that the keys cannot be fetched now. The caller checks the algorithm, whether the key fits it, and the
	// signature.
	Keys(ctx context.Context, kid string) ([]Key, error)
}

// RenewableKeySet is a KeySet that can look for a key which replaced another under the same kid. It is optional: a
// KeySet without it is asked once for each token.
type RenewableKeySet interface {
	KeySet
	// RenewKeys is called when no key that Keys returned for kid verifies a token's signature. It fetches the keys
	// again and returns those for kid. Anyone can make such tokens, so it must limit how often it fetches, and return
	// the keys that it has in between.
	RenewKeys(ctx context.Context, kid string) ([]Key, error)
}

// StaticKeys is a KeySet that never changes.
type StaticKeys []Key

// Keys implements KeySet.
func (s StaticKeys) Keys(_ context.Context, kid string) ([]Key, error) {
	return s.find(kid), nil
}

func (s StaticKeys) find(kid string) (found []Key) {
	if kid == "" {
		return s
	}
	for i, k := range s {
		switch {
		case k.ID != kid:
		case found == nil:
			found = s[i : i+1 : i+1] // one key is the usual case, and costs no memory
		default:
			found = append(found, k)
		}
	}
	return found
}

// ParseKeys reads the signature keys of a JWK Set (RFC 7517 §5). Keys that are for encryption, symmetric, private,
// weak or of an unknown type are skipped. A set without any other key is an error that names each key by its kid, and
// the wrong member. A byte order mark is skipped (RFC 8259 §8.1).
func ParseKeys(jwks []byte) (StaticKeys, error) {
	keys, _, err := parseKeys(string(jwks))
	return keys, err
}

// parseKeys also returns, by kid, why a key was skipped.
func parseKeys(jwks string) (StaticKeys, map[string]string, error) {
	parsed, unusable, err := jose.ParseSet(strings.TrimPrefix(jwks, "\ufeff"))
	if err != nil {
		return nil, nil, fmt.Errorf("oidc: JWKS: %w", err)
	}
	keys := make(StaticKeys, len(parsed))
	for i, k := range parsed {
		keys[i] = Key{ID: strings.Clone(k.ID), Alg: strings.Clone(k.Alg), Public: k.Public} // not the whole set with it
	}
	return keys, unusable, nil
}
