package oidc

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// EncryptionKeys implements EncryptionKeySet. When no key fits, the set is fetched again, as for an unknown kid: the server
// may just have published one (OpenID Connect Core §10.2.1).
func (r *remoteKeys) EncryptionKeys(ctx context.Context, alg string) ([]Key, error) {
	s, err := r.current(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(s.encryption, func(k Key) bool { return fitsEncryption(k, alg) }) {
		if s, err = r.miss(ctx, s); err != nil {
			return nil, err
		}
	}
	return s.encryption, nil
}

// readEncryption adds the keys for encryption, where the client encrypts. refusal is that of the same set's other keys: a set
// without any is none here, since a server that signs with the client's secret publishes no other.
func (s *keySnapshot) readEncryption(jwks string, refusal error) error {
	parsed, skipped, err := jose.ParseEncryptionSet(strings.TrimPrefix(jwks, "\ufeff"))
	if err != nil {
		return fmt.Errorf("oidc: JWKS: %w", err)
	}
	s.skipped = skipped
	for _, k := range parsed {
		s.encryption = append(s.encryption, Key{ID: strings.Clone(k.ID), Alg: strings.Clone(k.Alg), Public: k.Public})
	}
	if len(parsed) == 0 {
		return refusal
	}
	return nil
}
