package saml

import (
	"context"
	"crypto"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
)

// refresher is what a source may be beside an IDPSource: one that can look whether its keys are old.
type refresher interface {
	Refresh(ctx context.Context, entityID string) (*IDP, error)
}

// tryKeys verifies with the keys of p, and once more with those that a source fetches anew: an identity provider
// changes its keys when it likes (SAML Metadata §2.4.1.1).
func (c *Client) tryKeys(ctx context.Context, p *IDP, verify func(keys []crypto.PublicKey) error) error {
	err := verify(p.Keys)
	if err == nil {
		return nil
	}
	source, ok := c.cfg.IDP.(refresher)
	if !ok || !isWrongKey(err) {
		return badSignature(err, p)
	}
	fresh, failed := source.Refresh(ctx, p.EntityID)
	if failed != nil || c.usable(fresh, p.EntityID) != nil || sameKeys(fresh.Keys, p.Keys) {
		return badSignature(err, p)
	}
	if err = verify(fresh.Keys); err != nil {
		return badSignature(err, p)
	}
	return nil
}

// isWrongKey tells whether another key could have made the signature.
func isWrongKey(err error) bool {
	return errors.Is(err, xmldsig.CheckKey) || errors.Is(err, xmldsig.CheckValue)
}

func badSignature(err error, p *IDP) error {
	if isWrongKey(err) {
		return because(CheckSignature, err, "none of the keys of %q made the signature: are its metadata those of today?", p.EntityID)
	}
	return because(signatureCheck(err), err, "the message")
}

func signatureCheck(err error) Check {
	if errors.Is(err, xmldsig.CheckAlgorithm) {
		return CheckAlgorithm
	}
	return CheckSignature
}
