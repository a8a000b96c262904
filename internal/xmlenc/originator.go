package xmlenc

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/x509"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// sig11Space is the namespace of XML Signature 1.1 (§1.2).
const sig11Space = "http://www.w3.org/2009/xmldsig11#"

// readOriginator reads the one key of an OriginatorKeyInfo (XML Signature 1.1 §4.5.2.3, §4.5.9). A name or a certificate
// beside it is a hint and not read.
func readOriginator(e xmlgate.Element) (key *ecdh.PublicKey, err error) {
	none := refuse(CheckShape, "OriginatorKeyInfo has not exactly one elliptic curve key")
	if !e.Blank() {
		return nil, none
	}
	for child := range e.Children {
		var value xmlgate.Element
		switch {
		case child.Is(sigSpace, "KeyName"), child.Is(sigSpace, "X509Data"):
			continue
		case child.Is(sig11Space, "DEREncodedKeyValue"):
			value = child
		case child.Is(sigSpace, "KeyValue"):
			found, err := sequence(child, name{sig11Space, "ECKeyValue"})
			if err != nil {
				return nil, err
			}
			value = found[0]
		}
		if key != nil || !value.OK() {
			return nil, none
		}
		if key, err = readPoint(value); err != nil {
			return nil, err
		}
	}
	if key == nil {
		return nil, none
	}
	return key, nil
}

// readPoint reads an ECKeyValue or a DEREncodedKeyValue. The point must be on its curve: with another one each answer
// would tell something of our key.
func readPoint(e xmlgate.Element) (*ecdh.PublicKey, error) {
	bad := refuse(CheckShape, "the key in OriginatorKeyInfo cannot be read")
	if e.Local() == "DEREncodedKeyValue" {
		der, err := octets(e)
		if err != nil {
			return nil, err
		}
		parsed, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			return nil, bad
		}
		key, ok := parsed.(*ecdsa.PublicKey)
		if !ok {
			return nil, bad
		}
		point, err := key.ECDH()
		if err != nil {
			return nil, refuse(CheckAlgorithm, "the curve of OriginatorKeyInfo is unknown")
		}
		return point, nil
	}
	found, err := sequence(e, name{sig11Space, "NamedCurve"}, name{sig11Space, "PublicKey"})
	switch {
	case err != nil:
		return nil, err
	case !found[0].OK() || !found[1].OK():
		return nil, bad
	}
	uri, _ := found[0].Attr("", "URI")
	curve := curveOf(uri)
	if curve == nil {
		return nil, refuse(CheckAlgorithm, "the curve of OriginatorKeyInfo is unknown")
	}
	text, err := octets(found[1])
	if err != nil {
		return nil, err
	}
	point, err := curve.NewPublicKey(text)
	if err != nil {
		return nil, bad
	}
	return point, nil
}

// curveOf lists the curves by their object identifiers (RFC 5480 §2.1.1.1).
func curveOf(uri string) ecdh.Curve {
	switch uri {
	case "urn:oid:1.2.840.10045.3.1.7":
		return ecdh.P256()
	case "urn:oid:1.3.132.0.34":
		return ecdh.P384()
	case "urn:oid:1.3.132.0.35":
		return ecdh.P521()
	}
	return nil
}
