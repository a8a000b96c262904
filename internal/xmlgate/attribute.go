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
	i, flags := p.value(start, quote)
	if i < 0 {
		return -1
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

// value reads up to the quote that ends an attribute's value; the flag escaped says that the value differs from what
// stands there.
func (p *parser) value(start int, quote byte) (i int, flags uint8) {
	s := p.src
	for i = valueEnd(s, start, quote); i < len(s) && s[i] != quote; i = valueEnd(s, i, quote) {
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

// resolve gives the element and its attributes their namespaces, and refuses attributes that are given
// twice (Namespaces in XML 1.0 §6).
func (p *parser) resolve(n *node) bool {
	own := p.attributes(n)
	if p.declares {
		// First, because they hold for attributes that stand before them.
		for i := range own {
			if own[i].space == inXMLNS && !p.declare(&own[i]) {
				return false
			}
		}
		p.declares = false
	}
	var ok bool
	if n.space, ok = p.lookup(n.start+1, n.local-1); !ok {
		return p.fail(Prefix, int(n.start)) >= 0
	}
	if n.space == inXMLNS {
		return p.fail(Namespace, int(n.start)) >= 0
	}
	for i := range own {
		a := &own[i]
		if a.space != noSpace {
			continue // a declaration
		}
		if a.local > 0 {
			if a.space, ok = p.lookup(a.start, a.local); !ok {
				return p.fail(Prefix, int(a.start)) >= 0
			}
		}
		if !p.checkID(a) {
			return false
		}
	}
	for i := range own {
		for j := range own[:i] {
			if p.same(&own[i], &own[j]) {
				return p.fail(Duplicate, int(own[i].start)) >= 0
			}
		}
	}
	return true
}

// same reports whether two attributes have one expanded name. Most differ in the length of their names already.
func (p *parser) same(a, b *attr) bool {
	return a.name-a.local == b.name-b.local && p.attrLocal(a) == p.attrLocal(b) &&
		(a.space == b.space || p.spaces[a.space] == p.spaces[b.space])
}

// checkID refuses an ID that is no name or is given twice, whichever of its four spellings is used: a
// signature's reference must have one target.
func (p *parser) checkID(a *attr) bool {
	if a.name-a.local != uint16(len("ID")) {
		return true
	}
	switch p.attrLocal(a) {
	case "ID", "Id":
		if a.space != noSpace {
			return true
		}
	case "id":
		if a.space != noSpace && a.space != inXML {
			return true
		}
	default:
		return true
	}
	raw := p.src[a.value:a.end]
	if raw == "" || !p.anyIDs && ncName(raw, 0) != len(raw) || !p.ids.add(raw) {
		return p.fail(ID, int(a.start)) >= 0
	}
	return true
}

// declaration skips the XML declaration, which only the start of the text may have (XML 1.0 §2.8).
func (p *parser) declaration(i int) int {
	const open = "<?xml"
	s := p.src
	if !strings.HasPrefix(s[i:], open) || len(s) == i+len(open) || !isSpace(s[i+len(open)]) {
		return i
	}
	size := strings.Index(s[i:], "?>")
	if size < 0 {
		return p.fail(Syntax, i)
	}
	rest := s[i+len(open) : i+size]
	for n, name := range []string{"version", "encoding", "standalone"} {
		value, after, ok := pseudo(rest, name)
		if !ok {
			if n == 0 {
				return p.fail(Declaration, i)
			}
			continue
		}
		switch {
		case name == "version" && value != "1.0",
			name == "encoding" && !strings.EqualFold(value, "UTF-8"),
			name == "standalone" && value != "yes" && value != "no":
			return p.fail(Declaration, i)
		}
		rest = after
	}
	if !isBlank(rest) {
		return p.fail(Declaration, i)
	}
	return i + size + len("?>")
}

// pseudo reads name="value" after white space at the start of s.
func pseudo(s, name string) (value, rest string, ok bool) {
	i := skipSpace(s, 0)
	if i == 0 || !strings.HasPrefix(s[i:], name) {
		return "", s, false
	}
	i = skipSpace(s, i+len(name))
	if i == len(s) || s[i] != '=' {
		return "", s, false
	}
	i = skipSpace(s, i+1)
	if i == len(s) || s[i] != '"' && s[i] != '\'' {
		return "", s, false
	}
	value, rest, ok = strings.Cut(s[i+1:], s[i:i+1])
	return value, rest, ok
}
