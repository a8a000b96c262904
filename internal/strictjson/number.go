package strictjson

import "math"

// number checks the number that begins at i (RFC 8259 §6).
func (p *parser) number(i int) int {
	s := p.s
	if s[i] == '-' {
		i++
	}
	start := i
	if i = skipDigits(s, i); i == start || s[start] == '0' && i > start+1 {
		return p.fail(Syntax, start)
	}
	if i < len(s) && s[i] == '.' {
		start = i + 1
		if i = skipDigits(s, start); i == start {
			return p.fail(Syntax, i)
		}
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		start = i + 1
		if start < len(s) && (s[start] == '+' || s[start] == '-') {
			start++
		}
		if i = skipDigits(s, start); i == start {
			return p.fail(Syntax, i)
		}
	}
	return i
}

func skipDigits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// integer returns the whole part of a checked number, exactly: no float is involved.
func integer(s string) (int64, bool) {
	negative := s[0] == '-'
	if negative {
		s = s[1:]
	}
	whole := skipDigits(s, 0)
	digits, fraction := s[:whole], ""
	rest := s[whole:]
	if rest != "" && rest[0] == '.' {
		end := skipDigits(rest, 1)
		fraction, rest = rest[1:end], rest[end:]
	}
	point := whole
	if rest != "" {
		point += exponent(rest[1:])
	}
	var n uint64
	size := 0
	for i := 0; i < point; i++ {
		var d byte
		switch {
		case i < whole:
			d = digits[i] - '0'
		case i < whole+len(fraction):
			d = fraction[i-whole] - '0'
		case n == 0:
			return 0, true
		}
		// Nineteen digits always fit in a uint64, twenty may overflow.
		if size == 19 {
			return 0, false
		}
		if n = n*10 + uint64(d); n > 0 {
			size++
		}
	}
	switch {
	case negative && n <= -math.MinInt64:
		return int64(-n), true
	case !negative && n <= math.MaxInt64:
		return int64(n), true
	}
	return 0, false
}

// exponent reads a signed number and stops growing far above any length a text can have.
func exponent(s string) int {
	negative := s[0] == '-'
	if negative || s[0] == '+' {
		s = s[1:]
	}
	n := 0
	for i := 0; i < len(s) && n < 1<<27; i++ {
		n = n*10 + int(s[i]-'0')
	}
	if negative {
		return -n
	}
	return n
}
