package xmlgate

import "strings"

// text reads character data up to the next tag (XML 1.0 §2.4).
func (p *parser) text(i int) int {
	s, start, flags := p.src, i, uint8(text)
	for i = textEnd(s, i); i < len(s) && s[i] != '<'; i = textEnd(s, i) {
		switch c := s[i]; {
		case c == '\n' || c == '\t':
			i++
		case c == '&':
			size, _ := reference(s[i:])
			if size == 0 {
				return p.fail(Entity, i)
			}
			flags |= escaped
			i += size
		case c == '\r':
			flags |= escaped
			i++
		case c != '>':
			return p.fail(Encoding, i)
		case strings.HasSuffix(s[start:i], "]]"):
			return p.fail(Syntax, i)
		default:
			flags |= greater
			i++
		}
	}
	if p.depth == 0 {
		if isBlank(s[start:i]) {
			return i
		}
		return p.fail(Root, start)
	}
	n := p.data(start, i)
	if n == nil {
		return -1
	}
	n.flags = flags
	return i
}

// data adds the character data between start and end. It is nil when none is allowed there.
func (p *parser) data(start, end int) *node {
	if p.closed && !p.bend(CDATA, start) {
		p.fail(CDATA, start)
		return nil
	}
	n := p.add()
	if n == nil {
		p.fail(Limit, start)
		return nil
	}
	n.start, n.end, n.next = int32(start), int32(end), int32(len(p.nodes))
	return n
}

// cdata reads a CDATA section (XML 1.0 §2.7). It is accepted only as the whole content of its element: beside text,
// readers differ on what the value is.
func (p *parser) cdata(i int) int {
	const open, shut = "<![CDATA[", "]]>"
	switch {
	case p.depth == 0:
		return p.fail(Root, i)
	case p.depth == p.opened: // its children may be gone, so nobody knows whether it is alone
		return p.fail(CDATA, i)
	}
	size := strings.Index(p.src[i:], shut)
	if size < 0 {
		return p.fail(Syntax, i)
	}
	start, end := i+len(open), i+size
	if bad := controlIn(p.src[start:end]); bad >= 0 {
		return p.fail(Encoding, start+bad)
	}
	alone := !p.unsigned || !p.agree()
	if alone && (p.closed || int(p.open[p.depth-1].node) != len(p.nodes)-1) && !p.bend(CDATA, i) {
		return p.fail(CDATA, i)
	}
	n := p.data(start, end)
	if n == nil {
		return -1
	}
	if n.flags = cdata; strings.IndexByte(p.src[start:end], '\r') >= 0 {
		n.flags |= escaped
	}
	p.closed = alone
	return end + len(shut)
}

// comment skips a comment, when every element around it allows one (XML 1.0 §2.5).
func (p *parser) comment(i int) int {
	if !p.agree() && !p.bend(Comment, i) {
		return p.fail(Comment, i)
	}
	start := i + len("<!--")
	size := strings.Index(p.src[start:], "--")
	if size < 0 || !strings.HasPrefix(p.src[start+size:], "-->") {
		return p.fail(Syntax, i)
	}
	if bad := controlIn(p.src[start : start+size]); bad >= 0 {
		return p.fail(Encoding, start+bad)
	}
	return start + size + len("-->")
}

// agree reports whether every element that is open allows comments.
func (p *parser) agree() bool {
	if p.comments == nil {
		return false
	}
	for ; p.agreed < p.depth; p.agreed++ {
		n := &p.nodes[p.open[p.agreed].node]
		if !p.comments(p.spaces[n.space], p.nodeLocal(n)) {
			return false
		}
	}
	return true
}

// instruction skips a processing instruction before the root (XML 1.0 §2.6, Namespaces in XML 1.0 §7).
func (p *parser) instruction(i int) int {
	start := i + len("<?")
	end := ncName(p.src, start)
	if before := p.pis && len(p.nodes) == 0; strings.EqualFold(p.src[start:end], "xml") || !before && !p.bend(Instruction, i) {
		return p.fail(Instruction, i)
	}
	size := strings.Index(p.src[end:], "?>")
	if end == start || size < 0 || size > 0 && !isSpace(p.src[end]) {
		return p.fail(Syntax, i)
	}
	if bad := controlIn(p.src[end : end+size]); bad >= 0 {
		return p.fail(Encoding, end+bad)
	}
	return end + size + len("?>")
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
