package xmldsig

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// canonicalizer writes the canonical form of one element (Canonical XML 1.0 §2.3, Exclusive XML Canonicalization 1.0
// §3) as UTF-8 without comments.
type canonicalizer struct {
	c14n
	out      []byte
	limit    int               // most bytes of out
	skip     xmlgate.Element   // the enveloped signature, or none
	rendered []namespace       // declarations in the output, of the elements around the current place and its own
	places   *xmlgate.Prefixes // of those around it, when they are many
	attrs    []xmlgate.Attr    // of the current element, in order

	// Room for most elements, which one canonicalizer uses for both of its forms.
	room struct {
		rendered [16]namespace
		attrs    [16]xmlgate.Attr
	}
}

// write appends the canonical form of e without skip to out.
func (c *canonicalizer) write(out []byte, e, skip xmlgate.Element, method c14n, limit int) ([]byte, error) {
	if err := method.fitFor(e); err != nil {
		return nil, err
	}
	c.c14n, c.out, c.limit, c.skip = method, out, len(out)+limit, skip
	c.rendered, c.attrs, c.places = c.room.rendered[:0], c.room.attrs[:0], nil
	if !c.element(e, true) {
		return nil, refuse(CheckOctets, "the signed octets are over the limit")
	}
	return c.out, nil
}

// element writes e, and reports whether it is within the limit. The gate bounds the depth.
func (c *canonicalizer) element(e xmlgate.Element, apex bool) bool {
	around := len(c.rendered)
	c.open(e, apex)
	for n := range e.Nodes {
		if len(c.out) > c.limit {
			return false
		}
		child := n.Element()
		switch {
		case !child.OK():
			c.text(n)
		case child != c.skip && !c.element(child, false):
			return false
		}
	}
	c.out = append(append(append(c.out, '<', '/'), e.Name()...), '>')
	c.leave(around)
	return len(c.out) <= c.limit
}

// open writes the start tag of e, whose declarations stay rendered.
func (c *canonicalizer) open(e xmlgate.Element, apex bool) {
	around := len(c.rendered)
	c.out = append(append(c.out, '<'), e.Name()...)
	c.attributes(e, apex)
	c.namespaces(e, apex)
	c.startTag(c.rendered[around:])
}

// startTag writes the start tag after its name and closes it.
func (c *canonicalizer) startTag(declarations []namespace) {
	out := c.out
	for i := range declarations {
		n := &declarations[i]
		out = append(out, " xmlns"...)
		if n.prefix != "" {
			out = append(append(out, ':'), n.prefix...)
		}
		// The gate accepts no namespace name that needs escaping.
		out = append(append(append(out, '=', '"'), n.name...), '"')
	}
	for _, a := range c.attrs {
		if text, ok := a.Canonical(); ok {
			out = append(out, text...)
			continue
		}
		out = append(append(append(out, ' '), a.Name()...), '=', '"')
		out = append(appendValue(out, a.Value()), '"')
	}
	c.out = append(out, '>')
}

func (c *canonicalizer) text(n xmlgate.Node) {
	if text, ok := n.Canonical(); ok {
		c.out = append(c.out, text...)
	} else {
		c.out = appendText(c.out, n.Text())
	}
}
