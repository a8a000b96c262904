//go:build !race

package jose_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// Not with the race detector, where sync.Pool forgets at random.
func TestAllocationsPerToken(t *testing.T) {
	// Allocations in addition to those of crypto/*: the payload, and for ES256 the digest and the converted
	// signature.
	for alg, above := range map[string]float64{"RS256": 2, "PS256": 3, "ES256": 3, "EdDSA": 1, "HS256": 1} {
		raw := sign(t, alg, payload)
		bare, whole := limit(t, alg, raw), ours(t, alg, raw, &jose.HeaderCache{})
		require.True(t, bare())
		require.True(t, whole())
		assert.LessOrEqual(t, testing.AllocsPerRun(20, func() { whole() }), above+testing.AllocsPerRun(20, func() { bare() }), alg)
	}
}
