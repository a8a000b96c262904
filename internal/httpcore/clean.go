package httpcore

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxText  = 256
	ellipsis = "…"
	hidden   = "[redacted]"
)

// Clean makes text from outside fit for an error: secrets replaced (also where they are written with
// percent escapes), control characters escaped, at most 256 bytes.
func Clean(text string, secrets ...string) string {
	text = hide(text, secrets)
	var b strings.Builder
	cut := 0 // where the text ends if there is more than fits
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(text[i])|0x100, 16)[1:])
		case unicode.IsPrint(r):
			b.WriteString(text[i : i+size])
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		if b.Len() > maxText {
			return b.String()[:cut] + ellipsis
		}
		if b.Len() <= maxText-len(ellipsis) {
			cut = b.Len()
		}
		i += size
	}
	return b.String()
}

// hide replaces every secret, the longest first: one that begins another must not leave the other's
// end in sight. It stops where Clean cuts: a server that echoes the beginning of a long secret over and
// over would make it compare for hours.
func hide(text string, secrets []string) string {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return s == "" })
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	if len(secrets) == 0 {
		return text
	}
	var b strings.Builder
next:
	for i := 0; i < len(text) && b.Len() <= maxText+utf8.UTFMax; {
		for _, s := range secrets {
			if n := echo(text[i:], s); n > 0 {
				b.WriteString(hidden)
				i += n
				continue next
			}
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// echo returns how many bytes at the start of text spell secret, each of its bytes either plain or as
// a percent escape in any case, a space also as a plus; 0 when they do not.
func echo(text, secret string) int {
	i := 0
	for j := range len(secret) {
		c := secret[j]
		switch {
		case i+2 < len(text) && text[i] == '%' && isEscape(text[i+1:i+3], c):
			i += 3
		case i < len(text) && (text[i] == c || text[i] == '+' && c == ' '):
			i++
		default:
			return 0
		}
	}
	return i
}

func isEscape(hex string, c byte) bool {
	n, err := strconv.ParseUint(hex, 16, 8)
	return err == nil && byte(n) == c
}
