package xmldsig

import (
	"crypto"
	"crypto/subtle"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Verify checks the one enveloped signature of e with each of the keys, and returns the document of the octets that the
// key signed: e without the signature, canonicalized and parsed again by the gate. Believe nothing else of e. At most 20
// keys that fit are tried. The error is an [*Error].
//
// Inside e another signature is allowed only as a child of an Assertion that is a child of e, of the Response in an
// ArtifactResponse and of its Assertion, or in the parts of metadata that have their own (SAML Metadata §2.3, §2.4). It is not verified. The elements around e are not looked at.
func Verify(e xmlgate.Element, keys []crypto.PublicKey, p Policy) (*xmlgate.Document, error) {
	if !e.OK() {
		return nil, refuse(CheckMissing, "there is no element")
	}
	signature, err := p.locate(e)
	if err != nil {
		return nil, err
	}
	received, value, err := parts(signature)
	if err != nil {
		return nil, err
	}
	size := len(e.Raw())
	limit := 4*size + 4<<10
	// Room for a few namespaces that the text declares once around several elements, and the output at each.
	room := size - len(signature.Raw())
	c := &canonicalizer{}
	info, octets, err := p.signedInfo(c, received, make([]byte, 0, room+room/8+1024), limit)
	if err != nil {
		return nil, err
	}
	if err := p.verify(info.algorithm, octets, value, false, keys); err != nil {
		return nil, err
	}
	return p.signed(c, e, signature, &info, octets[:0], limit)
}

// signedInfo canonicalizes the received SignedInfo and reads it again from those octets: the key signs them, and nothing
// of the received element is used after that.
func (p *Policy) signedInfo(c *canonicalizer, received xmlgate.Element, room []byte, limit int) (info signedInfo, octets []byte, err error) {
	var first xmlgate.Element
	for first = range received.Children {
		break
	}
	if !first.OK() || !first.Is(space, "CanonicalizationMethod") {
		return info, nil, refuse(CheckShape, "SignedInfo does not begin with its CanonicalizationMethod")
	}
	method, err := p.c14nOf(first)
	if err != nil {
		return info, nil, err
	}
	if octets, err = c.write(room, received, xmlgate.Element{}, method, limit); err != nil {
		return info, nil, err
	}
	read, err := p.read(octets)
	if err != nil {
		return info, nil, err
	}
	if info, err = p.readSignedInfo(read.Root()); err != nil {
		return info, nil, err
	}
	if !info.method.equal(&method) {
		return info, nil, refuse(CheckShape, "two canonicalizations")
	}
	return info, octets, nil
}

// signed compares the digest of e without its signature, and returns what the gate reads from the digested octets.
func (p *Policy) signed(c *canonicalizer, e, signature xmlgate.Element, info *signedInfo, room []byte, limit int) (*xmlgate.Document, error) {
	if err := p.refersTo(info.uri, e); err != nil {
		return nil, err
	}
	method := info.transform
	method.comments = method.comments && !p.IgnoreComments
	octets, err := c.write(room, e, signature, method, limit)
	if err != nil {
		return nil, err
	}
	var digest [64]byte
	if len(octets) == 0 || subtle.ConstantTimeCompare(sum(info.hash, digest[:0], octets), info.digest) != 1 {
		return nil, refuse(CheckDigest, anotherContent)
	}
	return p.read(octets)
}

const anotherContent = "it is the digest of another content"

// refersTo refuses a reference to anything but e (SAML Core §5.4.2).
func (p *Policy) refersTo(uri string, e xmlgate.Element) error {
	id, ok := e.Attr("", "ID")
	id = strings.Trim(id, " ") // as the gate compares it
	switch {
	case uri == "":
		if !p.AllowEmptyReference {
			return refuse(CheckReference, "the reference is empty, which only AllowEmptyReference accepts")
		}
		if !e.Root() {
			return refuse(CheckReference, "the reference is empty, and the element is not the root")
		}
	case !ok || id == "" || uri != "#"+id:
		return refuse(CheckReference, "the reference is not to the parent element of the signature")
	}
	return nil
}

// read is the second gate.
func (p *Policy) read(octets []byte) (*xmlgate.Document, error) {
	d, err := xmlgate.Parse(string(octets), xmlgate.Options{MaxBytes: len(octets), MaxNodes: p.MaxNodes, AnyIDs: p.AllowAnyIDs})
	if err != nil {
		return nil, &Error{CheckOctets, "the gate refused the signed octets", err}
	}
	return d, nil
}
