package xmlgate

import "math/bits"

// The scans look at eight bytes at once. A byte that is searched for leaves its top bit set. Bits above the lowest set
// one may be wrong, so only the lowest is used. Two bytes that differ in one bit are searched for together, without
// that bit.
const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// load returns the eight bytes at the start of s, the first one lowest.
func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// valueEnd returns the offset of the first byte from i that needs a closer look in an attribute's value: its
// quote, &, < or a control character; len(s) when there is none.
func valueEnd(s string, i int, quote byte) int {
	drop, want := uint64(ones*('&'-'"')), uint64(ones*'"')
	if quote == '\'' {
		drop, want = ones*('\''-'&'), ones*'&'
	}
	for ; i+8 <= len(s); i += 8 {
		w := load(s[i:])
		a, b := w&^drop^want, w^ones*'<'
		if found := ((a-ones)&^a | (b-ones)&^b | (w-ones*' ')&^w) & tops; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c == quote || c == '&' || c == '<' || c < ' ' {
			break
		}
	}
	return i
}

// textEnd returns the offset of the first byte from i that needs a closer look in character data: <, >, & or a
// control character; len(s) when there is none.
func textEnd(s string, i int) int {
	const drop, want = ones * ('>' - '<'), ones * '<'
	for ; i+8 <= len(s); i += 8 {
		w := load(s[i:])
		a, b := w&^drop^want, w^ones*'&'
		if found := ((a-ones)&^a | (b-ones)&^b | (w-ones*' ')&^w) & tops; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c == '<' || c == '>' || c == '&' || c < ' ' {
			break
		}
	}
	return i
}
