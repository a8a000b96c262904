package xmlgate

import "strings"

// reference returns the length of the reference at the start of s, which begins with &, and its character. The length is
// 0 when it is neither one of the five entities nor a character reference (XML 1.0 §4.1, §4.6).
func reference(s string) (size int, r rune) {
	end := strings.IndexByte(s[:min(len(s), 16)], ';')
	if end < 0 {
		return 0, 0
	}
	switch name := s[1:end]; name {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		n, ok := charNumber(name)
		if !ok {
			return 0, 0
		}
		r = n
	}
	return end + 1, r
}

// charNumber reads #123 or #x1aF.
func charNumber(s string) (rune, bool) {
	if len(s) < 2 || s[0] != '#' {
		return 0, false
	}
	s = s[1:]
	base := uint32(10)
	if s[0] == 'x' {
		s, base = s[1:], 16
	}
	var n uint32
	for i := range len(s) {
		var d uint32
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			d = uint32(c - '0')
		case base == 16 && 'a' <= c && c <= 'f':
			d = uint32(c-'a') + 10
		case base == 16 && 'A' <= c && c <= 'F':
			d = uint32(c-'A') + 10
		default:
			return 0, false
		}
		if n = n*base + d; n > 0x10FFFF {
			return 0, false
		}
	}
	return rune(n), s != "" && isChar(n)
}

// unescape replaces the references of a checked text and its line ends (XML 1.0 §2.11). In an attribute, white space
// becomes spaces, but white space from references is kept (§3.3.3).
func unescape(s string, attribute bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '&':
			size, r := reference(s[i:])
			b.WriteRune(r)
			i += size - 1
		case c == '\r' && i+1 < len(s) && s[i+1] == '\n':
			// The line feed that follows is kept for both.
		case attribute && isSpace(c):
			b.WriteByte(' ')
		case c == '\r':
			b.WriteByte('\n')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func lineEnds(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
