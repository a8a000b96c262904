package xmldsig

import (
	"slices"
	"sort"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// attributes puts those of e in order: by namespace, then by local name (Canonical XML 1.0 §2.2).
func (c *canonicalizer) attributes(e xmlgate.Element, apex bool) {
	c.attrs = c.attrs[:0]
	for a := range e.Attrs {
		c.attrs = append(c.attrs, a)
	}
	if apex && c.inclusive {
		c.inherit(e)
	}
	for i := 1; i < len(c.attrs); i++ {
		if a := c.attrs[i]; a.Before(c.attrs[i-1]) {
			at := sort.Search(i-1, func(before int) bool { return a.Before(c.attrs[before]) })
			copy(c.attrs[at+1:], c.attrs[at:i])
			c.attrs[at] = a
		}
	}
}

// inherit adds the attributes of the namespace xml that elements around the apex have: all of them in version 1.0
// (§2.4), and only lang and space in version 1.1 (§2.4). An xml:base in version 1.1, which would have to be joined, was
// refused before.
func (c *canonicalizer) inherit(e xmlgate.Element) {
	var inherited []xmlgate.Attr
	for around := range e.Ancestors {
		for a := range around.Attrs {
			if a.Space() != xmlSpace || c.version11 && a.Local() != "lang" && a.Local() != "space" {
				continue
			}
			inherited = slices.DeleteFunc(inherited, func(old xmlgate.Attr) bool { return old.Local() == a.Local() })
			inherited = append(inherited, a)
		}
	}
	for _, a := range inherited {
		if _, own := e.Attr(xmlSpace, a.Local()); !own {
			c.attrs = append(c.attrs, a)
		}
	}
}
