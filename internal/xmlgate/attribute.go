package xmlgate

import "strings"

// attribute reads name="value" (XML 1.0 §3.1).
func (p *parser) attribute(i int) int {
	s, name := p.src, i
	local, end := p.qName(i)
	if end < 0 {
		return -1
	}
	i = skipSpace(s, end)
	if i == len(s) || s[i] != '=' {
		return p.fail(Syntax, i)
	}
	i = skipSpace(s, i+1)
	if i == len(s) || s[i] != '"' && s[i] != '\'' {
		return p.fail(Syntax, i)
	}
	quote, start := s[i], i+1
	var flags uint8
	if i = valueEnd(s, start, quote); i == len(s) || s[i] != quote || i-start > maxValue {
		if i, flags = p.value(start, i, quote); i < 0 {
			return -1
		}
	}
	if quote == '"' && s[name-1] == ' ' && start == end+len(`="`) {
		flags |= tight
	}
	if p.left--; p.left < 0 {
		return p.fail(Limit, name)
	}
	// Writing in place is faster than copying what was just written.
	p.attrs = append(p.attrs, attr{})
	a := &p.attrs[len(p.attrs)-1]
	a.start, a.local, a.name = int32(name), uint16(local-name), uint16(end-name)
	a.value, a.end, a.flags = int32(start), int32(i), flags
	if s[name] == 'x' && isDeclaration(s[name:end], local-name) {
		a.space = inXMLNS
		p.declares = true
	}
	return i + 1
}

// isDeclaration tells whether an attribute's name declares a namespace: xmlns, or xmlns:prefix.
func isDeclaration(name string, local int) bool {
	return name == "xmlns" || local == len("xmlns:") && strings.HasPrefix(name, "xmlns:")
}

// value reads on from i up to the quote that ends an attribute's value. The flag escaped says that the value differs
// from what was written.
func (p *parser) value(start, i int, quote byte) (end int, flags uint8) {
	s := p.src
	for ; i < len(s) && s[i] != quote; i = valueEnd(s, i, quote) {
		switch c := s[i]; {
		case c == '&':
			size, _ := reference(s[i:])
			if size == 0 {
				return p.fail(Entity, i), 0
			}
			flags = escaped
			i += size
		case c == '\t' || c == '\n' || c == '\r':
			flags = escaped
			i++
		case c == '<':
			return p.fail(Syntax, i), 0
		default:
			return p.fail(Encoding, i), 0
		}
	}
	switch {
	case i == len(s):
		return p.fail(Syntax, start), 0
	case i-start > maxValue:
		return p.fail(Limit, start), 0
	}
	return i, flags
}
