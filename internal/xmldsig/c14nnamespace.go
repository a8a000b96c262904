package xmldsig

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// namespace is a declaration; the prefix "" is the default namespace, and the name "" none.
type namespace struct{ prefix, name string }

// namespaces adds the declarations that e gets in the output to those rendered around it.
func (c *canonicalizer) namespaces(e xmlgate.Element, apex bool) {
	own := len(c.rendered)
	if !c.inclusive {
		c.use(own, e.Prefix(), e.Space())
		for _, a := range c.attrs {
			if prefix := a.Prefix(); prefix != "" {
				c.use(own, prefix, a.Space())
			}
		}
		if len(c.prefixes) == 0 {
			return
		}
	}
	if apex {
		for prefix, name := range e.Namespaces {
			c.declared(own, prefix, name)
		}
		return
	}
	for prefix, name := range e.Declarations {
		c.declared(own, prefix, name)
	}
}

// declared adds a declaration of the text. In the exclusive form only the prefixes of the list count.
func (c *canonicalizer) declared(own int, prefix, name string) {
	if c.inclusive || slices.Contains(c.prefixes, prefix) {
		c.use(own, prefix, name)
	}
}

// use declares prefix at the current element, unless the output declares it there or around it already (Exclusive XML
// Canonicalization 1.0 §3). The element's own declarations begin at own and are in order.
func (c *canonicalizer) use(own int, prefix, name string) {
	if prefix == "xml" {
		return
	}
	if c.inForce(own, prefix) == name {
		return
	}
	at := len(c.rendered)
	c.rendered = append(c.rendered, namespace{})
	for ; at > own && c.rendered[at-1].prefix > prefix; at-- {
		c.rendered[at] = c.rendered[at-1]
	}
	c.rendered[at] = namespace{prefix, name}
}

// inForce returns what prefix means in the output at the current element, whose declarations so far begin at own.
func (c *canonicalizer) inForce(own int, prefix string) string {
	from := own
	if own <= xmlgate.FewPrefixes {
		from = 0
	}
	for i := len(c.rendered) - 1; i >= from; i-- {
		if c.rendered[i].prefix == prefix {
			return c.rendered[i].name
		}
	}
	if from == 0 {
		return ""
	}
	if c.places == nil {
		c.places = xmlgate.NewPrefixes()
	}
	for i := c.places.Len(); i < own; i++ {
		c.places.Add(c.rendered[i].prefix)
	}
	for i := c.places.Highest(prefix); i >= 0; i = c.places.Lower(i) {
		if c.rendered[i].prefix == prefix {
			return c.rendered[i].name
		}
	}
	return ""
}

// leave ends what an element declared in the output: rendered declarations are around it.
func (c *canonicalizer) leave(rendered int) {
	c.rendered = c.rendered[:rendered]
	c.places.Cut(rendered)
}
