package challenge

import "strings"

// IsWordList reports whether s is a list as scope and acr_values are: every word can stand in a quoted string without an
// escape (RFC 6750 §3, RFC 6749 §3.3).
func IsWordList(s string) bool {
	for word := range strings.SplitSeq(s, " ") {
		if !IsWord(word) {
			return false
		}
	}
	return true
}

// IsWord reports whether s is one word of such a list.
func IsWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '"' || c == '\\' })
}
