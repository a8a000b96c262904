// Package query adds parameters to an address.
package query

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Param is a parameter whose name needs no escape.
type Param struct{ Name, Value string }

// room is on the stack; a longer text costs more allocations.
const room = 768

// Add returns address with params, and then more in the order of its names, in its query. A parameter without a value is
// left out. Values, and the names in more, are escaped as url.QueryEscape does.
func Add(address string, params []Param, more url.Values) string {
	var space [room]byte
	b := append(space[:0], address...)
	separator := byte('?')
	if strings.Contains(address, "?") {
		separator = '&'
	}
	for _, p := range params {
		if p.Value != "" {
			b = appendParam(b, separator, p.Name, p.Value)
			separator = '&'
		}
	}
	if len(more) == 0 {
		return string(b)
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		for _, value := range more[name] {
			if value != "" {
				b = appendParam(b, separator, url.QueryEscape(name), value)
				separator = '&'
			}
		}
	}
	return string(b)
}

// Form is form.Encode().
func Form(form url.Values) string {
	var place [16]string
	names := place[:0]
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	var space [room]byte
	b := space[:0]
	for _, name := range names {
		for _, value := range form[name] {
			if len(b) > 0 {
				b = append(b, '&')
			}
			b = append(appendEscaped(b, name), '=')
			b = appendEscaped(b, value)
		}
	}
	return string(b)
}

func appendParam(b []byte, separator byte, name, value string) []byte {
	b = append(append(append(b, separator), name...), '=')
	return appendEscaped(b, value)
}

// appendEscaped is url.QueryEscape without a string of its own.
func appendEscaped(b []byte, text string) []byte {
	const hex = "0123456789ABCDEF"
	from := 0
	for i := range len(text) {
		c := text[i]
		if plain[c] {
			continue
		}
		b = append(b, text[from:i]...)
		if from = i + 1; c == ' ' {
			b = append(b, '+')
			continue
		}
		b = append(b, '%', hex[c>>4], hex[c&15])
	}
	return append(b, text[from:]...)
}

// plain has the characters that are never escaped (RFC 3986 §2.3).
var plain = func() (set [256]bool) {
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~" {
		set[c] = true
	}
	return set
}()
