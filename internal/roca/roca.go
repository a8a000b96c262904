// Package roca recognizes the RSA keys of one maker's library, whose primes come from such a small set that the keys
// can be factored (CVE-2017-15361).
//
// Each of these primes is a power of 65537 modulo the product of the first small primes, and so is the modulus. This is
// a mark: modulo each small prime the modulus is in the subgroup that 65537 generates. One random modulus in 240
// million has it.
package roca

import (
	"math/big"
	"math/bits"
)

// subgroups are the primes up to 167 for which 65537 does not generate the whole group, with the size of its
// subgroup. Longer keys have the mark for larger primes too, but all keys have it for these.
var subgroups = [...]struct{ prime, order uint }{
	{11, 2}, {13, 6}, {17, 8}, {19, 9}, {37, 3}, {53, 26}, {61, 20}, {71, 35}, {73, 24}, {79, 13}, {97, 6}, {103, 51},
	{107, 53}, {109, 54}, {127, 42}, {151, 50}, {157, 78},
}

// few is the product of the first primes of subgroups. It fits in 32 bits, so one division of the modulus is enough
// for all of them; only one sound key in a thousand needs more.
const few = 11 * 13 * 17 * 19 * 37 * 53

// Marked reports whether n, the modulus of an RSA key, has the mark.
func Marked(n *big.Int) bool {
	if n == nil || n.Sign() <= 0 {
		return false
	}
	first := remainder(n, few)
	for _, g := range subgroups {
		r := first
		if few%g.prime != 0 {
			r = remainder(n, g.prime)
		}
		// In a cyclic group the elements of the subgroup of this order are those whose power by the order is one.
		if power(r%g.prime, g.order, g.prime) != 1 {
			return false
		}
	}
	return true
}

func remainder(n *big.Int, by uint) uint {
	var r uint
	words := n.Bits()
	for i := len(words) - 1; i >= 0; i-- {
		_, r = bits.Div(r, uint(words[i]), by)
	}
	return r
}

func power(base, exponent, modulus uint) uint {
	result := uint(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = result * base % modulus
		}
		base = base * base % modulus
	}
	return result
}
