package jose

import (
	"encoding/base64"
	"strings"
)

// strict is made once, because Strict makes a new copy at each call.
var strict = base64.RawURLEncoding.Strict()

// exact reports whether the n bytes that were decoded from s are all of it: encoding/base64 skips line breaks.
func exact(n int, s string) bool { return len(s)%4 != 1 && n == strict.DecodedLen(len(s)) }

// decode appends the bytes that s encodes to b (RFC 7515 §2: base64url, no padding, no line breaks, no spare bits).
func decode(b *strings.Builder, s string) bool {
	// Through the stack, so that the builder makes the only allocation.
	var chunk [768]byte
	rest, before := s, b.Len()
	for len(rest) > 1024 {
		n, err := strict.Decode(chunk[:], []byte(rest[:1024]))
		if err != nil {
			return false
		}
		b.Write(chunk[:n])
		rest = rest[1024:]
	}
	n, err := strict.Decode(chunk[:], []byte(rest))
	b.Write(chunk[:n])
	return err == nil && exact(b.Len()-before, s)
}

// decodeBytes is decode for bytes that are not kept as text.
func decodeBytes(out []byte, s string) ([]byte, bool) {
	before := len(out)
	out, err := strict.AppendDecode(out, []byte(s))
	return out, err == nil && exact(len(out)-before, s)
}

// notBase64 says what is wrong with the text of a number in a key; "" when it is correct.
func notBase64(text string) string {
	if strings.HasSuffix(text, "=") {
		return "ends with padding (=), which RFC 7515 §2 leaves out"
	}
	if b, err := base64.RawURLEncoding.DecodeString(text); err != nil || !exact(len(b), text) {
		return "is not base64url"
	}
	return ""
}
