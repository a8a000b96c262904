package authtest

import (
	"crypto/rsa"

	"github.com/beevik/etree"
)

// samlSeal signs, and encrypts between the two signatures (SAML Core §5.4, §6.1).
func (s *Server) samlSeal(to *samlAsked, p *samlReply) (string, error) {
	s.breakSAML(p)
	for i := range p.assertions {
		p.assertions[i].id = s.samlBefore(SAMLSameAssertion, "assertion "+s.samlID(to.app), p.assertions[i].id)
	}
	signer, err := s.samlForger()
	if err != nil {
		return "", err
	}
	document, err := parseXML(p.write())
	if err != nil {
		return "", err
	}
	response, forged, sign := document.Root(), s.forged() && len(p.assertions) > 0, s.wrapped(p.sign)
	for _, assertion := range response.SelectElements("Assertion") {
		if sign != SAMLSignResponse && !s.realm.Broken(SAMLUnsigned) {
			if err := signer.sign(assertion); err != nil {
				return "", err
			}
		}
		if to.app.EncryptionKey != nil && !forged {
			if err := replaceEncrypted(assertion, to.app.EncryptionKey); err != nil {
				return "", err
			}
		}
	}
	if sign != SAMLSignAssertion && !s.realm.Broken(SAMLUnsigned) {
		if err := signer.sign(response); err != nil {
			return "", err
		}
	}
	if forged {
		if err := s.forge(document, to, signer); err != nil {
			return "", err
		}
	}
	text, err := document.WriteToString()
	if s.realm.Broken(SAMLDoctype) {
		text = `<!DOCTYPE r [<!ENTITY who "` + mallory + `">]>` + text
	}
	return s.samlBefore(SAMLReplayed, "response "+s.samlID(to.app), text), err
}

// replaceEncrypted puts the encrypted assertion in the place of the plain one.
func replaceEncrypted(assertion *etree.Element, key *rsa.PublicKey) error {
	encrypted, err := encryptAssertion(assertion, key)
	if err != nil {
		return err
	}
	parent := assertion.Parent()
	parent.InsertChildAt(assertion.Index(), encrypted)
	parent.RemoveChild(assertion)
	return nil
}
