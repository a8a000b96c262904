package saml

import (
	"context"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlenc"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// readEncrypted reads an EncryptedAssertion (SAML Core §2.3.4, SAML Profiles §4.1.4.3). Encryption alone proves
// nothing: anyone has our public key, so that the response around it or the assertion in it must be signed.
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
		return nil, err // what everyone sees in the message
	}
	// Nobody signed the ciphertext. Whoever changes it must not learn how far it got
	// (XML Encryption 1.1 §6.1.2): up to a signature that holds, all failures are one.
	if err != nil || !xmldsig.Signed(e) {
		return nil, errUnproven()
	}
	doc, err := x.verify(ctx, e)
	if err != nil {
		return nil, errUnproven()
	}
	return x.readAssertion(doc.Root(), doc.Root().Raw())
}

func errUnproven() error {
	return because(CheckEncryption, CheckSignature, "the assertion cannot be decrypted, or the identity provider signed neither the response nor what was encrypted")
}

// undecryptable tells whether err depends on a key or on what was encrypted.
func undecryptable(err error) bool { return errors.Is(err, xmlenc.CheckFailed) }

// checkPlaintext wants one assertion.
func checkPlaintext(e xmlgate.Element) error {
	if !e.Is(nsAssertion, "Assertion") || checkShape(e, e) != nil {
		return because(CheckEncryption, xmlenc.Undecryptable(), "EncryptedAssertion")
	}
	return nil
}

// decrypt returns the element in container (XML Encryption 1.1 §4.4).
func (c *Client) decrypt(container xmlgate.Element) (xmlgate.Element, error) {
	if len(c.decrypters) == 0 {
		return xmlgate.Element{}, refuse(CheckEncryption, "%s cannot be decrypted: none of Keys has a Decrypter", container.Local())
	}
	e, err := xmlenc.Decrypt(container, c.decrypters, c.encPolicy())
	switch {
	case errors.Is(err, xmlenc.CheckAlgorithm):
		return e, because(CheckAlgorithm, err, "%s", container.Local())
	case err != nil:
		return e, because(CheckEncryption, err, "%s", container.Local())
	}
	return e, nil
}
