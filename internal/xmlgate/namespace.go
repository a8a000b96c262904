package xmlgate

import "strings"

// binding is a prefix in scope; the empty prefix is the default namespace.
type binding struct {
	start, end int32 // the prefix
	space      uint16
}

// declare brings a namespace declaration into scope (Namespaces in XML 1.0 §3).
func (p *parser) declare(a *attr) bool {
	s := p.src
	b := binding{}
	if a.local > 0 {
		b.start, b.end = a.start+int32(a.local), a.start+int32(a.name)
	}
	prefix := s[b.start:b.end]
	name := s[a.value:a.end]
	if prefix == "xml" && name == xmlSpace {
		return true // the one thing it may be declared to, and what it means without a declaration
	}
	// A namespace name that was accepted before is not checked again, however often it is declared.
	if b.space = p.known(name); b.space == noSpace {
		switch {
		case name == xmlSpace || name == xmlnsSpace:
			return p.fail(Namespace, int(a.start)) >= 0
		case name != "" && !isAbsolute(name) && !p.bend(Namespace, int(a.start)):
			return p.fail(Namespace, int(a.start)) >= 0
		case len(name) > maxName:
			return p.fail(Limit, int(a.start)) >= 0
		case len(p.spaces) == maxSpaces:
			return p.fail(Limit, int(a.start)) >= 0
		case name != "":
			p.spaces = append(p.spaces, name)
			b.space = uint16(len(p.spaces) - 1)
		}
	}
	switch {
	case prefix == "xml" || prefix == "xmlns" || name == "" && prefix != "":
		return p.fail(Namespace, int(a.start)) >= 0
	case p.scoped == maxScoped:
		return p.fail(Limit, int(a.start)) >= 0
	}
	p.scope[p.scoped] = b
	p.scoped++
	return true
}

// known returns the index of a namespace name that was declared before, or noSpace. It looks only at the last few, which
// keeps the list short where each element declares its prefix again.
func (p *parser) known(name string) uint16 {
	for i := len(p.spaces) - 1; i > max(inXMLNS, len(p.spaces)-64); i-- {
		if p.spaces[i] == name {
			return uint16(i)
		}
	}
	return noSpace
}

// isAbsolute tells whether s begins with a scheme and has only characters that a URI may have unescaped: a name with
// references or white space differs before and after normalization.
func isAbsolute(s string) bool {
	scheme := strings.IndexByte(s, ':')
	if scheme < 1 || s[0]|0x20 < 'a' || s[0]|0x20 > 'z' {
		return false
	}
	for i := range scheme {
		if uriClass[s[i]]&1 == 0 {
			return false
		}
	}
	for i := scheme; i < len(s); i++ {
		if uriClass[s[i]]&2 == 0 {
			return false
		}
	}
	return true
}

// uriClass tells of each byte whether a URI may have it ('2', bit 1) and a scheme too ('3', bits 0 and 1).
const uriClass = "" +
	"00000000000000000000000000000000" +
	"02022200222323323333333333220202" +
	"23333333333333333333333333320202" +
	"03333333333333333333333333300020" +
	"00000000000000000000000000000000" +
	"00000000000000000000000000000000" +
	"00000000000000000000000000000000" +
	"00000000000000000000000000000000"

// lookup resolves the prefix of a name that begins at start and has its local part at local, counted from there.
func (p *parser) lookup(start int32, local uint16) (space uint16, ok bool) {
	prefix := p.prefix(start, local)
	if b := p.innermost(prefix); b != nil {
		return b.space, true
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

// innermost returns the binding of prefix that is in force, or nil.
func (p *parser) innermost(prefix string) *binding {
	if p.scoped <= FewPrefixes {
		for i := p.scoped - 1; i >= 0; i-- {
			if b := &p.scope[i]; p.src[b.start:b.end] == prefix {
				return b
			}
		}
		return nil
	}
	if p.prefixes == nil {
		p.prefixes = NewPrefixes()
	}
	for i := p.prefixes.Len(); i < int(p.scoped); i++ {
		p.prefixes.Add(p.src[p.scope[i].start:p.scope[i].end])
	}
	for i := p.prefixes.Highest(prefix); i >= 0; i = p.prefixes.Lower(i) {
		if b := &p.scope[i]; p.src[b.start:b.end] == prefix {
			return b
		}
	}
	return nil
}

// leave ends the scope of what an element declared: scoped declarations are around it.
func (p *parser) leave(scoped int32) {
	p.scoped = scoped
	p.prefixes.Cut(int(scoped))
}
