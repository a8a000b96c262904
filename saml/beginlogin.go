package saml

import (
	"context"
	"crypto/rand"
	"errors"
	"time"
)

// BeginLogin starts a login at the identity provider's login page (SAML Profiles §4.1). The request travels by
// redirect where the identity provider offers that and Binding does not say otherwise; else, and with an ECDSA key where
// it offers POST, Form is what to post to URL, as Send does. The request is signed when one of Config.Keys signs. RelayState must be empty: it will be
// the Login's Key. Metadata that cannot be used is a *metadata.Error, here and in every other call.
func (c *Client) BeginLogin(ctx context.Context, o AuthorizeOptions) (*Login, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if o.RelayState != "" {
		return nil, errors.New("saml: RelayState must be empty: BeginLogin makes it")
	}
	r, err := c.newRequest(ctx, &o)
	if err != nil {
		return nil, err
	}
	login := &Login{
		Key: rand.Text(), RequestID: r.id, IDP: r.idp.EntityID, Client: c.cfg.EntityID, ACSURL: o.ACSURL,
		Contexts: o.RequestedAuthnContext.accepted(), NameIDFormat: o.NameIDPolicy.accepted(), CreatedAt: c.cfg.Now().UTC().Truncate(time.Second),
	}
	if o.MaxAge > 0 {
		seconds := int64(o.MaxAge / time.Second)
		login.MaxAge = &seconds
	}
	if r.to.Binding == BindingPOST {
		if login.URL, err = withExtra(r.to.Location, o.Extra); err != nil {
			return nil, err
		}
		login.Form, err = c.postForm(paramRequest, r.message, login.Key, r.sign)
	} else {
		login.URL, err = c.redirectURL(r.idp, r.to.Location, paramRequest, []byte(r.message), login.Key, r.sign, o.Extra)
	}
	if err != nil {
		return nil, err
	}
	return login, nil
}
