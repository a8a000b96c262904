package strictjson

import "math/bits"

// special returns the offset of the first special byte of a string at or after i: a quote, a backslash or a control
// character; len(s) when there is none.
//
// Eight bytes at a time: strings are most of a token, and this loop most of the work.
func special(s string, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(s); i += 8 {
		t := s[i : i+8]
		x := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
			uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		quote, slash := x^ones*'"', x^ones*'\\'
		// The lowest marked byte is always correct; bytes above it may be marked by its borrow.
		marks := ((x-ones*' ')&^x | (quote-ones)&^quote | (slash-ones)&^slash) & highs
		if marks != 0 {
			return i + bits.TrailingZeros64(marks)/8
		}
	}
	for i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= ' ' {
		i++
	}
	return i
}
