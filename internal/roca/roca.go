// Package roca knows the RSA keys that one maker's library drew from so few primes that anybody can factor them
// (CVE-2017-15361).
//
// Each of its primes is a power of 65537 modulo the product of the first small primes, and so is the modulus. That leaves
// a mark: modulo each small prime the modulus stands in the subgroup that 65537 makes. By chance one modulus in 240
// million bears it.
package roca

import (
	"math/big"
	"math/bits"
)

// subgroups are the primes up to 167 modulo which the powers of 65537 are not all there is, and how many they are.
// Longer keys are marked by larger primes as well, but all of them by these.
var subgroups = [...]struct{ prime, order uint }{
	{11, 2}, {13, 6}, {17, 8}, {19, 9}, {37, 3}, {53, 26}, {61, 20}, {71, 35}, {73, 24}, {79, 13}, {97, 6}, {103, 51},
	{107, 53}, {109, 54}, {127, 42}, {151, 50}, {157, 78},
}

// few is the product of the first primes of subgroups. It fits in a word of 32 bits, so that one division of the modulus
// answers for all of them; one sound key in a thousand needs more.
const few = 11 * 13 * 17 * 19 * 37 * 53

// Marked reports whether n, the modulus of an RSA key, bears the mark.
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
		// In a cyclic group the elements of the one subgroup of this order are those that it makes one.
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
