// Package rocatest has a key for tests of packages that must refuse it.
package rocatest

import (
	"crypto/rsa"
	"math/big"
)

// Key returns a key of 2048 bits that signs normally, but can be factored: both primes are powers of 65537 modulo the
// product of the first 126 primes (CVE-2017-15361).
func Key() *rsa.PrivateKey {
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int), E: 65537}, D: new(big.Int)}
	for _, text := range []string{
		"dc85040972a80145826c041d47b16d3d0862bbbdd667e8974c8a87920cbf5b27dd750fdd3411227187fc33342e61413de5c036fd92f991755008fa2c7d3350275c9d3c67fe45390c72821c62b0e84143bf8ced57b7a26542445df4a4ba9f01305c26e18ba7c1d015d3f9d37c3325ef389adecf67e983c98982e77b3026d027e9",
		"e9eb98fc852cb0bff87b08f904beb8540cf3807d0958cddcfe806b7070e6b1252e1b1e905d4ab4139f95b227a15d1548e96fdf9a258b2547d13e19b6c1948609e85fc3987d57aebf8126e2de6af2b6058b74428e1a1b9287cd7c1c04f4c247400b03ace4f93da9cc7b72946a45cff8e8daa380b6b7d8cbff5fcc3afa85d444b7",
	} {
		prime, _ := new(big.Int).SetString(text, 16)
		key.Primes = append(key.Primes, prime)
	}
	p, q, one := key.Primes[0], key.Primes[1], big.NewInt(1)
	key.N.Mul(p, q)
	key.D.ModInverse(big.NewInt(65537), new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)))
	key.Precompute()
	return key
}
