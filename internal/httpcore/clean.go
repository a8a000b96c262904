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

// Clean prepares text from outside for an error: it replaces secrets, however they are escaped, escapes control
// characters, and cuts to 256 bytes. With a secret of less than 8 bytes it replaces the whole text: many replacements
// would reveal a short secret. For the same reason texts of this library are not searched.
func Clean(text string, secrets ...string) string {
	text = hide(text, secrets)
	var b strings.Builder
	cut := 0 // where to cut the text when it is too long
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

// Quote quotes at most 32 characters of an option's value for an error: it may be a secret in the wrong field.
func Quote(value string) string {
	n := 0
	for i := range value {
		if n++; n > maxQuote {
			return strconv.Quote(value[:i] + ellipsis)
		}
	}
	return strconv.Quote(value)
}

// CleanWord is Clean for a word that programs compare, such as an error code: it stays unchanged when it contains no
// secret, also with a secret of less than 8 bytes.
func CleanWord(word string, secrets ...string) string {
	if len(word) <= maxWord && len(find(word, secrets, false)) == 0 {
		return Clean(word)
	}
	return Clean(word, secrets...)
}

const maxWord = 64
