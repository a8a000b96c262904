package xmlgate

import (
	"hash/maphash"
	"strings"
)

const (
	defaultMaxBytes = 1 << 20
	defaultMaxNodes = 100_000

	maxDepth  = 64      // elements within elements
	maxAttrs  = 64      // attributes and declarations of one element
	maxName   = 1 << 10 // bytes of a name with its prefix, and of a namespace: attributes are compared by it
	maxValue  = 1 << 16 // bytes of an attribute's value
	maxScoped = 256     // namespace declarations in scope
	maxSpaces = 1 << 16 // names of namespaces
)

// Options are the limits, and what differs between kinds of messages.
type Options struct {
	// MaxBytes is the longest text; 0 means 1 MiB. It is at most 1 GiB.
	MaxBytes int
	// MaxNodes is the most elements, runs of text and attributes together; 0 means 100,000.
	MaxNodes int
	// Comments reports whether comments are allowed inside an element. It is asked for every element around a comment,
	// and all must agree. nil refuses comments everywhere.
	Comments func(space, local string) bool
	// Instructions accepts processing instructions before the root, such as xml-stylesheet. They are skipped.
	Instructions bool
	// AnyIDs accepts IDs that are not names, which some servers write.
	AnyIDs bool
	// Unsigned also accepts, where Comments agrees, CDATA sections beside other content, and IDs that are not names or
	// appear twice. It is for messages that are never signed: nothing refers to their IDs.
	Unsigned bool
	// OddParts lets Stream accept, inside the children of opened elements, what breaks a rule of this gate and none of XML:
	// comments, CDATA sections and processing instructions where none are allowed, IDs that are not names or appear twice,
	// and relative namespaces. Element.Odd tells of it. It is for texts that are not signed, of which one part may be
	// refused without the others.
	OddParts bool
}

// Parse checks a whole message. The error is an [*Error]. The cost is linear in the length of s.
func Parse(s string, o Options) (*Document, error) {
	o.complete()
	if len(s) > o.MaxBytes {
		return nil, &Error{Limit, o.MaxBytes}
	}
	from := afterMark(s)
	if bad := checkChars(s, from); bad >= 0 {
		return nil, &Error{Encoding, bad}
	}
	// An element has two tags, and about every second one a text; an indented one has another, with a line end. What is
	// written less densely grows.
	tags := strings.Count(s, "<")
	nodes := min(tags*7/8+2+min(strings.Count(s, "\n"), tags*5/8), 1024, o.MaxNodes)
	attrs := min(strings.Count(s, "="), 1024, o.MaxNodes)
	var p parser
	p.begin(&o)
	p.src, p.nodes, p.attrs = s, make([]node, 0, nodes), make([]attr, 0, attrs)
	if i := p.declaration(from); i < 0 || !p.document(i) {
		return nil, &Error{p.reason, p.offset}
	}
	d := p.Document
	return &d, nil
}

func (o *Options) complete() {
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.MaxNodes <= 0 {
		o.MaxNodes = defaultMaxNodes
	}
	o.MaxBytes = min(o.MaxBytes, 1<<30)
}

// begin takes the options. The text is not there yet.
func (p *parser) begin(o *Options) {
	p.comments, p.anyIDs, p.unsigned, p.pis, p.left, p.oddParts = o.Comments, o.AnyIDs, o.Unsigned, o.Instructions, o.MaxNodes, o.OddParts
	p.seed = maphash.MakeSeed()
	p.spaces = append(make([]string, 0, 8), "", xmlSpace, xmlnsSpace)
}

// afterMark skips a byte order mark at the start of s.
func afterMark(s string) int {
	if strings.HasPrefix(s, byteOrderMark) {
		return len(byteOrderMark)
	}
	return 0
}

// parser makes the pass. Its methods take the offset where their part begins and return the offset after it, or keep the
// reason and return -1.
type parser struct {
	Document
	anyIDs   bool
	unsigned bool
	pis      bool // processing instructions before the root
	oddParts bool
	comments func(space, local string) bool
	left     int // nodes and attributes that may still come

	open     [maxDepth]frame // the elements around the current place
	depth    int
	agreed   int  // how many of them were asked about comments: each is asked once, however many there are
	declares bool // the current start tag has a namespace declaration
	closed   bool // the current element may hold nothing more: it holds a CDATA section
	scope    [maxScoped]binding
	scoped   int32
	prefixes *Prefixes // of scope, when many are in it
	ids      nameSet
	seed     maphash.Seed // of hashes, so that nobody can choose names of one hash
	opened   int          // how many of the open elements have their children read one by one, the outermost; see Stream

	reason Reason
	offset int
}

// frame is an element that is open: its node, and how many declarations were in scope before its own.
type frame struct{ node, scoped int32 }

func (p *parser) fail(reason Reason, offset int) int {
	p.reason, p.offset = reason, offset
	return -1
}

// bend reports whether what breaks a rule of the gate is accepted here, and keeps the first such reason.
func (p *parser) bend(reason Reason, offset int) bool {
	if !p.oddParts || p.opened == 0 {
		return false
	}
	if p.odd == nil {
		p.odd = &Error{reason, offset}
	}
	return true
}

// add appends a node, which the caller writes in place: that is faster than a copy. It is nil when there is no room.
func (p *parser) add() *node {
	if p.left--; p.left < 0 {
		return nil
	}
	p.nodes = append(p.nodes, node{})
	return &p.nodes[len(p.nodes)-1]
}

func (p *parser) document(i int) bool {
	s := p.src
	for i < len(s) {
		if s[i] != '<' {
			i = p.text(i)
		} else {
			i = p.markup(i)
		}
		if i < 0 {
			return false
		}
	}
	if p.depth > 0 {
		return p.fail(Syntax, i) >= 0
	}
	if len(p.nodes) == 0 {
		return p.fail(Root, i) >= 0
	}
	return true
}

// markup reads what begins with <.
func (p *parser) markup(i int) int {
	rest := p.src[i:]
	switch {
	case strings.HasPrefix(rest, "</"):
		return p.endTag(i)
	case !strings.HasPrefix(rest, "<!") && !strings.HasPrefix(rest, "<?"):
		return p.startTag(i)
	case strings.HasPrefix(rest, "<!--"):
		return p.comment(i)
	case strings.HasPrefix(rest, "<![CDATA["):
		return p.cdata(i)
	case strings.HasPrefix(rest, "<!"):
		return p.fail(Doctype, i)
	}
	return p.instruction(i)
}
