package xmldsig

import (
	"crypto"
	"crypto/subtle"
	"hash"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Stream verifies the enveloped signature of a root whose children come one by one, from xmlgate.Stream: its methods are
// called with what a Handler gets. NewStream makes it. It accepts what Verify does, but the signature must be the first
// child element, and with a canonicalization that keeps comments IgnoreComments is needed.
//
// The elements that it returns are read again from the canonical octets, as those of Verify. Do not believe them before
// Close returned nil for the root. When the root has no signature, the elements are returned as they came.
type Stream struct {
	keys   []crypto.PublicKey
	policy Policy
	c      canonicalizer

	lead    []byte // text before the signature
	decided bool   // the first child element was there
	info    *signedInfo
	hash    hash.Hash // nil when there is no signature

	tags   []byte // canonical start tags of the opened elements
	levels []level
	buf    []byte
	whole  []byte
	spare  int // how many bytes the second gate may still read
}

// level is an opened element.
type level struct {
	name     string
	tags     int // length of tags around it
	rendered int // declarations around it
	in       place
	signed   bool
}

const (
	// maxLead is the most text before the signature, and what each canonical piece may have beside four times its text.
	maxLead = 64 << 10
	// The second gate reads the start tags around a piece again with each piece. In all it may read so many times the
	// text, and so many bytes more, or long tags around small pieces would cost quadratic time.
	timesRead = 32
	moreRead  = 8 << 20
)

// NewStream verifies with keys, under p.
func NewStream(keys []crypto.PublicKey, p Policy) *Stream {
	s := &Stream{keys: keys, policy: p, spare: moreRead}
	s.c.rendered, s.c.attrs = s.c.room.rendered[:0], s.c.room.attrs[:0]
	return s
}

// Signed reports whether the root has a signature; false as long as its first child element was not there.
func (s *Stream) Signed() bool { return s.hash != nil }

// Open takes an element that is opened, and returns it.
func (s *Stream) Open(e xmlgate.Element) (xmlgate.Element, error) {
	if len(s.levels) == 0 {
		s.levels = append(s.levels, level{in: holder})
		return e, nil
	}
	if s.decided = true; s.hash == nil {
		s.levels = append(s.levels, level{})
		return e, nil
	}
	if e.Space() == space {
		return e, refuse(CheckPlace, "a signature where none is allowed")
	}
	return s.push(e, s.levels[len(s.levels)-1].in.step(rootOf(e), e.Parent(), e))
}

// push writes the start tag of e.
func (s *Stream) push(e xmlgate.Element, in place) (xmlgate.Element, error) {
	rendered := len(s.c.rendered)
	s.c.out = s.buf[:0]
	s.c.open(e, len(s.levels) == 0)
	for i := rendered; i < len(s.c.rendered); i++ { // the text that they are of must not stay in memory
		n := &s.c.rendered[i]
		n.prefix, n.name = strings.Clone(n.prefix), strings.Clone(n.name)
	}
	s.levels = append(s.levels, level{strings.Clone(e.Name()), len(s.tags), rendered, in, false})
	s.tags = append(s.tags, s.c.out...)
	s.write()
	return s.read(nil, len(s.c.out))
}

// write digests what is in c.out.
func (s *Stream) write() {
	s.hash.Write(s.c.out)
	s.buf = s.c.out
}

// read is the second gate, for octets between the start tags of the opened elements. It returns the innermost element, or
// what octets hold. The text that they are of has size bytes.
func (s *Stream) read(octets []byte, size int) (xmlgate.Element, error) {
	if s.spare += timesRead*size - len(s.tags) - len(octets); s.spare < 0 {
		return xmlgate.Element{}, refuse(CheckOctets, "the start tags around the parts are too long for so many parts")
	}
	s.whole = append(append(s.whole[:0], s.tags...), octets...)
	for _, l := range slices.Backward(s.levels) {
		s.whole = append(append(append(s.whole, '<', '/'), l.name...), '>')
	}
	d, err := s.policy.read(s.whole)
	if err != nil {
		return xmlgate.Element{}, err
	}
	e, depth := d.Root(), len(s.levels)
	if octets != nil {
		depth++
	}
	for range depth - 1 {
		for child := range e.Children {
			e = child
			break
		}
	}
	return e, nil
}

// Child takes a child of the innermost opened element. It returns the element; for the signature of the root that is the
// root, without children; for text none.
func (s *Stream) Child(n xmlgate.Node) (xmlgate.Element, error) {
	e := n.Element()
	switch {
	case !s.decided && !e.OK():
		if len(s.lead)+len(n.Text()) > maxLead {
			return e, refuse(CheckOctets, "there is too much text before the signature")
		}
		s.lead = appendText(s.lead, n.Text())
		return e, nil
	case !s.decided:
		if s.decided = true; !e.Is(space, "Signature") {
			return e, nil
		}
		return s.begin(e)
	case s.hash == nil && len(s.levels) == 1 && e.OK() && e.Is(space, "Signature"):
		return e, refuse(CheckPlace, "the signature is not the first child")
	case s.hash == nil:
		return e, nil
	case !e.OK():
		s.c.out = s.buf[:0]
		s.c.text(n)
		s.write()
		return e, nil
	}
	if err := s.checkPlace(e); err != nil {
		return e, err
	}
	s.c.out = s.buf[:0]
	s.c.limit = 4*len(e.Raw()) + maxLead
	if !s.c.element(e, false) {
		return e, refuse(CheckOctets, "the signed octets are over the limit")
	}
	s.write()
	return s.read(s.c.out, len(e.Raw()))
}

// checkPlace is what locate and strays check in a whole element.
func (s *Stream) checkPlace(e xmlgate.Element) error {
	around := &s.levels[len(s.levels)-1]
	root, in := rootOf(e), elsewhere
	if e.Space() == space {
		switch e.Local() {
		case "Object", "Manifest":
			return refuse(CheckPlace, "a signature where none is allowed")
		case "Signature":
			switch {
			case len(s.levels) == 1:
				return refuse(CheckPlace, "two signatures of one element")
			case around.signed || around.in != holder:
				return refuse(CheckPlace, "a signature where none is allowed")
			}
			around.signed = true
		}
	} else {
		in = around.in.step(root, e.Parent(), e)
	}
	if strays(root, e, in) {
		return refuse(CheckPlace, "a signature where none is allowed")
	}
	return nil
}

func rootOf(e xmlgate.Element) xmlgate.Element {
	for around := range e.Ancestors {
		return around
	}
	return e
}

// begin verifies what the keys signed, and writes the root up to its signature.
func (s *Stream) begin(signature xmlgate.Element) (xmlgate.Element, error) {
	root := signature.Parent()
	received, value, err := parts(signature)
	if err != nil {
		return root, err
	}
	if strays(root, signature, elsewhere) {
		return root, refuse(CheckPlace, "a signature where none is allowed")
	}
	info, octets, err := s.policy.signedInfo(&canonicalizer{}, received, nil, 4*len(signature.Raw())+maxLead)
	if err != nil {
		return root, err
	}
	if err := s.policy.verify(info.algorithm, octets, value, false, s.keys); err != nil {
		return root, err
	}
	if err := s.policy.refersTo(info.uri, root); err != nil {
		return root, err
	}
	if info.transform.comments && !s.policy.IgnoreComments { // those between the children are not seen
		return root, refuse(CheckTransform, "a canonicalization with comments, of what is read in parts")
	}
	info.transform.comments = false
	s.info, s.hash, s.c.c14n = &info, info.hash.New(), info.transform
	s.levels = s.levels[:0]
	if root, err = s.push(root, holder); err != nil {
		return root, err
	}
	s.hash.Write(s.lead)
	return root, nil
}

// Close ends the innermost opened element. For the root it compares the digest.
func (s *Stream) Close() error {
	last := len(s.levels) - 1
	l := s.levels[last]
	s.levels = s.levels[:last]
	if s.hash == nil {
		return nil
	}
	s.c.out = append(append(append(s.buf[:0], '<', '/'), l.name...), '>')
	s.write()
	s.tags = s.tags[:l.tags]
	s.c.leave(l.rendered)
	if last == 0 && subtle.ConstantTimeCompare(s.hash.Sum(nil), s.info.digest) != 1 {
		return refuse(CheckDigest, anotherContent)
	}
	return nil
}
