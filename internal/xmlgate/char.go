package xmlgate

import (
	"strings"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// checkChars refuses what is not UTF-8, and the characters above ASCII that XML forbids. Control characters are refused
// where they are read. It returns the offset of the first one, or -1 (XML 1.0 §2.2).
//
// U+FEFF is a character like others, but where Parse skips it as a byte order mark.
func checkChars(s string, from int) int {
	if !utf8.ValidString(s) {
		for i, r := range s {
			if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
				return i
			}
		}
	}
	for i := from; ; i += 3 {
		next := strings.IndexByte(s[i:], 0xEF)
		if next < 0 {
			return -1
		}
		i += next
		if rest := s[i:]; strings.HasPrefix(rest, "\uFFFE") || strings.HasPrefix(rest, "\uFFFF") {
			return i
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isBlank(s string) bool {
	for i := range len(s) {
		if !isSpace(s[i]) {
			return false
		}
	}
	return true
}

func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// isChar tells whether a character reference may name r (XML 1.0 §2.2).
func isChar(r uint32) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}
