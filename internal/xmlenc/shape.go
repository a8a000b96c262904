package xmlenc

import (
	"encoding/base64"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// The namespaces (XML Encryption 1.1 §1.3).
const (
	encSpace   = "http://www.w3.org/2001/04/xmlenc#"
	enc11Space = "http://www.w3.org/2009/xmlenc11#"
	sigSpace   = "http://www.w3.org/2000/09/xmldsig#"
)

type name struct{ space, local string }

// sequence returns the child elements of e by their places in order: each appears at most once, in that order, and
// there is nothing else.
func sequence(e xmlgate.Element, order ...name) (found [5]xmlgate.Element, err error) {
	if !e.Blank() {
		return found, refuse(CheckShape, e.Local()+" has text beside its elements")
	}
	next := 0
	for child := range e.Children {
		for next < len(order) && !child.Is(order[next].space, order[next].local) {
			next++
		}
		if next == len(order) {
			return found, refuse(CheckShape, e.Local()+" has an element that is unknown, out of its place, or repeated")
		}
		found[next] = child
		next++
	}
	return found, nil
}

// cipherValue returns the octets of a CipherData (XML Encryption 1.1 §3.3). A CipherReference is never followed: the
// reader would fetch and transform what an attacker names.
func cipherValue(e xmlgate.Element) ([]byte, error) {
	if !e.OK() {
		return nil, refuse(CheckShape, "there is no CipherData")
	}
	for child := range e.Children {
		if child.Is(encSpace, "CipherReference") {
			return nil, refuse(CheckShape, "a CipherReference is not followed")
		}
	}
	found, err := sequence(e, name{encSpace, "CipherValue"})
	if err != nil {
		return nil, err
	}
	if !found[0].OK() {
		return nil, refuse(CheckShape, "there is no CipherValue")
	}
	return octets(found[0])
}

// octets decodes the base64 of an element. White space in it is ignored, and nothing else.
func octets(e xmlgate.Element) ([]byte, error) {
	text, ok := e.Text()
	if !ok {
		return nil, refuse(CheckShape, e.Local()+" holds elements")
	}
	packed := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			packed = append(packed, c)
		}
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(packed)))
	n, err := base64.StdEncoding.Strict().Decode(out, packed)
	if err != nil {
		return nil, refuse(CheckShape, e.Local()+" is not base64")
	}
	return out[:n], nil
}

// empty reports whether e holds nothing.
func empty(e xmlgate.Element) bool { return e.Leaf() && e.Blank() }
