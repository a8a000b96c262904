package saml

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// BuildAuthorizeUrl returns the address of the identity provider's login page with an AuthnRequest in it, by the
// redirect binding (SAML Bindings §3.4, SAML Core §3.4). It keeps nothing: the ID of the request, MaxAge and
// RequestedAuthnContext are never checked. CompleteLogin refuses the answer, also with AllowUnsolicited, because it
// answers a request that no Login has. Use it when another program reads the answer; BeginLogin keeps what
// CompleteLogin needs.
//
// The request is signed when one of Config.Keys signs.
func (c *Client) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if o.Binding != "" && o.Binding != BindingRedirect {
		return "", errors.New("saml: Binding must be BindingRedirect: with another one BeginLogin makes a form")
	}
	o.Binding = BindingRedirect
	r, err := c.newRequest(ctx, &o)
	if err != nil {
		return "", err
	}
	return c.redirectURL(r.idp, r.to.Location, paramRequest, []byte(r.message), o.RelayState, r.sign, o.Extra)
}

// request is an AuthnRequest that is not yet sent.
type request struct {
	id, message string
	idp         *metadata.IDP
	to          metadata.Endpoint
	sign        bool
}

func (c *Client) newRequest(ctx context.Context, o *AuthorizeOptions) (*request, error) {
	if err := c.checkAuthorize(o); err != nil {
		return nil, err
	}
	idp, err := c.idp(ctx, o.IDP)
	if err != nil {
		return nil, err
	}
	to, err := c.pick(idp, idp.SSO, "logins", o.Binding)
	if err != nil {
		return nil, err
	}
	if o.NameIDPolicy == nil && c.cfg.NameIDFormat != "" {
		o.NameIDPolicy = &NameIDPolicy{Format: c.cfg.NameIDFormat, AllowCreate: true}
	}
	_, sign := c.signer()
	if idp.WantAuthnRequestsSigned && !sign {
		return nil, fmt.Errorf("saml: %q wants signed requests, and none of Config.Keys signs", idp.EntityID)
	}
	r := &request{id: c.newID(), idp: idp, to: to, sign: sign}
	r.message, err = c.authnRequest(r.id, to.Location, o, c.cfg.Now())
	return r, err
}

// withExtra appends parameters to an address that a form is posted to.
func withExtra(location string, extra url.Values) (string, error) {
	if err := checkExtra(location, extra); err != nil || len(extra) == 0 {
		return location, err
	}
	return location + join(location) + extra.Encode(), nil
}
