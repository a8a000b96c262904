package saml

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// tryKeys verifies with the keys of p. When none of them made the signature it asks the source for newer ones and tries
// again: an identity provider may change its keys at any time (SAML Metadata §2.4.1.1). While the source fails, the
// signature may be by a new key, so its *metadata.Error is a cause of the refusal.
func (c *Client) tryKeys(ctx context.Context, p *metadata.IDP, verify func(keys []crypto.PublicKey) error) error {
	err := verify(p.Keys)
	if err == nil {
		return nil
	}
	source, ok := c.cfg.IDP.(refresher)
	if !ok || !isWrongKey(err) {
		return badSignature(err, p)
	}
	fresh, failed := source.Refresh(ctx, p.EntityID)
	if failed != nil {
		failed = ofSource(ctx, failed, p.EntityID)
	} else {
		failed = c.usable(fresh, p.EntityID)
	}
	switch {
	case failed != nil:
		return because(CheckSignature, fmt.Errorf("%w; newer keys cannot be had: %w", err, failed), "none of the known keys of %q made the signature", p.EntityID)
	case slices.EqualFunc(fresh.Keys, p.Keys, xmldsig.SameKey):
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

func badSignature(err error, p *metadata.IDP) error {
	if isWrongKey(err) {
		return because(CheckSignature, err, "none of the keys of %q made the signature: is its metadata up to date?", p.EntityID)
	}
	if errors.Is(err, xmlgate.Limit) {
		return because(CheckSignature, err, "the message; MaxNodes is the limit that can be set")
	}
	return because(signatureCheck(err), err, "the message")
}

func signatureCheck(err error) Check {
	if errors.Is(err, xmldsig.CheckAlgorithm) {
		return CheckAlgorithm
	}
	return CheckSignature
}
