package xmlgate

import "strings"

// qName reads a name with or without prefix and returns where its local part begins and where it ends; end
// is -1 when there is none (Namespaces in XML 1.0 §4).
func (p *parser) qName(i int) (local, end int) {
	s := p.src
	local, end = i, ncName(s, i)
	if end == i {
		return i, p.fail(Name, i)
	}
	if end < len(s) && s[end] == ':' {
		local = end + 1
		if end = ncName(s, local); end == local {
			return i, p.fail(Name, i)
		}
	}
	// A second colon, or a character that no name may have.
	if end < len(s) && (s[end] == ':' || s[end] >= 0x80) {
		return i, p.fail(Name, i)
	}
	if end-i > maxName {
		return i, p.fail(Limit, i)
	}
	return local, end
}

// startTag reads a start tag or an empty element (XML 1.0 §3.1).
func (p *parser) startTag(i int) int {
	s, start := p.src, i
	local, end := p.qName(i + 1)
	switch {
	case end < 0:
		return -1
	case p.closed && !p.bend(CDATA, start):
		return p.fail(CDATA, start)
	case p.depth == 0 && len(p.nodes) > 0:
		return p.fail(Root, start)
	case p.depth == maxDepth:
		return p.fail(Limit, start)
	}
	self, first, scoped := int32(len(p.nodes)), len(p.attrs), p.scoped
	n := p.add()
	if n == nil {
		return p.fail(Limit, start)
	}
	n.start, n.local, n.name, n.attr = int32(start), uint16(local-start), uint16(end-start), int32(first)
	i = end
	for {
		next := skipSpace(s, i)
		if next == len(s) {
			return p.fail(Syntax, next)
		}
		if s[next] == '>' || s[next] == '/' {
			i = next
			break
		}
		// There must be white space between attributes, which not every parser demands.
		if next == i {
			return p.fail(Syntax, i)
		}
		if len(p.attrs)-first == maxAttrs {
			return p.fail(Limit, next)
		}
		if i = p.attribute(next); i < 0 {
			return -1
		}
	}
	n.attrs = uint8(len(p.attrs) - first)
	if !p.resolve(n) {
		return -1
	}
	empty := s[i] == '/'
	if empty {
		if i++; i == len(s) || s[i] != '>' {
			return p.fail(Syntax, i)
		}
	}
	i++
	n.end, n.next = int32(i), self+1
	if empty {
		p.leave(scoped)
		return i
	}
	p.open[p.depth] = frame{self, scoped}
	p.depth++
	return i
}

// endTag reads an end tag, which must name the element that is open (XML 1.0 §3.1).
func (p *parser) endTag(i int) int {
	s, start := p.src, i
	if p.depth == 0 {
		return p.fail(Syntax, start)
	}
	at := p.open[p.depth-1]
	n := &p.nodes[at.node]
	name := s[n.start+1 : n.start+int32(n.name)]
	i += len("</")
	if !strings.HasPrefix(s[i:], name) {
		return p.fail(Syntax, start)
	}
	i = skipSpace(s, i+len(name))
	if i == len(s) || s[i] != '>' {
		return p.fail(Syntax, start)
	}
	i++
	n.end, n.next = int32(i), int32(len(p.nodes))
	p.depth--
	p.agreed = min(p.agreed, p.depth)
	p.closed = false
	p.leave(at.scoped)
	return i
}
