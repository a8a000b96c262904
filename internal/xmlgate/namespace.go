package xmlgate

import "strings"

// binding is a prefix in scope; the empty prefix is the default namespace.
type binding struct {
	start, end int32 // the prefix
	space      int32
}

// declare takes a namespace declaration into scope, and leaves other attributes as they are (Namespaces in
// XML 1.0 §3).
func (p *parser) declare(a *attr) bool {
	s := p.s
	var prefix string
	b := binding{}
	switch {
	case s[a.start:a.name] == "xmlns":
	case a.local > a.start && s[a.start:a.local-1] == "xmlns":
		prefix = s[a.local:a.name]
		b.start, b.end = a.local, a.name
	default:
		return true
	}
	name := s[a.value:a.end]
	switch {
	case prefix == "xml" || prefix == "xmlns" || name == xmlSpace || name == xmlnsSpace:
		return p.fail(Namespace, int(a.start)) >= 0
	case name == "" && prefix != "":
		return p.fail(Namespace, int(a.start)) >= 0
	case name != "" && !isAbsolute(name):
		return p.fail(Namespace, int(a.start)) >= 0
	case len(p.scope) == maxScoped || len(name) > maxName:
		return p.fail(Limit, int(a.start)) >= 0
	}
	a.space = inXMLNS
	if name != "" {
		b.space = p.intern(name)
	}
	if p.scope == nil {
		p.scope = make([]binding, 0, 16)
	}
	p.scope = append(p.scope, b)
	return true
}

// intern returns the index of a namespace name. Looking back a few keeps the list short where each element
// declares its prefix anew.
func (p *parser) intern(name string) int32 {
	for i := len(p.d.spaces) - 1; i > max(inXMLNS, len(p.d.spaces)-8); i-- {
		if p.d.spaces[i] == name {
			return int32(i)
		}
	}
	p.d.spaces = append(p.d.spaces, name)
	return int32(len(p.d.spaces)) - 1
}

// isAbsolute tells whether s begins with a scheme and has only characters that a URI may have as they
// stand: a name with references or white space would be read differently before and after them.
func isAbsolute(s string) bool {
	scheme := strings.IndexByte(s, ':')
	if scheme < 1 || s[0]|0x20 < 'a' || s[0]|0x20 > 'z' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', c == '+', c == '-', c == '.':
		case i < scheme || c <= ' ' || c >= 0x7F || strings.IndexByte("&<>\"'{}|\\^`", c) >= 0:
			return false
		}
	}
	return true
}

// lookup resolves the prefix of a name that begins at start and has its local part at local.
func (p *parser) lookup(start, local int32) (space int32, ok bool) {
	prefix := ""
	if local > start {
		prefix = p.s[start : local-1]
	}
	for i := len(p.scope) - 1; i >= 0; i-- {
		if b := &p.scope[i]; p.s[b.start:b.end] == prefix {
			return b.space, true
		}
	}
	switch prefix {
	case "":
		return noSpace, true
	case "xml":
		return inXML, true
	case "xmlns":
		return inXMLNS, true
	}
	return 0, false
}
