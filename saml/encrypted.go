package saml

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlenc"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// readEncrypted reads an EncryptedAssertion (SAML Core §2.3.4, SAML Profiles §4.1.4.3). Encryption alone proves nothing:
// anyone has our public key.
func (x *exchange) readEncrypted(ctx context.Context, container xmlgate.Element, signed bool) (*Assertion, error) {
	e, err := x.c.decrypt(container)
	if err != nil {
		return nil, err
	}
	if !e.Is(nsAssertion, "Assertion") {
		return nil, refuse(CheckEncryption, "what was encrypted is no Assertion")
	}
	if err := checkShape(e, e); err != nil {
		return nil, err
	}
	if !xmldsig.Signed(e) && !signed {
		return nil, refuse(CheckSignature, "neither the response nor the assertion is signed")
	}
	return x.readPlain(ctx, e, e, signed)
}

// decrypt returns the element in container.
func (c *Client) decrypt(container xmlgate.Element) (xmlgate.Element, error) {
	e, err := xmlenc.Decrypt(container, c.decrypters, c.encPolicy())
	if err != nil {
		return e, because(CheckEncryption, err, "%s", container.Local())
	}
	return e, nil
}
