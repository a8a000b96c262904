package roca

import (
	"crypto/rand"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// marked are moduli as in CVE-2017-15361: of 2048 bits, with primes that are powers of 65537 modulo the product of
// the first 126 primes, and of 1024 bits with 71.
func marked(t *testing.T) []*big.Int {
	t.Helper()
	var moduli []*big.Int
	for _, pair := range [][2]string{
		{"dc85040972a80145826c041d47b16d3d0862bbbdd667e8974c8a87920cbf5b27dd750fdd3411227187fc33342e61413de5c036fd92f991755008fa2c7d3350275c9d3c67fe45390c72821c62b0e84143bf8ced57b7a26542445df4a4ba9f01305c26e18ba7c1d015d3f9d37c3325ef389adecf67e983c98982e77b3026d027e9",
			"e9eb98fc852cb0bff87b08f904beb8540cf3807d0958cddcfe806b7070e6b1252e1b1e905d4ab4139f95b227a15d1548e96fdf9a258b2547d13e19b6c1948609e85fc3987d57aebf8126e2de6af2b6058b74428e1a1b9287cd7c1c04f4c247400b03ace4f93da9cc7b72946a45cff8e8daa380b6b7d8cbff5fcc3afa85d444b7"},
		{"e06a04338691903465adad1486700820fc6f0e78bf2c1fdaf814b99e973a5effce295745bfbcc98cbdf90dac948f666eece101a5614605737a102f3448b61cd5",
			"d2b2f2d1e8a5b57498bffa46f4241b9b6be5a20c63b0955bbff42f852276a22d66e0b4f51ebff835ca130d7d4671af83f2bd0e9d29e4b4ff2c4b3f06d5451d59"},
	} {
		p, _ := new(big.Int).SetString(pair[0], 16)
		q, _ := new(big.Int).SetString(pair[1], 16)
		require.True(t, p.ProbablyPrime(20) && q.ProbablyPrime(20))
		moduli = append(moduli, p.Mul(p, q))
	}
	return moduli
}

func TestMarked(t *testing.T) {
	t.Parallel()
	all := big.NewInt(1)
	for _, g := range subgroups {
		all.Mul(all, big.NewInt(int64(g.prime)))
	}
	for _, n := range marked(t) {
		assert.True(t, Marked(n))
		assert.True(t, Marked(new(big.Int).Add(n, all)), "only this is the mark")
		for _, g := range subgroups {
			// The same modulus with another remainder modulo one prime.
			step := new(big.Int).Div(all, big.NewInt(int64(g.prime)))
			inside, outside := 0, 0
			for i := range int64(g.prime) {
				twin := new(big.Int).Add(n, new(big.Int).Mul(step, big.NewInt(i)))
				if Marked(twin) {
					inside++
				} else {
					outside++
				}
			}
			assert.Equal(t, int(g.order), inside, "modulo %d", g.prime)
			assert.Equal(t, int(g.prime-g.order), outside, "modulo %d", g.prime)
		}
	}
}

func TestNotMarked(t *testing.T) {
	t.Parallel()
	for range 4 {
		p, err := rand.Prime(rand.Reader, 512)
		require.NoError(t, err)
		q, err := rand.Prime(rand.Reader, 512)
		require.NoError(t, err)
		assert.False(t, Marked(p.Mul(p, q)))
	}
	for _, n := range []*big.Int{nil, {}, big.NewInt(-1), big.NewInt(2), big.NewInt(few), new(big.Int).Neg(marked(t)[0])} {
		assert.False(t, Marked(n))
	}
}

// The table is correct: for every smaller prime that is not in it, 65537 generates the whole group.
func TestSubgroups(t *testing.T) {
	t.Parallel()
	orders := map[uint]uint{}
	for _, g := range subgroups {
		orders[g.prime] = g.order
	}
	for p := uint(3); p <= 167; p++ {
		if !big.NewInt(int64(p)).ProbablyPrime(20) {
			continue
		}
		order, at := uint(1), 65537%p
		for ; at != 1; order++ {
			at = at * 65537 % p
		}
		if want, there := orders[p]; there {
			assert.Equal(t, want, order, p)
		} else {
			assert.Equal(t, p-1, order, p)
		}
	}
}

func BenchmarkMarked(b *testing.B) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 2048))
	require.NoError(b, err)
	for b.Loop() {
		Marked(n)
	}
}
