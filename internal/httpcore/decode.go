package httpcore

import (
	"html"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// piece is one decoded byte of a text, and its position.
type piece struct {
	c byte
	span
}

func plain(text string) []piece {
	all := make([]piece, len(text))
	for i := range len(text) {
		all[i] = piece{text[i], span{i, i + 1}}
	}
	return all
}

// visible removes invisible characters: line breaks, as in base64 of many lines, and all that are not printable.
func visible(in []piece) []piece {
	if !slices.ContainsFunc(in, func(p piece) bool { return p.c < ' ' || p.c > '~' }) {
		return in
	}
	out := make([]piece, 0, len(in))
	for i := 0; i < len(in); {
		r, size := utf8.DecodeRuneInString(text(in[i:min(i+utf8.UTFMax, len(in))]))
		if unicode.IsPrint(r) {
			out = append(out, in[i:i+size]...)
		}
		i += size
	}
	return out
}

// decode undoes one layer of escapes: %41, &#65; &#x41; &amp; also without the semicolon, \u0041, \x41, \/.
func decode(in []piece) (out []piece, changed bool) {
	out = make([]piece, 0, len(in))
	for i := 0; i < len(in); {
		n, meaning := 0, ""
		switch in[i].c {
		case '%':
			n, meaning = hexByte(in[i:], 1)
		case '&':
			n, meaning = entity(in[i:])
		case '\\':
			n, meaning = backslash(in[i:])
		}
		if n == 0 {
			out = append(out, in[i])
			i++
			continue
		}
		changed = true
		for k := range len(meaning) {
			out = append(out, piece{meaning[k], span{in[i].from, in[i+n-1].to}})
		}
		i += n
	}
	return out, changed
}

func text(in []piece) string {
	b := make([]byte, len(in))
	for i := range in {
		b[i] = in[i].c
	}
	return string(b)
}

// hexByte reads two digits after a mark of n bytes.
func hexByte(in []piece, n int) (int, string) {
	if len(in) < n+2 {
		return 0, ""
	}
	c, err := strconv.ParseUint(text(in[n:n+2]), 16, 8)
	if err != nil {
		return 0, ""
	}
	return n + 2, string([]byte{byte(c)})
}

const longestEntity = 40

func entity(in []piece) (int, string) {
	n := 1
	for n < len(in) && n < longestEntity && isEntityByte(in[n].c) {
		n++
	}
	if n < len(in) && in[n].c == ';' {
		n++
	}
	name := text(in[:n])
	if meaning := html.UnescapeString(name); meaning != name {
		return n, meaning
	}
	return 0, ""
}

func isEntityByte(c byte) bool {
	return c == '#' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func backslash(in []piece) (int, string) {
	if len(in) < 2 {
		return 0, ""
	}
	switch c := in[1].c; c {
	case '/', '"', '\\', '\'':
		return 2, string([]byte{c})
	case 'n':
		return 2, "\n"
	case 'r':
		return 2, "\r"
	case 't':
		return 2, "\t"
	case 'x':
		return hexByte(in, 2)
	case 'u':
		r, ok := unit(in)
		if !ok {
			return 0, ""
		}
		if low, ok := unit(in[6:]); ok && utf16.IsSurrogate(r) {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return 12, string(pair)
			}
		}
		return 6, string(r)
	}
	return 0, ""
}

// unit reads \u0041.
func unit(in []piece) (rune, bool) {
	if len(in) < 6 || in[0].c != '\\' || in[1].c != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text(in[2:6]), 16, 16)
	return rune(n), err == nil
}
