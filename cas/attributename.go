package cas

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// attributeName returns the name of an attribute (CAS §2.5.7) that Apereo's server encoded because no element can have
// it. That server writes _ and the hexadecimal UTF-8 of names with a colon or an at sign, and of no others. Any other
// name is unchanged.
func attributeName(name string) string {
	digits, encoded := strings.CutPrefix(name, "_")
	if !encoded {
		return name
	}
	text, err := hex.DecodeString(digits)
	if err != nil || !bytes.ContainsAny(text, ":@") || !utf8.Valid(text) || bytes.ContainsFunc(text, unicode.IsControl) ||
		hex.EncodeToString(text) != digits {
		return name
	}
	return string(text)
}
