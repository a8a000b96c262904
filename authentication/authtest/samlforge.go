package authtest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlForger is the signer that the faults leave.
func (s *Server) samlForger() (*samlSigner, error) {
	signer, err := s.samlSigner()
	if err != nil {
		return nil, err
	}
	if s.realm.Broken(SAMLSHA1) {
		signer.hash = crypto.SHA1
	}
	if s.realm.Broken(SAMLOtherKey) || s.realm.Broken(SAMLOtherCertificate) {
		stranger, err := s.samlKeys.Stranger()
		if err != nil {
			return nil, err
		}
		certificate := signer.key.certificate
		if s.realm.Broken(SAMLOtherCertificate) {
			if certificate, err = selfSigned(stranger); err != nil {
				return nil, err
			}
		}
		signer.key = samlKey{stranger, certificate}
	}
	return signer, nil
}

// forged says whether a fault is on that works on a plain, finished assertion.
func (s *Server) forged() bool {
	for _, fault := range []idptest.Fault{SAMLSignedDetail, SAMLReferenceElsewhere, SAMLAltered, SAMLComment, SAMLHMAC, SAMLEncryptedBeside} {
		if s.realm.Broken(fault) {
			return true
		}
	}
	return s.wrapping() != nil
}

// forge spoils a finished response that holds a plain assertion.
func (s *Server) forge(document *etree.Document, to *samlAsked, signer *samlSigner) error {
	response := document.Root()
	assertion := response.SelectElement("Assertion")
	if wrap := s.wrapping(); wrap != nil {
		wrap(document, response, assertion)
		return nil
	}
	name := assertion.FindElement("./Subject/NameID")
	switch {
	case s.realm.Broken(SAMLAltered):
		name.SetText(mallory)
	case s.realm.Broken(SAMLComment):
		text := name.Text()
		cut := len(text) - len(commentTail)
		name.SetText(text[:cut])
		name.CreateComment(" ")
		name.CreateText(text[cut:])
	case s.realm.Broken(SAMLHMAC):
		for _, signature := range response.FindElements("//Signature") {
			if err := toHMAC(signature, signer.key.Private.Public()); err != nil {
				return err
			}
		}
	case s.realm.Broken(SAMLEncryptedBeside):
		key := to.app.EncryptionKey
		if own, ok := signer.key.Private.Public().(*rsa.PublicKey); ok && key == nil {
			key = own
		}
		encrypted, err := encryptAssertion(forgedFrom(assertion), key)
		if err != nil {
			return err
		}
		response.InsertChildAt(assertion.Index(), encrypted)
	default:
		return s.signDetail(response, assertion, signer)
	}
	return nil
}

// signDetail signs an element that says nothing, in StatusDetail.
func (s *Server) signDetail(response, assertion *etree.Element, signer *samlSigner) error {
	for _, signature := range response.FindElements("//Signature") {
		signature.Parent().RemoveChild(signature)
	}
	part := detail(response).CreateElement("x:Part")
	part.CreateAttr("xmlns:x", "urn:example:detail")
	part.CreateAttr("ID", samlID())
	part.SetText("nothing of interest")
	if s.realm.Broken(SAMLSignedDetail) {
		return signer.sign(part)
	}
	signature, err := signer.signature(part)
	if err != nil {
		return err
	}
	assertion.InsertChildAt(assertion.SelectElement("Issuer").Index()+1, signature)
	return nil
}

// detail is the StatusDetail of the response, made where there is none.
func detail(response *etree.Element) *etree.Element {
	status := response.SelectElement("Status")
	if found := status.SelectElement("StatusDetail"); found != nil {
		return found
	}
	return status.CreateElement("samlp:StatusDetail")
}

// toHMAC signs anew, with the public key as the secret of an HMAC.
func toHMAC(signature *etree.Element, key crypto.PublicKey) error {
	secret, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return err
	}
	info := signature.SelectElement("SignedInfo")
	info.SelectElement("SignatureMethod").CreateAttr("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
	alone := info.Copy()
	alone.CreateAttr("xmlns:ds", nsSignature)
	octets, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("").Canonicalize(alone)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(octets)
	signature.SelectElement("SignatureValue").SetText(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return nil
}
