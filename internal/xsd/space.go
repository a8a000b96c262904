package xsd

import (
	"slices"
	"strings"
)

const space = " \t\r\n" // XML 1.0 §2.3

// Trim cuts white space from both ends.
func Trim(s string) string { return strings.Trim(s, space) }

// HasToken tells whether a list of tokens, which white space separates, has this token.
func HasToken(list, token string) bool {
	return slices.Contains(strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(space, r) }), token)
}
