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

// childrenOf reads the child elements of e into children, and returns how many there are; ok is false when there are more,
// or text.
func childrenOf(e xmlgate.Element, children []xmlgate.Element) (n int, ok bool) {
	for child := range e.Children {
		if n == len(children) {
			return n, false
		}
		children[n] = child
		n++
	}
	return n, e.Blank()
}

// sequence is childrenOf for children that have these names in the namespace of signatures, in this order; ok is false for
// anything more or less.
func sequence(e xmlgate.Element, children []xmlgate.Element, names ...string) (ok bool) {
	if n, ok := childrenOf(e, children); !ok || n != len(names) {
		return false
	}
	for i, name := range names {
		if !children[i].Is(space, name) {
			return false
		}
	}
	return true
}
