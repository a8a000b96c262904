package xmlgate

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// Document is an accepted text. It is immutable and safe for concurrent use.
type Document struct {
	src    string
	nodes  []node
	attrs  []attr
	spaces []string // namespace names; a node keeps an index, so that it has no pointers
	odd    *Error   // of the current child of Stream
}

// The first namespace names of every document.
const (
	noSpace = iota
	inXML
	inXMLNS
)

// node is an element or a run of character data, in document order. Its numbers are small, because a document is mostly
// nodes and attributes: start, end and next are offsets in the whole text, local and name in one name, whose length
// the gate limits.
type node struct {
	start, end  int32  // an element from < to the end of its end tag; character data as it was written
	attr        int32  // its first attribute
	next        int32  // the node after it and all it holds
	local, name uint16 // where an element's local name begins, and where its name ends, counted from start
	space       uint16
	attrs       uint8 // how many attributes
	flags       uint8
}

// attr is an attribute or a namespace declaration.
type attr struct {
	start       int32  // where its name begins
	value, end  int32  // its value, without the quotes
	local, name uint16 // where its local name begins, and where its name ends, counted from start
	space       uint16
	flags       uint8
}

// The flags of nodes and attributes.
const (
	text    = 1 << iota // character data, to be unescaped; a node that is neither text nor cdata is an element
	cdata               // the inside of a CDATA section
	escaped             // has references, line ends or white space that are to be replaced
	greater             // text has > and no reference for it
	tight               // an attribute after one space, in double quotes, and without space around =
)

func (n *node) isElement() bool { return n.flags&(text|cdata) == 0 }

// attributes are those of a node, declarations included.
func (d *Document) attributes(n *node) []attr { return d.attrs[n.attr:][:n.attrs] }

// prefix, nodeLocal and attrLocal return parts of names; prefix takes where a name begins, and where its local part
// does, counted from there.
func (d *Document) prefix(start int32, local uint16) string {
	if local == 0 {
		return ""
	}
	return d.src[start : start+int32(local)-1]
}

func (d *Document) nodeLocal(n *node) string {
	return d.src[n.start+int32(n.local) : n.start+int32(n.name)]
}

func (d *Document) attrLocal(a *attr) string {
	return d.src[a.start+int32(a.local) : a.start+int32(a.name)]
}

func (d *Document) attrValue(a *attr) string {
	raw := d.src[a.value:a.end]
	if a.flags&escaped != 0 {
		return unescape(raw, true)
	}
	return raw
}

// Root returns the root element.
func (d *Document) Root() Element { return Element{d, 0} }
