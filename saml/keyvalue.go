package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"strings"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const nsDSig11 = "http://www.w3.org/2009/xmldsig11#"

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
	named, err := child(e, nsDSig11, "NamedCurve", CheckMetadata)
	if err != nil || !named.OK() {
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

// writeKeyValue writes a key without certificate (XML Signature 1.1 §4.5.2).
func writeKeyValue(info *etree.Element, key crypto.PublicKey) error {
	value := info.CreateElement("ds:KeyValue")
	text := base64.StdEncoding.EncodeToString
	switch k := key.(type) {
	case *rsa.PublicKey:
		e := value.CreateElement("ds:RSAKeyValue")
		e.CreateElement("ds:Modulus").SetText(text(k.N.Bytes()))
		e.CreateElement("ds:Exponent").SetText(text(big.NewInt(int64(k.E)).Bytes()))
		return nil
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			return err
		}
		for _, uri := range [...]string{curveP256, curveP384, curveP521} {
			if curve(uri) == k.Curve {
				e := value.CreateElement("dsig11:ECKeyValue")
				e.CreateAttr("xmlns:dsig11", nsDSig11)
				e.CreateElement("dsig11:NamedCurve").CreateAttr("URI", uri)
				e.CreateElement("dsig11:PublicKey").SetText(text(point))
				return nil
			}
		}
	}
	return errNoKey
}

func decodeChild(e xmlgate.Element, space, local string) ([]byte, bool) {
	found, err := child(e, space, local, CheckMetadata)
	if err != nil || !found.OK() {
		return nil, false
	}
	return octets(found)
}

// octets reads an element's octets; white space is free (XML Schema part 2 §3.2.16).
func octets(e xmlgate.Element) ([]byte, bool) {
	text, ok := e.Text()
	if !ok {
		return nil, false
	}
	data, err := base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(text), ""))
	return data, err == nil && len(data) > 0
}
