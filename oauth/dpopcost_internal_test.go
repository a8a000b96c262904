//go:build !race

// The race detector empties pools at random, so nothing is counted there.

package oauth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// proofCase is the bare signature of a proof, and the whole proof with all its claims.
func proofCase(t testing.TB, key crypto.Signer) (signature, proof func()) {
	t.Helper()
	d, err := NewDPoP(DPoPOptions{Signer: key})
	require.NoError(t, err)
	u, err := url.Parse("https://api.example/orders?page=2")
	require.NoError(t, err)
	digest, options := make([]byte, 32), crypto.SignerOpts(crypto.SHA256)
	if _, ok := key.(ed25519.PrivateKey); ok {
		digest, options = make([]byte, 400), crypto.Hash(0) // Ed25519 signs the whole text
	}
	return func() { _, _ = key.Sign(rand.Reader, digest, options) },
		func() { _, _ = d.state.sign(newProofOf("GET", u, "AT"), "nonce-1") }
}

func proofKeys(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return map[string]crypto.Signer{"ES256": ec, "EdDSA": ed}
}

// What a proof allocates besides its signature. With another Go it may be less.
func TestProofAllocations(t *testing.T) {
	for alg, key := range proofKeys(t) {
		signature, proof := proofCase(t, key)
		assert.LessOrEqual(t, testing.AllocsPerRun(200, proof)-testing.AllocsPerRun(200, signature), map[string]float64{"ES256": 8, "EdDSA": 5}[alg], alg)
	}
}

// A proof must cost at most 1.2 times its signature. The metric is the ratio of the fastest rounds, which take turns, so
// that other work on the machine counts for nothing.
func BenchmarkProof(b *testing.B) {
	for alg, key := range proofKeys(b) {
		b.Run(alg, func(b *testing.B) {
			signature, proof := proofCase(b, key)
			b.ReportAllocs()
			best := [2]time.Duration{1 << 62, 1 << 62}
			for b.Loop() {
				for i, f := range []func(){signature, proof} {
					begin := time.Now()
					for range 8 {
						f()
					}
					best[i] = min(best[i], time.Since(begin))
				}
			}
			b.ReportMetric(float64(best[1])/float64(best[0]), "x-signature")
		})
	}
}
