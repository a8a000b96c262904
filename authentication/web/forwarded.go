package web

import (
	"net/http"
	"strings"
)

// forwarded reports whether a header says that the request came through a proxy.
func forwarded(h http.Header) bool {
	for name := range h {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// forwardedHTTPS reports whether proxies say that the browser uses https. Each proxy appends its element, so the
// first element of the list is about the browser (RFC 7239 §4). X-Forwarded-Proto is used in the same way.
func forwardedHTTPS(h http.Header) bool {
	return strings.EqualFold(unquote(firstElement(h.Values("X-Forwarded-Proto"))), "https") ||
		strings.EqualFold(parameter(firstElement(h.Values("Forwarded")), "proto"), "https")
}

// firstElement returns the first element of a list header. Lines of one name are one list, and empty elements
// do not count (RFC 9110 §5.3, §5.6.1).
func firstElement(lines []string) string {
	for _, element := range split(strings.Join(lines, ","), ',') {
		if element = strings.Trim(element, " \t"); element != "" {
			return element
		}
	}
	return ""
}

// parameter returns a parameter of a list element, and "" for one that is missing or repeated, which RFC 7239 §4
// forbids.
func parameter(element, name string) string {
	found, value := false, ""
	for _, pair := range split(element, ';') {
		n, v, _ := strings.Cut(pair, "=")
		if !strings.EqualFold(strings.Trim(n, " \t"), name) {
			continue
		}
		if found {
			return ""
		}
		found, value = true, unquote(strings.Trim(v, " \t"))
	}
	return value
}

// split cuts at each sep outside of quoted strings (RFC 9110 §5.6.4).
func split(text string, sep byte) []string {
	var parts []string
	quoted, begin := false, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++ // the next character is literal
		case c == sep && !quoted:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
	}
	return append(parts, text[begin:])
}

// unquote returns a token unchanged, and the value of a quoted string; "" when the string has no end, or when text
// follows it (RFC 9110 §5.6.4).
func unquote(text string) string {
	if !strings.HasPrefix(text, `"`) {
		return text
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && i == len(text)-1:
			return b.String()
		case c == '"':
			return ""
		case c == '\\' && i+1 < len(text):
			i++
		}
		b.WriteByte(text[i])
	}
	return ""
}
