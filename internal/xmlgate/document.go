package xmlgate

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// Document is a text that passed. It is immutable and safe for concurrent use.
type Document struct {
	src    string
	nodes  []node
	attrs  []attr
	spaces []string // namespace names; a node keeps an index, so that it has no pointers
}

// The first namespace names of every document.
const (
	noSpace = iota
	inXML
	inXMLNS
)

type kind uint8

const (
	element kind = iota
	text         // character data, to be unescaped
	cdata        // the inside of a CDATA section
)

// node is an element or a run of character data, in document order. All numbers but attr, next, space and
// attrs are offsets into the text.
type node struct {
	start, end  int32 // an element from < to behind its end tag; character data as it stands
	local, name int32 // where an element's local name begins, and where its name ends
	attr        int32 // its first attribute
	next        int32 // the node behind it and all it holds
	space       int32
	attrs       uint8 // how many attributes
	kind        kind
	escaped     bool // has references or line ends that are to be replaced
	greater     bool // text has > as it stands
}

// attr is an attribute or a namespace declaration.
type attr struct {
	start, local, name int32 // where its name and its local name begin, and where both end
	value, end         int32 // its value, without the quotes
	space              int32
	escaped            bool // has references or white space that are to be replaced
	tight              bool // stands behind a space, in double quotes, and without space around =
}

// attributes are those of a node, declarations included.
func (d *Document) attributes(n *node) []attr { return d.attrs[n.attr:][:n.attrs] }

func (d *Document) attrLocal(a *attr) string { return d.src[a.local:a.name] }

func (d *Document) attrValue(a *attr) string {
	raw := d.src[a.value:a.end]
	if a.escaped {
		return unescape(raw, true)
	}
	return raw
}

// Root returns the root element.
func (d *Document) Root() Element { return Element{d, 0} }
