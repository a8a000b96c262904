package idptest

import (
	"encoding/xml"
	"strings"
)

// EscapeXML writes a value as XML text; it fits an attribute too.
func EscapeXML(value string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(value)) // a strings.Builder does not fail
	return b.String()
}
