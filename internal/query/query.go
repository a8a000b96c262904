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

// Add returns address with params, and then more in the order of its names, in its query. A parameter without a value is
// left out. Values, and the names in more, are escaped as url.QueryEscape does.
func Add(address string, params []Param, more url.Values) string {
	size := len(address) + 64 // for escapes: each takes two bytes more
	for _, p := range params {
		size += len(p.Name) + len(p.Value) + 2
	}
	b := builder{first: !strings.Contains(address, "?")}
	b.Grow(size)
	b.WriteString(address)
	for _, p := range params {
		b.add(p.Name, p.Value)
	}
	if len(more) == 0 {
		return b.String()
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		for _, value := range more[name] {
			b.add(url.QueryEscape(name), value)
		}
	}
	return b.String()
}

type builder struct {
	strings.Builder
	first bool // the address has no query yet
}

func (b *builder) add(name, value string) {
	if value == "" {
		return
	}
	separator := byte('&')
	if b.first {
		separator, b.first = '?', false
	}
	b.WriteByte(separator)
	b.WriteString(name)
	b.WriteByte('=')
	b.escape(value)
}

// escape is url.QueryEscape without a string of its own.
func (b *builder) escape(text string) {
	const hex = "0123456789ABCDEF"
	from := 0
	for i := range len(text) {
		c := text[i]
		if plain[c] {
			continue
		}
		b.WriteString(text[from:i])
		if from = i + 1; c == ' ' {
			b.WriteByte('+')
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	b.WriteString(text[from:])
}

// plain has the characters that are never escaped (RFC 3986 §2.3).
var plain = func() (set [256]bool) {
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~" {
		set[c] = true
	}
	return set
}()
