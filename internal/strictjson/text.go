package strictjson

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str checks the string that begins at i and reports whether it has escapes (RFC 8259 §7).
func (p *parser) str(i int) (end int, escaped bool) {
	s := p.s
	for i = special(s, i+1); i < len(s); i = special(s, i) {
		switch s[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			escaped = true
			size := escapeSize(s[i:])
			if size == 0 {
				return p.fail(Syntax, i), false
			}
			i += size
		default:
			return p.fail(Syntax, i), false
		}
	}
	return p.fail(Syntax, i), false
}

// escapeSize returns the length of the escape at the start of s, 0 when there is none.
func escapeSize(s string) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(s); ok {
			return 6
		}
	}
	return 0
}

// hex4 reads the escape \uXXXX at the start of s.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// skipString is str for a checked text.
func skipString(s string, i int) (end int, escaped bool) {
	for i = special(s, i+1); s[i] != '"'; i = special(s, i) {
		escaped = true
		i += 2
	}
	return i + 1, escaped
}

// unescape decodes a checked text between its quotes.
//
// Half of a surrogate pair becomes U+FFFD, as in encoding/json: a refusal would refuse profiles that a phone cut in
// the middle of an emoji.
func unescape(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		if s[1] != 'u' {
			b.WriteByte(unescapeByte(s[1]))
			s = s[2:]
			continue
		}
		r, _ := hex4(s)
		s = s[6:]
		if utf16.IsSurrogate(r) {
			low, _ := hex4(s)
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				s = s[6:]
			}
		}
		b.WriteRune(r)
	}
}

// hasHalf reports whether a checked text has an escape that is half of a surrogate pair.
func hasHalf(s string) bool {
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			return false
		}
		s = s[i:]
		r, _ := hex4(s)
		if !utf16.IsSurrogate(r) {
			s = s[2:]
			continue
		}
		if low, _ := hex4(s[6:]); utf16.DecodeRune(r, low) == utf8.RuneError {
			return true
		}
		s = s[12:]
	}
}

func unescapeByte(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
