package samltest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// newForger is the signer that the faults leave.
func newForger(k *keys, on broken) (*signer, error) {
	signer, err := newSigner(k)
	if err != nil {
		return nil, err
	}
	if on(SHA1) {
		signer.hash = crypto.SHA1
	}
	if on.any(OtherKey, OtherCertificate) {
		stranger, err := k.ring.Stranger()
		if err != nil {
			return nil, err
		}
		signer.key.Key = stranger
		if on(OtherCertificate) {
			if signer.key.certificate, err = selfSigned(stranger); err != nil {
				return nil, err
			}
		}
	}
	return signer, nil
}

// forging says whether a fault is on that works on a plain, finished assertion.
func forging(on broken) bool {
	return on.any(SignedDetail, ReferenceElsewhere, Altered, Comment, HMAC, EncryptedBeside) || wrapping(on) != nil
}

// signedFor is what must be signed for the faults to make sense.
func signedFor(sign Signature, on broken) Signature {
	switch {
	case on.any(XSW1, XSW2):
		return SignResponse
	case wrapping(on) != nil, on(EncryptedBeside):
		return SignAssertion
	}
	return sign
}

// forge spoils a finished response that has a plain assertion. encryptionKey is the application's; it may be nil.
func forge(document *etree.Document, signer *signer, encryptionKey *rsa.PublicKey, on broken) error {
	response := document.Root()
	assertion := response.SelectElement("Assertion")
	if wrap := wrapping(on); wrap != nil {
		wrap(document, response, assertion)
		return nil
	}
	name := assertion.FindElement("./Subject/NameID")
	switch {
	case on(Altered):
		name.SetText(mallory)
	case on(Comment):
		text := name.Text()
		cut := len(text) - len(commentTail)
		name.SetText(text[:cut])
		name.CreateComment(" ")
		name.CreateText(text[cut:])
	case on(HMAC):
		for _, signature := range response.FindElements("//Signature") {
			if err := toHMAC(signature, signer.key.Private.Public()); err != nil {
				return err
			}
		}
	case on(EncryptedBeside):
		if own, ok := signer.key.Private.Public().(*rsa.PublicKey); ok && encryptionKey == nil {
			encryptionKey = own
		}
		encrypted, err := encryptAssertion(forgedFrom(assertion), encryptionKey)
		if err != nil {
			return err
		}
		response.InsertChildAt(assertion.Index(), encrypted)
	default:
		return signDetail(response, assertion, signer, on(SignedDetail))
	}
	return nil
}

// signDetail signs an element that says nothing, in StatusDetail; the signature is there, or else in the assertion.
func signDetail(response, assertion *etree.Element, signer *signer, there bool) error {
	for _, signature := range response.FindElements("//Signature") {
		signature.Parent().RemoveChild(signature)
	}
	part := detail(response).CreateElement("x:Part")
	part.CreateAttr("xmlns:x", "urn:example:detail")
	part.CreateAttr("ID", newID())
	part.SetText("nothing of interest")
	if there {
		return signer.sign(part)
	}
	signature, err := signer.signature(part)
	if err != nil {
		return err
	}
	afterIssuer(assertion, signature)
	return nil
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
