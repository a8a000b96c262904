package saml

import (
	"context"
	"crypto"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlenc"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// readEncrypted reads an EncryptedAssertion (SAML Core §2.3.4, SAML Profiles §4.1.4.3). Encryption alone proves
// nothing, because our public key is public: the response around it or the assertion in it must be signed.
func (x *exchange) readEncrypted(ctx context.Context, container xmlgate.Element, signed bool) (*Assertion, error) {
	e, err := x.c.decrypt(container)
	if err == nil {
		err = checkPlaintext(e)
	}
	switch {
	case signed && err != nil:
		return nil, err
	case signed && xmldsig.Signed(e):
		return x.readSigned(ctx, e)
	case signed:
		return x.readCovered(e, standalone(e, scopeAt(e)))
	case err != nil && !undecryptable(err):
		return nil, err // it depends on no key: the sender can see it in the message
	}
	// The ciphertext is not signed. An attacker who changes it must not learn how far it got (XML Encryption 1.1 §6.1.2):
	// until a signature is verified, all failures are the same error, and for each newer keys are fetched.
	decrypted := err == nil
	var doc *xmlgate.Document
	err = x.c.tryKeys(ctx, x.idp, func(keys []crypto.PublicKey) error {
		if !decrypted {
			return xmldsig.CheckValue
		}
		var err error
		if doc, err = xmldsig.Verify(e, keys, x.c.policy()); err != nil {
			return xmldsig.CheckValue
		}
		return nil
	})
	if err != nil {
		return nil, errUnproven()
	}
	return x.readAssertion(doc.Root(), doc.Root().Raw())
}

// errUnproven names every option that might help, whichever of them would: its text must tell nothing.
func errUnproven() error {
	return because(CheckEncryption, CheckSignature, "the assertion cannot be decrypted, or the identity provider signed neither the response nor what was encrypted, or an option is off that accepts it ("+optionsOfUnproven+")")
}

const (
	optionsOfPlaintext = "AllowComments, AllowAnyIDs, MaxMessage, MaxNodes"
	optionsOfUnproven  = optionsOfPlaintext + ", AllowInclusiveC14N, AllowLastSignature, AllowSHA1, AllowSmallRSA"
)

// errUndecryptable is the same for everything that depends on a key or on the plaintext.
func errUndecryptable(what string) error {
	return because(CheckEncryption, xmlenc.Undecryptable(), "%s, or an option is off that accepts it (%s)", what, optionsOfPlaintext)
}

// undecryptable tells whether err depends on a key or on the plaintext.
func undecryptable(err error) bool { return errors.Is(err, xmlenc.CheckFailed) }

// checkPlaintext wants exactly one assertion.
func checkPlaintext(e xmlgate.Element) error {
	if !e.Is(nsAssertion, "Assertion") || checkShape(e, e) != nil {
		return errUndecryptable("EncryptedAssertion")
	}
	return nil
}

// decrypt returns the element that container encrypts (XML Encryption 1.1 §4.4).
func (c *Client) decrypt(container xmlgate.Element) (xmlgate.Element, error) {
	if len(c.decrypters.RSA)+len(c.decrypters.EC) == 0 {
		return xmlgate.Element{}, refuse(CheckEncryption, "%s cannot be decrypted: none of Keys has a Decrypter or an Exchanger", container.Local())
	}
	e, err := xmlenc.Decrypt(container, c.decrypters, c.encPolicy())
	switch {
	case undecryptable(err):
		return e, errUndecryptable(container.Local())
	case errors.Is(err, xmlenc.CheckAlgorithm):
		return e, because(CheckAlgorithm, err, "%s", container.Local())
	case err != nil:
		return e, because(CheckEncryption, err, "%s", container.Local())
	}
	return e, nil
}
