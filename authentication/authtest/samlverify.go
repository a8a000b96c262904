package authtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// verifies says whether signatures can be verified with the key.
func verifies(key crypto.PublicKey) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N != nil && key.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		return key.Curve != nil
	}
	return false
}

// verify checks the signature of a message that has one; without a key it is not
// looked at. What a form's signature does not cover is cut off.
func (m *samlMessage) verify(key crypto.PublicKey) *samlRefusal {
	if key == nil {
		return nil
	}
	var err error
	if m.form {
		err = m.verifyForm(key)
	} else {
		err = m.verifyQuery(key)
	}
	if err != nil {
		return &samlRefusal{"invalid_signature", "The signature of the message is not good: " + err.Error() + "."}
	}
	return nil
}

// verifyQuery verifies a signature over raw octets (SAML Bindings §3.4.4.1).
func (m *samlMessage) verifyQuery(key crypto.PublicKey) error {
	document := etree.NewDocument()
	if err := document.ReadFromBytes(m.xml); err != nil || document.Root() == nil {
		return errors.New("the message is not XML")
	}
	if len(document.FindElements("//Signature")) > 0 {
		return errors.New("a message in a query must not contain one")
	}
	if m.query == nil {
		return nil
	}
	hash, family, err := signatureMethod(m.query.algorithm)
	if err != nil {
		return err
	}
	digest := hash.New()
	digest.Write([]byte(m.query.octets))
	sum := digest.Sum(nil)
	good := false
	switch key := key.(type) {
	case *rsa.PublicKey:
		good = family == "rsa" && rsa.VerifyPKCS1v15(key, hash, sum, m.query.signature) == nil
	case *ecdsa.PublicKey:
		r, s, ok := halves(m.query.signature, key)
		good = family == "ecdsa" && ok && ecdsa.Verify(key, sum, r, s)
	}
	if !good {
		return errors.New("it is not of the registered key")
	}
	m.signed = true
	return nil
}

// signatureMethod reads the names of RFC 9231 §2.3; SHA-1 is not taken.
func signatureMethod(uri string) (crypto.Hash, string, error) {
	family, hash, _ := strings.Cut(strings.TrimPrefix(uri, "http://www.w3.org/2001/04/xmldsig-more#"), "-")
	known := map[string]crypto.Hash{"sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}[hash]
	if known == 0 || family != "rsa" && family != "ecdsa" {
		return 0, "", errors.New("its method is not known")
	}
	return known, family, nil
}

// halves splits the r and s that XML Signature puts side by side (RFC 9231 §2.3.6).
func halves(signature []byte, key *ecdsa.PublicKey) (r, s *big.Int, ok bool) {
	size := (key.Params().BitSize + 7) / 8
	if len(signature) != 2*size {
		return nil, nil, false
	}
	return new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:]), true
}

// verifyForm verifies an enveloped signature of the root (SAML Core §5.4).
func (m *samlMessage) verifyForm(key crypto.PublicKey) error {
	document := etree.NewDocument()
	if err := document.ReadFromBytes(m.xml); err != nil || document.Root() == nil {
		return errors.New("the message is not XML")
	}
	signature, err := onlySignature(document.Root())
	if signature == nil || err != nil {
		return err
	}
	// What KeyInfo says is not to be trusted: the registered key alone counts.
	if info := signature.SelectElement("KeyInfo"); info != nil {
		signature.RemoveChild(info)
	}
	if key, ok := key.(*ecdsa.PublicKey); ok {
		toDER(signature, key)
	}
	root, err := vouch(key)
	if err != nil {
		return err
	}
	context := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{root}})
	verified, err := context.Validate(document.Root())
	if err != nil {
		return errors.New("it is not of the registered key over this message")
	}
	signed := etree.NewDocumentWithRoot(verified)
	if m.xml, err = signed.WriteToBytes(); err != nil {
		return err
	}
	m.signed = true
	return nil
}

// onlySignature is the root's, in the place that the schema gives it; nil if the message has none.
func onlySignature(root *etree.Element) (*etree.Element, error) {
	all := root.FindElements("//Signature")
	if len(all) == 0 {
		return nil, nil
	}
	issuer := root.SelectElement("Issuer")
	if len(all) > 1 || all[0].Parent() != root || issuer == nil || issuer.NextSibling() != all[0] {
		return nil, errors.New("it must be one, right after Issuer")
	}
	for _, algorithm := range all[0].FindElements(".//*[@Algorithm]") {
		if strings.Contains(algorithm.SelectAttrValue("Algorithm", ""), "sha1") {
			return nil, errors.New("SHA-1 is not taken")
		}
	}
	transforms := all[0].FindElements("./SignedInfo/Reference/Transforms/Transform")
	if len(all[0].FindElements("./SignedInfo/Reference")) != 1 || len(transforms) != 2 ||
		transforms[0].SelectAttrValue("Algorithm", "") != dsig.EnvelopedSignatureAltorithmId.String() {
		return nil, errors.New("it must have one Reference and two Transforms")
	}
	if at := all[0].FindElement("./SignedInfo/Reference").SelectAttrValue("URI", ""); at == "" || at != "#"+root.SelectAttrValue("ID", "") {
		return nil, errors.New("it must refer to the message by its ID")
	}
	return all[0], nil
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

// vouch makes a certificate for the key, for goxmldsig takes keys in no other form.
func vouch(key crypto.PublicKey) (*x509.Certificate, error) {
	own, err := newKey("ES256")
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key, own.private)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
