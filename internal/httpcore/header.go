package httpcore

import (
	"slices"
	"strings"
)

// validName reports whether s is a header field name (RFC 9110 §5.1).
func validName(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

// validValue reports whether s may be the value of a header field (RFC 9110 §5.5).
func validValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

func allValid(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !validValue(v) })
}
