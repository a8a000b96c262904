package xsd

import (
	"strings"
	"unicode/utf8"
)

// IsLine tells whether s is one line of text that XML can hold (XML 1.0 §2.2).
func IsLine(s string) bool { return isText(s, "") }

// IsText tells whether s is text that XML can hold: with tabs and line ends.
func IsText(s string) bool { return isText(s, "\t\n\r") }

func isText(s, control string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r < ' ' && !strings.ContainsRune(control, r) || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}
