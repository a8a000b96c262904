package xmldsig

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const space = "http://www.w3.org/2000/09/xmldsig#"

// only returns the value of the attribute called name, when e has no other attributes but those that are allowed too.
func only(e xmlgate.Element, name string, others ...string) (value string, ok bool) {
	for a := range e.Attrs {
		switch {
		case a.Space() != "":
			return "", false
		case a.Local() == name:
			value, ok = a.Value(), true
		case !slices.Contains(others, a.Local()):
			return "", false
		}
	}
	return value, ok
}

// plain reports whether e has no attribute but Id.
func plain(e xmlgate.Element) bool {
	for a := range e.Attrs {
		if !isID(a) {
			return false
		}
	}
	return true
}

func isID(a xmlgate.Attr) bool { return a.Space() == "" && a.Local() == "Id" }

// empty reports whether e holds nothing but white space.
func empty(e xmlgate.Element) bool { return e.Leaf() && e.Blank() }

// childrenOf returns the child elements of e; ok is false when there are more than most, or text.
func childrenOf(e xmlgate.Element, most int) (children []xmlgate.Element, ok bool) {
	children = make([]xmlgate.Element, 0, 3)
	for child := range e.Children {
		if children = append(children, child); len(children) > most {
			return nil, false
		}
	}
	return children, e.Blank()
}

// sequence returns the child elements of e, which must have these names in the namespace of signatures, in this order;
// ok is false for anything more or less.
func sequence(e xmlgate.Element, names ...string) (children []xmlgate.Element, ok bool) {
	children, ok = childrenOf(e, len(names))
	if !ok || len(children) != len(names) {
		return nil, false
	}
	for i, name := range names {
		if !children[i].Is(space, name) {
			return nil, false
		}
	}
	return children, true
}
