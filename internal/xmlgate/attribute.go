package xmlgate

import "strings"

// attribute reads name="value" (XML 1.0 §3.1).
func (p *parser) attribute(i int) int {
	s := p.s
	a := attr{start: int32(i)}
	local, end := p.qName(i)
	if end < 0 {
		return -1
	}
	a.local, a.name = int32(local), int32(end)
	i = skipSpace(s, end)
	if i == len(s) || s[i] != '=' {
		return p.fail(Syntax, i)
	}
	i = skipSpace(s, i+1)
	if i == len(s) || s[i] != '"' && s[i] != '\'' {
		return p.fail(Syntax, i)
	}
	quote := s[i]
	i++
	start := i
	for ; i < len(s) && s[i] != quote; i++ {
		switch c := s[i]; {
		case c == '&':
			size, _ := reference(s[i:])
			if size == 0 {
				return p.fail(Entity, i)
			}
			a.escaped = true
			i += size - 1
		case c == '<':
			return p.fail(Syntax, i)
		case c == '\t' || c == '\n' || c == '\r':
			a.escaped = true
		case c < ' ':
			return p.fail(Encoding, i)
		}
	}
	switch {
	case i == len(s):
		return p.fail(Syntax, start)
	case i-start > maxValue:
		return p.fail(Limit, start)
	}
	a.value, a.end = int32(start), int32(i)
	if p.left--; p.left < 0 {
		return p.fail(Limit, int(a.start))
	}
	if p.d.attrs == nil {
		// As many as there can be, when they are few: growing costs more than looking.
		p.d.attrs = make([]attr, 0, min(strings.Count(s[a.start:], "="), 512))
	}
	p.d.attrs = append(p.d.attrs, a)
	return i + 1
}

// resolve gives the element and its attributes their namespaces, and refuses attributes that are given
// twice (Namespaces in XML 1.0 §6).
func (p *parser) resolve(n *node) bool {
	own := p.d.attributes(n)
	// Declarations first: they hold for attributes that stand before them.
	for i := range own {
		if !p.declare(&own[i]) {
			return false
		}
	}
	var ok bool
	if n.space, ok = p.lookup(n.start+1, n.local); !ok {
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
		if a.local > a.start {
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
			if p.d.attrLocal(&own[i]) == p.d.attrLocal(&own[j]) && p.d.spaces[own[i].space] == p.d.spaces[own[j].space] {
				return p.fail(Duplicate, int(own[i].start)) >= 0
			}
		}
	}
	return true
}

// checkID refuses an ID that is no name or is given twice, whichever of its four spellings is used: a
// signature's reference must have one target.
func (p *parser) checkID(a *attr) bool {
	switch p.d.attrLocal(a) {
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
	raw := p.s[a.value:a.end]
	if raw == "" || !p.anyIDs && ncName(raw, 0) != len(raw) || !p.ids.add(raw) {
		return p.fail(ID, int(a.start)) >= 0
	}
	return true
}

// declaration skips the XML declaration, which only the start of the text may have (XML 1.0 §2.8).
func (p *parser) declaration(i int) int {
	const open = "<?xml"
	s := p.s
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
