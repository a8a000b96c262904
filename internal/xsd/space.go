package xsd

import (
	"slices"
	"strings"
)

const space = " \t\r\n" // XML 1.0 §2.3

// Trim cuts white space from both ends.
func Trim(s string) string { return strings.Trim(s, space) }

// Collapse is the value of a text whose type collapses white space, such as xs:anyURI and xs:NCName: none at the ends,
// and one space for every run between (XML Schema part 2 §4.3.6). Values of type xs:string stay as they are.
func Collapse(s string) string {
	s = Trim(s)
	if !strings.ContainsAny(s, space) {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, isSpace), " ")
}

// HasToken tells whether a list of tokens, which white space separates, has this token.
func HasToken(list, token string) bool {
	return slices.Contains(strings.FieldsFunc(list, isSpace), token)
}

func isSpace(r rune) bool { return strings.ContainsRune(space, r) }
