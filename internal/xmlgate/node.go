package xmlgate

// Node is a cursor at an element or a run of character data.
type Node struct {
	d *Document
	i int32
}

// Nodes walks the child elements and the character data of e, in their order.
func (e Element) Nodes(yield func(Node) bool) {
	n := e.node()
	for i := e.i + 1; i < n.next; i = e.d.nodes[i].next {
		if !yield(Node{e.d, i}) {
			return
		}
	}
}

// Element returns n as an element; it is the zero Element when n is character data.
func (n Node) Element() Element {
	if !n.d.nodes[n.i].isElement() {
		return Element{}
	}
	return Element(n)
}

// Text returns character data, unescaped and with normalized line ends.
func (n Node) Text() string { return n.d.data(n.i) }

// Canonical returns character data as it was written, when its canonical form is the same.
func (n Node) Canonical() (run string, ok bool) {
	at := &n.d.nodes[n.i]
	return n.d.src[at.start:at.end], at.flags == text
}
