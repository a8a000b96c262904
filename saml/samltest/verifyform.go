package samltest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// verifyForm verifies an enveloped signature of the root (SAML Core §5.4).
func (m *message) verifyForm(key crypto.PublicKey) error {
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

// vouch makes a certificate for the key: goxmldsig takes keys in no other form.
func vouch(key crypto.PublicKey) (*x509.Certificate, error) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key, own)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
