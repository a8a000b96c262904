package samltest

import (
	"crypto/ecdsa"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"strings"

	"github.com/beevik/etree"
)

// halves splits the r and s that XML Signature puts side by side (RFC 9231 §2.3.6).
func halves(signature []byte, key *ecdsa.PublicKey) (r, s *big.Int, ok bool) {
	size := (key.Params().BitSize + 7) / 8
	if len(signature) != 2*size {
		return nil, nil, false
	}
	return new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:]), true
}

// toDER puts an ECDSA signature into the form that goxmldsig looks for.
func toDER(signature *etree.Element, key *ecdsa.PublicKey) {
	value := signature.SelectElement("SignatureValue")
	if value == nil {
		return
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value.Text()), ""))
	if r, s, ok := halves(raw, key); ok && err == nil {
		der, _ := asn1.Marshal(struct{ R, S *big.Int }{r, s}) // two numbers do not fail
		value.SetText(base64.StdEncoding.EncodeToString(der))
	} else {
		value.SetText("")
	}
}
