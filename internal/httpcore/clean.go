package httpcore

import (
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

// Clean makes text from outside fit for an error: secrets replaced, however they are escaped, control characters
// escaped, at most 256 bytes. With a secret of less than 8 bytes nothing of the text is left: what is replaced in
// so many places would tell the secret. Our own words are never searched, for the same reason.
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

const maxQuote = 32

// Quote quotes the value of an option for an error, at most 32 characters of it: it may be a secret that was put
// into the wrong field.
func Quote(value string) string {
	n := 0
	for i := range value {
		if n++; n > maxQuote {
			return strconv.Quote(value[:i] + ellipsis)
		}
	}
	return strconv.Quote(value)
}

// CleanWord is Clean for a word that programs compare, such as an error code: it stays as it is when it spells no
// secret, also with one of less than 8 bytes.
func CleanWord(word string, secrets ...string) string {
	if len(word) <= maxWord && len(find(word, secrets, false)) == 0 {
		return Clean(word)
	}
	return Clean(word, secrets...)
}

const maxWord = 64
