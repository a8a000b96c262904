package jose_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/roca/rocatest"
)

func TestI32KeyThatCanBeFactored(t *testing.T) {
	t.Parallel()
	weak, sound := rocatest.Key(), private()["RS256"].(*rsa.PrivateKey)
	require.NoError(t, weak.Validate())
	require.Equal(t, sound.N.BitLen(), weak.N.BitLen())
	for _, alg := range []string{"RS256", "RS512", "PS256"} {
		assert.False(t, jose.Fits(alg, weak.Public()))
		assert.True(t, jose.Fits(alg, sound.Public()), "the accepted twin")
	}
	raw := signRSA(t, weak)
	assert.ErrorIs(t, verify(t, raw, "RS256", weak.Public()), jose.BadKey)
	assert.NoError(t, verify(t, signRSA(t, sound), "RS256", sound.Public()))
	_, _, err := jose.ParseSet(set(jwk(t, weak.Public(), map[string]any{"kid": "card"})))
	require.EqualError(t, err, `jose: key: the key set holds no key that can verify: kid "card": n can be factored (CVE-2017-15361)`)
	keys, _, err := jose.ParseSet(set(jwk(t, weak.Public(), nil), jwk(t, sound.Public(), nil)))
	require.NoError(t, err)
	require.Len(t, keys, 1)
	assert.True(t, sound.PublicKey.Equal(keys[0].Public))
}

// signRSA makes an RS256 token.
func signRSA(t *testing.T, key *rsa.PrivateKey) string {
	t.Helper()
	input := b64(`{"alg":"RS256"}`) + "." + b64(payload)
	return input + "." + b64(string(rsaSignature(key.N, key.Primes, input)))
}

// rsaSignature is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.1) for any number of primes.
func rsaSignature(n *big.Int, primes []*big.Int, input string) []byte {
	digest := sha256.Sum256([]byte(input))
	size := (n.BitLen() + 7) / 8
	padded := make([]byte, 0, size)
	info := []byte("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20")
	padded = append(padded, 0, 1)
	for range size - 3 - len(info) - len(digest) {
		padded = append(padded, 0xff)
	}
	padded = append(append(append(padded, 0), info...), digest[:]...)
	m, s, product, one := new(big.Int).SetBytes(padded), new(big.Int), big.NewInt(1), big.NewInt(1)
	for _, p := range primes { // Chinese remainders, one prime after the other
		d := new(big.Int).ModInverse(big.NewInt(65537), new(big.Int).Sub(p, one))
		part := new(big.Int).Exp(new(big.Int).Mod(m, p), d, p)
		step := part.Sub(part, s)
		step.Mul(step, new(big.Int).ModInverse(product, p)).Mod(step, p)
		s.Add(s, step.Mul(step, product))
		product.Mul(product, p)
	}
	return s.FillBytes(make([]byte, size))
}

// bigKey makes an RSA key of many primes: two large ones would take minutes to find.
func bigKey(t *testing.T, bits int) (*big.Int, []*big.Int) {
	t.Helper()
	n, primes := big.NewInt(1), []*big.Int{}
	for n.BitLen() < bits-512 {
		p, err := rand.Prime(rand.Reader, 384)
		require.NoError(t, err)
		n.Mul(n, p)
		primes = append(primes, p)
	}
	last := new(big.Int).Lsh(big.NewInt(3), uint(bits-2)) // between the half and the whole of what fits
	for last.Div(last, n).SetBit(last, 0, 1); !last.ProbablyPrime(8); last.Add(last, big.NewInt(2)) {
	}
	n.Mul(n, last)
	require.Equal(t, bits, n.BitLen())
	return n, append(primes, last)
}

// A key is read and used up to the limit of Fits, and not one byte beyond it.
func TestI32LargeKeys(t *testing.T) {
	t.Parallel()
	for bits, ok := range map[int]bool{4096: true, 4104: true, 16384: true, 16385: false, 16392: false} {
		n, primes := bigKey(t, bits)
		key := &rsa.PublicKey{N: n, E: 65537}
		assert.Equal(t, ok, jose.Fits("RS256", key), bits)
		input := b64(`{"alg":"RS256"}`) + "." + b64(payload)
		raw := input + "." + b64(string(rsaSignature(n, primes, input)))
		keys, _, err := jose.ParseSet(`{"keys":[{"kty":"RSA","n":"` + b64(string(n.Bytes())) + `","e":"AQAB"}]}`)
		if !ok {
			assert.ErrorIs(t, err, jose.BadKey)
			assert.ErrorContains(t, err, "want 2048 to 16384 bits")
			assert.ErrorIs(t, verify(t, raw, "RS256", key), jose.BadKey)
			continue
		}
		require.NoError(t, err, bits)
		require.Len(t, keys, 1)
		assert.NoError(t, verify(t, raw, "RS256", keys[0].Public), bits)
	}
}

func TestI32SmallKeys(t *testing.T) {
	t.Parallel()
	for bits, ok := range map[int]bool{2040: false, 2047: false, 2048: true} {
		n, _ := bigKey(t, bits)
		assert.Equal(t, ok, jose.Fits("PS256", &rsa.PublicKey{N: n, E: 65537}), bits)
		_, _, err := jose.ParseSet(`{"keys":[{"kty":"RSA","n":"` + b64("\x00"+string(n.Bytes())) + `","e":"AAEAAQ"}]}`)
		assert.Equal(t, ok, err == nil, bits)
	}
	sound := private()["RS256"].(*rsa.PrivateKey)
	for e, ok := range map[int]bool{-3: false, 0: false, 1: false, 2: false, 3: true, 4: false, 5: true, 65537: true} {
		assert.Equal(t, ok, jose.Fits("RS256", &rsa.PublicKey{N: sound.N, E: e}), e)
	}
	for e, ok := range map[string]bool{"\x03": true, "\x7f\xff\xff\xff": true, "\x80\x00\x00\x01": false, "": false, "\x01": false} {
		_, _, err := jose.ParseSet(`{"keys":[{"kty":"RSA","n":"` + b64(string(sound.N.Bytes())) + `","e":"` + b64(e) + `"}]}`)
		assert.Equal(t, ok, err == nil, "%x", e)
	}
}
