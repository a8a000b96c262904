package xmldsig

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// namespace is a declaration; the prefix "" is the default namespace, and the name "" none.
type namespace struct{ prefix, name string }

// namespaces finds the declarations that e gets in the output.
func (c *canonicalizer) namespaces(e xmlgate.Element, apex bool) {
	c.fresh = c.fresh[:0]
	if !c.inclusive {
		c.use(e.Prefix(), e.Space())
		for _, a := range c.attrs {
			if prefix := a.Prefix(); prefix != "" {
				c.use(prefix, a.Space())
			}
		}
	}
	if c.inclusive || len(c.prefixes) > 0 {
		around := e.Declarations
		if apex {
			around = e.Namespaces
		}
		for prefix, name := range around {
			if c.inclusive || slices.Contains(c.prefixes, prefix) {
				c.use(prefix, name)
			}
		}
	}
	c.rendered = append(c.rendered, c.fresh...)
}

// use declares prefix at the current element, unless the output around it does already (Exclusive XML
// Canonicalization 1.0 §3).
func (c *canonicalizer) use(prefix, name string) {
	if prefix == "xml" {
		return
	}
	at := len(c.fresh)
	for at > 0 && c.fresh[at-1].prefix > prefix {
		at--
	}
	if at > 0 && c.fresh[at-1].prefix == prefix {
		return
	}
	around := ""
	for i := len(c.rendered) - 1; i >= 0; i-- {
		if c.rendered[i].prefix == prefix {
			around = c.rendered[i].name
			break
		}
	}
	if around != name {
		c.fresh = slices.Insert(c.fresh, at, namespace{prefix, name})
	}
}
