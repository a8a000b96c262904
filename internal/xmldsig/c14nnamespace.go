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
	rendered := ""
	for i := len(c.rendered) - 1; i >= 0; i-- {
		if c.rendered[i].prefix == prefix {
			rendered = c.rendered[i].name
			break
		}
	}
	if rendered == name {
		return
	}
	at := len(c.rendered)
	c.rendered = append(c.rendered, namespace{})
	for ; at > own && c.rendered[at-1].prefix > prefix; at-- {
		c.rendered[at] = c.rendered[at-1]
	}
	c.rendered[at] = namespace{prefix, name}
}
