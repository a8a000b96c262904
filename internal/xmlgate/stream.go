package xmlgate

import (
	"io"
	"strings"
)

// Handler gets the parts of a long text from Stream. An error ends the pass.
type Handler interface {
	// Open says whether the children of e are wanted one by one. It is asked about the root, and about each child of an
	// element of which that was so. Only e itself and what is around it are there yet.
	Open(e Element) (bool, error)
	// Child gets a child of an opened element, or a root that was not opened. With the opened elements around it, it is a
	// tree of its own, which ends when Child returns.
	Child(n Node) error
	// Close is the end of the innermost opened element.
	Close() error
}

// Stream checks a text as Parse does, in one pass that never holds all of it: memory is a multiple of the largest child
// that h gets, and of the IDs in the text. MaxNodes limits each child. In an opened element CDATA is refused. What h got
// is not accepted before Stream returned nil. The error is an [*Error], or that of r or h.
func Stream(r io.Reader, o Options, h Handler) error {
	return streamBy(minPart, r, o, h)
}

// streamBy reads parts of that size, or more when much is kept.
func streamBy(part int, r io.Reader, o Options, h Handler) error {
	o.complete()
	s := stream{h: h, window: window{r: r, limit: o.MaxBytes, part: part}}
	s.begin(&o)
	s.ids.keepHashes()
	s.around[0].left = s.left
	return s.run()
}

// stream is a parser whose text grows at its end, and is cut where its nodes were given away. What is before around.head
// stays: opened elements, and the namespaces that they declare.
type stream struct {
	parser
	window
	h Handler

	mark   int  // the first node that was not given away
	asked  bool // Open was asked about it
	around [maxDepth + 1]opening
}

// opening is the state after the start tag of an opened element; the first one is that before the root.
type opening struct {
	head   int // length of the text that stays
	spaces int // how many namespaces stay
	left   int // nodes that each child may have
}

func (s *stream) run() error {
	for !s.ended && !strings.Contains(s.src, ">") {
		if err := s.fill(); err != nil {
			return err
		}
	}
	i := afterMark(s.src)
	if i = s.declaration(i); i < 0 {
		return s.refusal()
	}
	for {
		for !s.whole(i) && !s.ended {
			if err := s.fill(); err != nil {
				return err
			}
		}
		switch {
		case i == len(s.src):
			return s.finish(i)
		case s.src[i] != '<':
			i = s.text(i)
		default:
			i = s.markup(i)
		}
		if i < 0 {
			return s.refusal()
		}
		if err := s.deliver(i); err != nil {
			return err
		}
		i = s.cut(i)
	}
}

func (s *stream) fill() (err error) {
	s.src, err = s.grow(s.src)
	return err
}

func (s *stream) finish(i int) error {
	if s.depth > 0 {
		s.fail(Syntax, i)
		return s.refusal()
	}
	if len(s.nodes) == 0 {
		s.fail(Root, i)
		return s.refusal()
	}
	return nil
}

// Odd is why the gate would refuse the part of a text that e is in, with Options.OddParts; else nil.
func (e Element) Odd() *Error {
	if !e.OK() {
		return nil
	}
	return e.d.odd
}

func (s *stream) refusal() error { return &Error{s.reason, s.gone + s.offset} }

// deliver gives away what the token that ended at i completed.
func (s *stream) deliver(i int) error {
	switch {
	case s.depth < s.opened:
		if err := s.h.Close(); err != nil {
			return err
		}
		s.opened--
		s.drop(int(s.open[s.depth].node))
	case len(s.nodes) == s.mark:
		s.odd = nil // what was between the children is in none
	case s.depth == s.opened:
		for d := range s.opened {
			s.nodes[s.open[d].node].next = int32(len(s.nodes))
		}
		if err := s.h.Child(Node{&s.Document, int32(s.mark)}); err != nil {
			return err
		}
		s.drop(s.mark)
	case !s.asked:
		for k := s.around[s.opened].spaces; k < len(s.spaces); k++ {
			s.spaces[k] = strings.Clone(s.spaces[k])
		}
		for d := range s.opened {
			s.nodes[s.open[d].node].next = int32(len(s.nodes))
		}
		wanted, err := s.h.Open(Element{&s.Document, int32(s.mark)})
		if err != nil {
			return err
		}
		if s.asked = !wanted; wanted {
			s.opened++
			s.odd = nil // what it says of itself is in no child
			s.mark = len(s.nodes)
			s.around[s.opened] = opening{i, len(s.spaces), s.left}
		}
	}
	return nil
}

// drop forgets the nodes from first on; of the root it keeps one, so that there is no second.
func (s *stream) drop(first int) {
	s.asked, s.odd = false, nil
	if s.depth == 0 {
		s.mark = len(s.nodes)
		return
	}
	s.mark = first
	s.attrs = s.attrs[:s.attrsBefore(first)]
	s.nodes = s.nodes[:first]
	at := &s.around[s.opened]
	s.spaces, s.left = s.spaces[:at.spaces], at.left
}

func (s *stream) attrsBefore(first int) int {
	n := &s.nodes[first-1]
	return int(n.attr) + int(n.attrs)
}

// cut shortens the text by what was given away, and returns where i is then.
func (s *stream) cut(i int) int {
	head := s.around[s.opened].head
	if len(s.nodes) != s.mark || i-head < max(s.part, len(s.src)/4) { // a copy costs what stays
		return i
	}
	s.src = s.src[:head] + s.src[i:]
	s.gone += i - head
	return head
}

// whole reports whether the token at i ends in the text that is there.
func (s *stream) whole(i int) bool {
	rest := s.src[i:]
	const longest = len("<![CDATA[")
	switch {
	case rest == "":
		return false
	case rest[0] != '<':
		return strings.IndexByte(rest, '<') >= 0
	case len(rest) < longest:
		return false
	case strings.HasPrefix(rest, "<!--"):
		return strings.Contains(rest[len("<!--"):], "-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		return strings.Contains(rest, "]]>")
	case strings.HasPrefix(rest, "<?"):
		return strings.Contains(rest, "?>")
	}
	for at := 0; at < len(rest); at++ {
		switch c := rest[at]; c {
		case '>':
			return true
		case '"', '\'':
			size := strings.IndexByte(rest[at+1:], c)
			if size < 0 {
				return false
			}
			at += size + 1
		}
	}
	return false
}
