package oidc

import (
	"context"
	"crypto"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// Key is one public key of the server. ID is its kid and Alg the one algorithm that it is for; both may
// be empty.
type Key struct {
	// ID is the kid; empty when the key has none.
	ID string
	// Alg is the one algorithm that the key is for; empty is each that fits its kind.
	Alg string
	// Public is an *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
	Public crypto.PublicKey
}

// KeySet finds the server's keys.
type KeySet interface {
	// Keys returns the keys with this kid, and every key when kid is empty. No key is no error: an error
	// means that the keys cannot be had now. It must not look at the token, and the algorithm, the key's
	// fitness and the signature are checked by the caller.
	Keys(ctx context.Context, kid string) ([]Key, error)
}

// RenewableKeySet is a KeySet that can look for a key which replaced another under its old name. It is
// optional: a KeySet without it is asked once for each token.
type RenewableKeySet interface {
	KeySet
	// RenewKeys is called when no key that Keys returned for kid made a token's signature, and returns what
	// there is for kid after it was fetched anew. Anybody can make such tokens, so it must bound how often
	// it fetches, and returns what it has in between.
	RenewKeys(ctx context.Context, kid string) ([]Key, error)
}

// StaticKeys is a KeySet that never changes.
type StaticKeys []Key

// Keys implements KeySet.
func (s StaticKeys) Keys(_ context.Context, kid string) ([]Key, error) {
	if kid == "" {
		return s, nil
	}
	var found []Key
	for _, k := range s {
		if k.ID == kid {
			found = append(found, k)
		}
	}
	return found, nil
}

// ParseKeys reads the signature keys of a JWK Set (RFC 7517 §5). Keys that are for encryption,
// symmetric, private, weak or of an unknown kind are passed over; a set that has no other is an error that
// names each key by its kid, and the member that is to blame. A byte order mark is passed over (RFC 8259 §8.1).
func ParseKeys(jwks []byte) (StaticKeys, error) {
	keys, _, err := parseKeys(jwks)
	return keys, err
}

// parseKeys also says by kid why a key was passed over.
func parseKeys(jwks []byte) (StaticKeys, map[string]string, error) {
	parsed, unusable, err := jose.ParseSet(string(withoutMark(jwks)))
	if err != nil {
		return nil, nil, fmt.Errorf("oidc: JWKS: %w", err)
	}
	keys := make(StaticKeys, len(parsed))
	for i, k := range parsed {
		keys[i] = Key{ID: k.ID, Alg: k.Alg, Public: k.Public}
	}
	return keys, unusable, nil
}
