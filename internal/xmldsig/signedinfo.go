package xmldsig

import (
	"crypto"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

// signedInfo is what was signed (XML Signature 1.1 §4.4).
type signedInfo struct {
	method    c14n // of the SignedInfo itself
	algorithm Algorithm
	uri       string // of the one reference
	transform c14n
	hash      crypto.Hash
	digest    []byte
}

// readSignedInfo reads a SignedInfo with exactly one Reference.
func (p *Policy) readSignedInfo(e xmlgate.Element) (info signedInfo, err error) {
	var parts [3]xmlgate.Element
	if !sequence(e, parts[:], "CanonicalizationMethod", "SignatureMethod", "Reference") {
		return info, refuse(CheckShape, "SignedInfo does not hold exactly its two methods and one Reference")
	}
	if info.method, err = p.c14nOf(parts[0]); err != nil {
		return info, err
	}
	if !info.ownAttributes(e) {
		return info, refuse(CheckShape, "SignedInfo has an attribute that it may not have")
	}
	uri, ok := only(parts[1], "Algorithm")
	if !ok || !empty(parts[1]) {
		return info, refuse(CheckShape, "SignatureMethod is not exactly an Algorithm")
	}
	info.algorithm = Algorithm(uri)
	if err := p.allowed(info.algorithm); err != nil {
		return info, err
	}
	return info, p.readReference(&info, parts[2])
}

// ownAttributes reports whether SignedInfo has no attribute but Id and those of the namespace xml that an inclusive
// canonicalization copies from the elements around it.
func (info *signedInfo) ownAttributes(e xmlgate.Element) bool {
	for a := range e.Attrs {
		if !isID(a) && (a.Space() != xmlSpace || !info.method.inclusive) {
			return false
		}
	}
	return true
}

// readReference reads the one Reference (XML Signature 1.1 §4.4.3).
func (p *Policy) readReference(info *signedInfo, e xmlgate.Element) (err error) {
	var ok bool
	if info.uri, ok = only(e, "URI", "Id"); !ok {
		return refuse(CheckReference, "the Reference does not have exactly a URI")
	}
	var parts [3]xmlgate.Element
	if !sequence(e, parts[:], "Transforms", "DigestMethod", "DigestValue") {
		return refuse(CheckShape, "the Reference does not hold exactly Transforms, DigestMethod and DigestValue")
	}
	if info.transform, err = p.readTransforms(parts[0]); err != nil {
		return err
	}
	uri, ok := only(parts[1], "Algorithm")
	if !ok || !empty(parts[1]) {
		return refuse(CheckShape, "DigestMethod is not exactly an Algorithm")
	}
	if info.hash, err = p.digestMethod(uri); err != nil {
		return err
	}
	info.digest, ok = decode(parts[2])
	if !ok || len(info.digest) != info.hash.Size() || !bare(parts[2]) {
		return refuse(CheckDigest, "DigestValue is not the base64 of a digest")
	}
	return nil
}

// readTransforms reads exactly the two that SAML allows: enveloped signature, then a canonicalization
// (SAML Core §5.4.4).
func (p *Policy) readTransforms(e xmlgate.Element) (c14n, error) {
	var parts [2]xmlgate.Element
	if !sequence(e, parts[:], "Transform", "Transform") || !bare(e) {
		return c14n{}, refuse(CheckTransform, "the transforms are not exactly enveloped signature and a canonicalization")
	}
	if uri, ok := only(parts[0], "Algorithm"); !ok || uri != enveloped || !empty(parts[0]) {
		return c14n{}, refuse(CheckTransform, "the first transform is not exactly enveloped signature")
	}
	return p.c14nOf(parts[1])
}

// bare reports whether e has no attribute.
func bare(e xmlgate.Element) bool {
	for range e.Attrs {
		return false
	}
	return true
}
