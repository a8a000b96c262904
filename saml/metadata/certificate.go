package metadata

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// certificate is what is read of an X.509 certificate (RFC 5280 §4.1). Package x509 refuses certificates for faults
// that mean nothing here, such as a negative serial number.
type certificate struct {
	TBS struct {
		Version   int `asn1:"optional,explicit,default:0,tag:0"`
		Serial    asn1.RawValue
		Algorithm asn1.RawValue
		Issuer    asn1.RawValue
		Validity  asn1.RawValue
		Subject   asn1.RawValue
		PublicKey asn1.RawValue
	}
	Algorithm asn1.RawValue
	Signature asn1.BitString
}

// certificates reads an X509Data. It may hold the chain of a certificate (XML Signature 1.1 §4.5.4), and the keys of
// a certificate authority are not this identity provider's: a certificate that issued another one here is skipped.
func (r *keyReader) certificates(e xmlgate.Element) {
	var all []certificate
	for child := range e.Children {
		if !child.Is(nsDSig, "X509Certificate") {
			continue
		}
		der, ok := octets(child)
		if !ok {
			r.skip("one that is no base64")
			continue
		}
		var c certificate
		if rest, err := asn1.Unmarshal(der, &c); err != nil || len(rest) > 0 {
			r.skip("one that is no certificate")
			continue
		}
		if len(all) == maxKeys {
			r.skip(fmt.Sprintf("those after the first %d", maxKeys))
			break
		}
		all = append(all, c)
	}
	for _, c := range all {
		if slices.ContainsFunc(all, func(other certificate) bool { return issued(c, other) }) {
			r.skip("one of a certificate authority")
			continue
		}
		r.add(x509.ParsePKIXPublicKey(c.TBS.PublicKey.FullBytes))
	}
	if len(all) == 0 {
		r.skip("one without certificate or value")
	}
}

// issued tells whether other names c as its issuer. A certificate that names itself has no other issuer.
func issued(c, other certificate) bool {
	name := other.TBS.Issuer.FullBytes
	return bytes.Equal(name, c.TBS.Subject.FullBytes) && !bytes.Equal(name, other.TBS.Subject.FullBytes)
}
