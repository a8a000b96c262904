package xmldsig

import (
	"encoding/base64"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// maxEncoded is the longest digest or signature, with its white space.
const maxEncoded = 16 << 10

// decode reads the base64 that is the whole content of e (XML Signature 1.1 §4.3, §4.4.3.6). Only white space is ignored.
func decode(e xmlgate.Element) ([]byte, bool) {
	text, ok := e.Text()
	if !ok || len(text) > maxEncoded {
		return nil, false
	}
	if strings.ContainsAny(text, " \t\r\n") {
		text = strings.Map(func(r rune) rune {
			if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
				return -1
			}
			return r
		}, text)
	}
	out, err := base64.StdEncoding.Strict().DecodeString(text)
	return out, err == nil && len(out) > 0
}
