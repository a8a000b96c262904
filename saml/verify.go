package saml

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// verify returns the document of what a key of the identity provider signed in e (XML Signature 1.1 §3.2, SAML Core §5.4).
func (x *exchange) verify(ctx context.Context, e xmlgate.Element) (*xmlgate.Document, error) {
	doc, err := xmldsig.Verify(e, x.idp.Keys, x.c.policy())
	if err == nil {
		return doc, nil
	}
	return nil, because(CheckSignature, err, "the signature of %s", e.Local())
}
