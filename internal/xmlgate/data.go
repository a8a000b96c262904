package xmlgate

import "strings"

// text reads character data up to the next tag (XML 1.0 §2.4).
func (p *parser) text(i int) int {
	s, start, escaped := p.s, i, false
	for ; i < len(s) && s[i] != '<'; i++ {
		switch c := s[i]; {
		case c > ']' || c >= ' ' && c != '&' && c != ']' || c == '\n' || c == '\t':
		case c == '&':
			size, _ := reference(s[i:])
			if size == 0 {
				return p.fail(Entity, i)
			}
			escaped = true
			i += size - 1
		case c == '\r':
			escaped = true
		case c != ']':
			return p.fail(Encoding, i)
		case strings.HasPrefix(s[i:], "]]>"):
			return p.fail(Syntax, i)
		}
	}
	if p.depth == 0 {
		if isBlank(s[start:i]) {
			return i
		}
		return p.fail(Root, start)
	}
	return p.data(node{start: int32(start), end: int32(i), kind: text, escaped: escaped}, i)
}

// data keeps character data that ends before i.
func (p *parser) data(n node, i int) int {
	if p.closed {
		return p.fail(CDATA, int(n.start))
	}
	n.next = int32(len(p.d.nodes)) + 1
	if !p.add(n) {
		return p.fail(Limit, int(n.start))
	}
	return i
}

// cdata reads a CDATA section (XML 1.0 §2.7). It is accepted only as all that its element holds: beside
// text, readers differ on what the value is.
func (p *parser) cdata(i int) int {
	const open, shut = "<![CDATA[", "]]>"
	if p.depth == 0 {
		return p.fail(Root, i)
	}
	size := strings.Index(p.s[i:], shut)
	if size < 0 {
		return p.fail(Syntax, i)
	}
	start, end := i+len(open), i+size
	if bad := controlIn(p.s[start:end]); bad >= 0 {
		return p.fail(Encoding, start+bad)
	}
	if p.closed || int(p.open[p.depth-1].node) != len(p.d.nodes)-1 {
		return p.fail(CDATA, i)
	}
	escaped := strings.IndexByte(p.s[start:end], '\r') >= 0
	after := p.data(node{start: int32(start), end: int32(end), kind: cdata, escaped: escaped}, end+len(shut))
	p.closed = true
	return after
}

// comment skips a comment, when every element around it allows one (XML 1.0 §2.5).
func (p *parser) comment(i int) int {
	if p.comments == nil {
		return p.fail(Comment, i)
	}
	for _, e := range p.open[:p.depth] {
		if at := (Element{p.d, e.node}); !p.comments(at.Space(), at.Local()) {
			return p.fail(Comment, i)
		}
	}
	start := i + len("<!--")
	size := strings.Index(p.s[start:], "--")
	if size < 0 || !strings.HasPrefix(p.s[start+size:], "-->") {
		return p.fail(Syntax, i)
	}
	if bad := controlIn(p.s[start : start+size]); bad >= 0 {
		return p.fail(Encoding, start+bad)
	}
	return start + size + len("-->")
}

// controlIn returns the offset of the first control character that XML forbids, or -1.
func controlIn(s string) int {
	for i := range len(s) {
		if s[i] < ' ' && !isSpace(s[i]) {
			return i
		}
	}
	return -1
}
