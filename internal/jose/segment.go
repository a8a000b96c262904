package jose

import (
	"encoding/base64"
	"strings"
)

// strict is made once, because Strict makes a new copy at each call.
var strict = base64.RawURLEncoding.Strict()

// wellFormed reports whether s holds no line break, which encoding/base64 would skip.
func wellFormed(s string) bool {
	return strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0
}

// decode appends the bytes that s encodes to b (RFC 7515 §2: base64url, no padding, no line breaks, no spare bits).
func decode(b *strings.Builder, s string) bool {
	// Through the stack, so that the builder makes the only allocation.
	var chunk [768]byte
	for len(s) > 1024 {
		n, err := strict.Decode(chunk[:], []byte(s[:1024]))
		if err != nil {
			return false
		}
		b.Write(chunk[:n])
		s = s[1024:]
	}
	n, err := strict.Decode(chunk[:], []byte(s))
	b.Write(chunk[:n])
	return err == nil
}

// notBase64 says what is wrong with the text of a number in a key; "" when it is correct.
func notBase64(text string) string {
	if strings.HasSuffix(text, "=") {
		return "ends with padding (=), which RFC 7515 §2 leaves out"
	}
	if _, err := base64.RawURLEncoding.DecodeString(text); err != nil || !wellFormed(text) {
		return "is not base64url"
	}
	return ""
}
