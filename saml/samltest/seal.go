package samltest

import (
	"crypto/rsa"
	"net/url"
)

// seal writes and signs a response, and encrypts between the two signatures (SAML Core §5.4, §6.1). encryptionKey is the
// application's; nil means none.
func (p *response) seal(signer *signer, encryptionKey *rsa.PublicKey, on broken) (string, error) {
	document, err := parseXML(p.write())
	if err != nil {
		return "", err
	}
	root, forged, sign := document.Root(), forging(on) && len(p.assertions) > 0, signedFor(p.sign, on)
	shape(root, on)
	for _, assertion := range root.SelectElements("Assertion") {
		if on(Advice) {
			if err := advise(assertion, signer); err != nil {
				return "", err
			}
		}
		if sign != SignResponse && !on(Unsigned) {
			if err := signer.sign(assertion); err != nil {
				return "", err
			}
		}
		if encryptionKey != nil && !forged {
			encrypted, err := encryptAssertion(assertion, encryptionKey)
			if err != nil {
				return "", err
			}
			replace(assertion, encrypted)
		}
	}
	if sign != SignAssertion && !on(Unsigned) {
		if err := signer.sign(root); err != nil {
			return "", err
		}
	}
	if forged {
		if err := forge(document, signer, encryptionKey, on); err != nil {
			return "", err
		}
	}
	text, err := document.WriteToString()
	if on(Doctype) {
		text = `<!DOCTYPE r [<!ENTITY who "` + mallory + `">]>` + text
	}
	return text, err
}

// seal makes the enveloped signature of a logout message that travels in a form.
func (g *signer) seal(message string, on broken) (string, error) {
	if on(LogoutUnsigned) {
		return message, nil
	}
	document, err := g.signText(message)
	if err != nil {
		return "", err
	}
	if on(LogoutBadSignature) {
		value := document.Root().FindElement("./Signature/SignatureValue")
		value.SetText(flip(value.Text()))
	}
	return document.WriteToString()
}

// sealQuery signs a query with a logout message (SAML Bindings §3.4.4.1).
func (g *signer) sealQuery(query string, on broken) (string, error) {
	if on(LogoutUnsigned) {
		return query, nil
	}
	query, signature, err := g.signQuery(query)
	if on(LogoutBadSignature) {
		signature = flip(signature)
	}
	return query + "&Signature=" + url.QueryEscape(signature), err
}
