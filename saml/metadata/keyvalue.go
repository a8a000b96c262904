package metadata

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// keyError is a constant error.
type keyError string

// Error is the text.
func (e keyError) Error() string { return string(e) }

const errNoKey keyError = "the key value cannot be read"

// keyValue reads a KeyValue (XML Signature 1.1 §4.5.2).
func (r *keyReader) keyValue(e xmlgate.Element) {
	for child := range e.Children {
		switch {
		case child.Is(nsDSig, "RSAKeyValue"):
			r.add(rsaValue(child))
		case child.Is(nsDSig11, "ECKeyValue"):
			r.add(ecValue(child))
		default:
			r.skip("one of an unknown type of KeyValue")
		}
	}
}

func rsaValue(e xmlgate.Element) (*rsa.PublicKey, error) {
	modulus, ok := decodeChild(e, nsDSig, "Modulus")
	exponent, ok2 := decodeChild(e, nsDSig, "Exponent")
	n, x := new(big.Int).SetBytes(modulus), new(big.Int).SetBytes(exponent)
	if !ok || !ok2 || n.Sign() == 0 || !x.IsInt64() || x.Int64() < 3 || x.Int64() > 1<<31-1 || x.Bit(0) == 0 {
		return nil, errNoKey
	}
	return &rsa.PublicKey{N: n, E: int(x.Int64())}, nil
}

// The curves by their object identifiers (RFC 5480 §2.1.1.1).
const (
	curveP256 = "urn:oid:1.2.840.10045.3.1.7"
	curveP384 = "urn:oid:1.3.132.0.34"
	curveP521 = "urn:oid:1.3.132.0.35"
)

func curve(uri string) elliptic.Curve {
	switch uri {
	case curveP256:
		return elliptic.P256()
	case curveP384:
		return elliptic.P384()
	case curveP521:
		return elliptic.P521()
	}
	return nil
}

func ecValue(e xmlgate.Element) (*ecdsa.PublicKey, error) {
	named, ok := only(e, nsDSig11, "NamedCurve")
	if !ok {
		return nil, errNoKey
	}
	uri, _ := named.Attr("", "URI")
	point, ok := decodeChild(e, nsDSig11, "PublicKey")
	c := curve(uri)
	if c == nil || !ok {
		return nil, errNoKey
	}
	return ecdsa.ParseUncompressedPublicKey(c, point)
}

func decodeChild(e xmlgate.Element, space, local string) ([]byte, bool) {
	found, ok := only(e, space, local)
	if !ok {
		return nil, false
	}
	return octets(found)
}

// only returns the child of e with that name, when there is exactly one.
func only(e xmlgate.Element, space, local string) (found xmlgate.Element, ok bool) {
	for child := range e.Children {
		if child.Is(space, local) {
			if found.OK() {
				return xmlgate.Element{}, false
			}
			found = child
		}
	}
	return found, found.OK()
}

// octets reads xs:base64Binary (XML Schema part 2 §3.2.16), and ignores any white space: people paste certificates.
func octets(e xmlgate.Element) ([]byte, bool) {
	text, ok := e.Text()
	if !ok {
		return nil, false
	}
	data, err := base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(text), ""))
	return data, err == nil && len(data) > 0
}
