package xmldsig

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// canonicalizer writes the canonical form of one element (Canonical XML 1.0 §2.3, Exclusive XML Canonicalization
// 1.0 §3), whose output is UTF-8 without comments.
type canonicalizer struct {
	c14n
	out      []byte
	limit    int             // most bytes of out
	skip     xmlgate.Element // the enveloped signature, or none
	rendered []namespace     // declarations in the output around the current place
	fresh    []namespace     // those of the current element
	attrs    []xmlgate.Attr  // of the current element, in order
}

// canonical appends the canonical form of e without skip to out.
func canonical(out []byte, e, skip xmlgate.Element, method c14n, limit int) ([]byte, error) {
	c := canonicalizer{c14n: method, out: out, limit: len(out) + limit, skip: skip}
	var rendered, fresh [8]namespace
	var attrs [8]xmlgate.Attr
	c.rendered, c.fresh, c.attrs = rendered[:0], fresh[:0], attrs[:0]
	if !c.element(e, true) {
		return nil, refuse(CheckOctets, "the signed octets are over the limit")
	}
	return c.out, nil
}

// element writes e, and reports whether it is within the limit. The gate bounds the depth.
func (c *canonicalizer) element(e xmlgate.Element, apex bool) bool {
	before := len(c.rendered)
	c.startTag(e, apex)
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
	c.out = append(c.out, "</"...)
	c.out = append(c.out, e.Name()...)
	c.out = append(c.out, '>')
	c.rendered = c.rendered[:before]
	return len(c.out) <= c.limit
}

func (c *canonicalizer) startTag(e xmlgate.Element, apex bool) {
	c.out = append(c.out, '<')
	c.out = append(c.out, e.Name()...)
	c.attributes(e, apex)
	c.namespaces(e, apex)
	for _, n := range c.fresh {
		c.out = append(c.out, " xmlns"...)
		if n.prefix != "" {
			c.out = append(c.out, ':')
			c.out = append(c.out, n.prefix...)
		}
		c.out = append(c.out, `="`...)
		// The gate takes no namespace that has anything to escape.
		c.out = append(c.out, n.name...)
		c.out = append(c.out, '"')
	}
	for _, a := range c.attrs {
		c.out = append(c.out, ' ')
		c.out = append(c.out, a.Name()...)
		c.out = append(c.out, `="`...)
		c.out = appendValue(c.out, a.Value())
		c.out = append(c.out, '"')
	}
	c.out = append(c.out, '>')
}

func (c *canonicalizer) text(n xmlgate.Node) {
	c.out = appendText(c.out, n.Text())
}
