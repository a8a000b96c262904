package xmldsig

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Sign returns message with an enveloped signature of its root, which must have an ID. The signature is after the root's
// saml:Issuer, or else first (SAML Core §5.4). It covers the exclusive canonical form.
func (s Signer) Sign(message string) (string, error) {
	alg, err := s.Method()
	if err != nil {
		return "", err
	}
	d, err := xmlgate.Parse(message, xmlgate.Options{MaxBytes: max(len(message), 1)})
	if err != nil {
		return "", fmt.Errorf("xmldsig: the message to be signed: %w", err)
	}
	root := d.Root()
	id, ok := root.Attr("", "ID")
	switch {
	case !ok:
		return "", errors.New("xmldsig: the message to be signed has no ID")
	case Signed(root):
		return "", errors.New("xmldsig: the message to be signed has a signature already")
	}
	octets, err := (&canonicalizer{}).write(nil, root, xmlgate.Element{}, c14n{}, 4*len(message)+4<<10)
	if err != nil {
		return "", err
	}
	inner := signedInner(alg, id, octets)
	// It declares its namespace and has nothing to escape, so the text is its own canonical form.
	signature, err := s.sign(alg, []byte(`<ds:SignedInfo xmlns:ds="`+space+`">`+inner))
	if err != nil {
		return "", err
	}
	return insert(message, root, `<ds:Signature xmlns:ds="`+space+`"><ds:SignedInfo>`+inner+
		"<ds:SignatureValue>"+base64.StdEncoding.EncodeToString(signature)+"</ds:SignatureValue>"+s.keyInfo()+"</ds:Signature>"), nil
}

// signedInner is the inside of a SignedInfo, with its end tag.
func signedInner(alg Algorithm, id string, octets []byte) string {
	_, hash := alg.method()
	return `<ds:CanonicalizationMethod Algorithm="` + exclusive + `"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="` + string(alg) + `"></ds:SignatureMethod>` +
		`<ds:Reference URI="#` + id + `"><ds:Transforms><ds:Transform Algorithm="` + enveloped + `"></ds:Transform>` +
		`<ds:Transform Algorithm="` + exclusive + `"></ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="` + digestURI(hash) + `"></ds:DigestMethod><ds:DigestValue>` +
		base64.StdEncoding.EncodeToString(sum(hash, nil, octets)) + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
}

func (s Signer) keyInfo() string {
	if s.Certificate == nil {
		return ""
	}
	return "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>" + base64.StdEncoding.EncodeToString(s.Certificate) +
		"</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
}

// insert puts signature into its place in root.
func insert(message string, root xmlgate.Element, signature string) string {
	_, inner, end := root.Offsets()
	if inner == end { // <root/>
		open := inner - len("/>")
		return message[:open] + ">" + signature + "</" + root.Name() + ">" + message[end:]
	}
	at := inner
	for child := range root.Children {
		if child.Is(samlSpace, "Issuer") {
			_, _, at = child.Offsets()
		}
		break
	}
	return message[:at] + signature + message[at:]
}
