package xmlgate

import "strings"

// Element is a cursor at one element. The zero Element is no element.
type Element struct {
	d *Document
	i int32
}

// OK reports whether e is an element at all.
func (e Element) OK() bool { return e.d != nil }

func (e Element) node() *node { return &e.d.nodes[e.i] }

// Space returns the name of e's namespace, "" for none.
func (e Element) Space() string { return e.d.spaces[e.node().space] }

// Local returns e's name without its prefix.
func (e Element) Local() string {
	n := e.node()
	return e.d.nodeLocal(n)
}

// Prefix returns the prefix of e's name, "" for none.
func (e Element) Prefix() string {
	n := e.node()
	return e.d.prefix(n.start+1, n.local-1)
}

// Name returns e's name as it was written, with its prefix.
func (e Element) Name() string {
	n := e.node()
	return e.d.src[n.start+1 : n.start+int32(n.name)]
}

// Root reports whether e is the root element.
func (e Element) Root() bool { return e.i == 0 }

// Offsets returns where e begins in the text of its document, where its start tag ends, and where its end tag ends. An
// element that ends with its start tag is empty.
func (e Element) Offsets() (start, inner, end int) {
	n := e.node()
	i := int(n.start) + int(n.name)
	if own := e.d.attributes(n); len(own) > 0 {
		i = int(own[len(own)-1].end) + len(`"`)
	}
	for e.d.src[i] != '>' {
		i++
	}
	return int(n.start), i + 1, int(n.end)
}

// Is reports whether e has this expanded name.
func (e Element) Is(space, local string) bool { return e.Local() == local && e.Space() == space }

// Raw returns e as it was received, from its start tag to its end tag.
func (e Element) Raw() string {
	n := e.node()
	return e.d.src[n.start:n.end]
}

// Children walks the child elements of e.
func (e Element) Children(yield func(Element) bool) {
	n := e.node()
	for i := e.i + 1; i < n.next; i = e.d.nodes[i].next {
		if e.d.nodes[i].isElement() && !yield(Element{e.d, i}) {
			return
		}
	}
}

// Leaf reports whether e holds no element.
func (e Element) Leaf() bool {
	n := e.node()
	for i := e.i + 1; i < n.next; i++ {
		if e.d.nodes[i].isElement() {
			return false
		}
	}
	return true
}

// Blank reports whether e holds only white space beside its child elements.
func (e Element) Blank() bool {
	n := e.node()
	for i := e.i + 1; i < n.next; i = e.d.nodes[i].next {
		if c := &e.d.nodes[i]; c.flags&cdata != 0 || c.flags&text != 0 && !isBlank(e.d.src[c.start:c.end]) {
			return false
		}
	}
	return true
}

// Text returns the character data of e, unescaped and with normalized line ends; ok is false when e holds elements.
func (e Element) Text() (text string, ok bool) {
	n := e.node()
	first := e.i + 1
	switch {
	case !e.Leaf():
		return "", false
	case first == n.next:
		return "", true
	case first+1 == n.next:
		return e.d.data(first), true
	}
	var b strings.Builder
	for i := first; i < n.next; i++ {
		b.WriteString(e.d.data(i))
	}
	return b.String(), true
}

func (d *Document) data(i int32) string {
	n := &d.nodes[i]
	raw := d.src[n.start:n.end]
	switch {
	case n.flags&escaped == 0:
		return raw
	case n.flags&cdata != 0:
		return lineEnds(raw)
	}
	return unescape(raw, false)
}

// Attr returns the value of an attribute, normalized; an attribute without prefix has no namespace.
func (e Element) Attr(space, local string) (value string, ok bool) {
	n := e.node()
	own := e.d.attributes(n)
	for i := range own {
		a := &own[i]
		if e.d.attrLocal(a) == local && e.d.spaces[a.space] == space {
			return e.d.attrValue(a), true
		}
	}
	return "", false
}
