package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"

	"github.com/beevik/etree"
)

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
		e := value.CreateElement("dsig11:ECKeyValue")
		e.CreateAttr("xmlns:dsig11", nsDSig11)
		e.CreateElement("dsig11:NamedCurve").CreateAttr("URI", curve(k.Curve))
		e.CreateElement("dsig11:PublicKey").SetText(text(point))
		return nil
	}
	return fmt.Errorf("a key of type %T has no KeyValue", key)
}

// curve is the object identifier of a curve that keys of ours are on (RFC 5480 §2.1.1.1).
func curve(c elliptic.Curve) string {
	switch c {
	case elliptic.P384():
		return "urn:oid:1.3.132.0.34"
	case elliptic.P521():
		return "urn:oid:1.3.132.0.35"
	}
	return "urn:oid:1.2.840.10045.3.1.7"
}
