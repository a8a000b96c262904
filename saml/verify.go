package saml

import (
	"context"
	"crypto"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// verify returns the document that a key of the identity provider signed in e (XML Signature 1.1 §3.2, SAML Core §5.4).
func (x *exchange) verify(ctx context.Context, e xmlgate.Element) (doc *xmlgate.Document, err error) {
	err = x.c.tryKeys(ctx, x.idp, func(keys []crypto.PublicKey) (err error) {
		doc, err = xmldsig.Verify(e, keys, x.c.policy())
		return err
	})
	if err != nil {
		return nil, err
	}
	return doc, nil
}
