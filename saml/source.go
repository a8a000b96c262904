package saml

import (
	"context"
	"errors"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// IDPSource finds identity providers (SAML Metadata §2.4.3). metadata.Source, metadata.MDQ and metadata.List are such sources. One
// that also has the method Refresh of metadata.Source is asked for newer keys when no key that it gave verifies a
// signature.
type IDPSource interface {
	// IDP returns the identity provider with that entity ID. An empty one means the only one there is; when there
	// are several, it is an error. An unknown entity ID is an error that wraps metadata.CheckUnknown. Any other error is
	// an outage.
	IDP(ctx context.Context, entityID string) (*metadata.IDP, error)
}

// refresher is what a source may be beside an IDPSource.
type refresher interface {
	Refresh(ctx context.Context, entityID string) (*metadata.IDP, error)
}

// idp asks the source for an identity provider, and checks it. Every error but that of ctx is a *metadata.Error.
func (c *Client) idp(ctx context.Context, entityID string) (*metadata.IDP, error) {
	if ctx == nil {
		return nil, errors.New("saml: the context is nil")
	}
	p, err := c.cfg.IDP.IDP(ctx, entityID)
	if err != nil {
		return nil, ofSource(ctx, err, entityID)
	}
	if err := c.usable(p, entityID); err != nil {
		return nil, err
	}
	return p, nil
}

// sender is idp for an entity ID that a message claims, which no login of ours names: an unknown one is the message's
// fault.
func (c *Client) sender(ctx context.Context, entityID string) (*metadata.IDP, error) {
	p, err := c.idp(ctx, entityID)
	if errors.Is(err, metadata.CheckUnknown) {
		return nil, because(CheckUnknownIDP, err, "the message is of an identity provider that is not configured")
	}
	return p, err
}

// ofSource gives an error of a source the type that tells it from a refusal.
func ofSource(ctx context.Context, err error, entityID string) error {
	var typed *metadata.Error
	switch {
	case errors.As(err, &typed), ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return err
	case errors.Is(err, metadata.CheckUnknown):
		return &metadata.Error{Check: metadata.CheckUnknown, EntityID: entityID, Detail: "the IDPSource does not know it", Err: err}
	}
	return &metadata.Error{Check: metadata.CheckSource, EntityID: entityID, Detail: "the IDPSource failed", Err: err}
}

// usable refuses what a source should not have returned.
func (c *Client) usable(p *metadata.IDP, entityID string) error {
	bad := func(check metadata.Check, detail string, cause error) error {
		return &metadata.Error{Check: check, EntityID: entityID, Detail: detail, Err: cause}
	}
	switch {
	case p == nil:
		return bad(metadata.CheckConfig, "the IDPSource returned neither an identity provider nor an error", nil)
	case p.EntityID == "" || entityID != "" && p.EntityID != entityID:
		return bad(metadata.CheckEntity, "the IDPSource returned another identity provider", nil)
	case !p.ValidUntil.IsZero() && !c.cfg.Now().Before(p.ValidUntil):
		return bad(metadata.CheckExpired, "ValidUntil is past", nil)
	}
	entityID = p.EntityID
	for _, list := range [...][]metadata.Endpoint{p.SSO, p.SLO} {
		for i := range list {
			if list[i].Location == "" {
				return bad(metadata.CheckEndpoint, "an endpoint has no Location", nil)
			}
			for _, s := range [...]string{list[i].Location, list[i].ResponseLocation} {
				// With the common prefix a login need not parse the address.
				if s == "" || strings.HasPrefix(s, "https://") {
					continue
				}
				if err := c.http.CheckURL("Location", s); err != nil {
					return bad(metadata.CheckEndpoint, "an endpoint", err)
				}
			}
		}
	}
	return nil
}

// pick chooses the endpoint of p for a message: the first with that binding, or with none wanted the first by
// redirect, else by POST (SAML Metadata §2.2.2). Signed with an ECDSA key a message goes by POST first: by redirect some
// identity providers verify DER alone, and others r and s alone.
func (c *Client) pick(p *metadata.IDP, list []metadata.Endpoint, what string, want Binding) (metadata.Endpoint, error) {
	order := []Binding{BindingRedirect, BindingPOST}
	if c.signsByCurve() {
		order = []Binding{BindingPOST, BindingRedirect}
	}
	if want != "" {
		order = []Binding{want}
	}
	for _, binding := range order {
		for _, e := range list {
			if e.Binding == binding {
				return e, nil
			}
		}
	}
	detail := "there is no endpoint for " + what + " by redirect or POST (BindingRedirect, BindingPOST)"
	if want != "" {
		detail = "there is no endpoint for " + what + " with " + string(want)
	}
	return metadata.Endpoint{}, &metadata.Error{Check: metadata.CheckEndpoint, EntityID: p.EntityID, Detail: detail}
}
