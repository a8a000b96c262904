package authorize

import "strings"

// HasWord reports whether a space-separated list, such as a scope or a response type, has a word (RFC 6749 §3.1.1, §3.3).
func HasWord(list, word string) bool {
	if !strings.Contains(list, word) { // the usual case, and cheap
		return false
	}
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}
