package saml

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Logout is one browser's logout under way: all that CompleteLogout must compare. Seal it into a cookie or keep
// it server-side. Its JSON form is part of the API; a missing or unknown member is an error when it is read back.
//
// It prints redacted, and its JSON form is whole. slog's JSON handler writes the JSON form of a value inside a struct,
// map or slice of yours: log the value by itself.
type Logout struct {
	// URL is where to send the browser. URL and Form are not needed later: empty both before you store the logout. With
	// a Form it would be over the 4096 bytes of a cookie.
	URL string `json:"url"`
	// Form, when not nil, is what to post to URL.
	Form url.Values `json:"form"`
	// Key comes back with the browser as RelayState; LogoutKey reads it.
	Key string `json:"key"`
	// RequestID is the ID of the LogoutRequest.
	RequestID string `json:"request_id"`
	// IDP is the entity ID of the identity provider that was asked.
	IDP string `json:"idp"`
	// Client is the entity ID of the client that began the logout. Another client does not complete it.
	Client string `json:"client"`
	// CreatedAt is when the logout began; Config.LoginLifetime counts from it.
	CreatedAt time.Time `json:"created_at"`
}

// UnmarshalJSON reads the stored form.
func (l *Logout) UnmarshalJSON(data []byte) error {
	type plain Logout
	if err := strictjson.Exact(data, (*plain)(l)); err != nil {
		return fmt.Errorf("saml: stored logout: %w", err)
	}
	return nil
}

// BuildLogoutUrl returns the address that carries a signed LogoutRequest by redirect (SAML Profiles §4.4.4.1). End your
// own session first. The answer cannot be checked afterwards: where that matters, use BeginLogout. An identity provider
// that takes requests only by POST is an error that wraps metadata.CheckEndpoint.
func (c *Client) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if o.Binding == "" {
		o.Binding = BindingRedirect
	}
	if o.Binding != BindingRedirect {
		return "", errors.New("saml: BuildLogoutUrl goes by redirect: use BeginLogout for another Binding")
	}
	l, err := c.startLogout(ctx, &o)
	if err != nil {
		return "", err
	}
	return l.URL, nil
}

// BeginLogout makes a signed LogoutRequest, and all that CompleteLogout must compare (SAML Profiles §4.4.3.1). Send the
// browser to URL, or with a Form post it there, as Send does. End your own session first: the browser may never come
// back. Logouts that begin here go through the browser, by redirect or POST, and not by SOAP.
func (c *Client) BeginLogout(ctx context.Context, o LogoutOptions) (*Logout, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if o.RelayState != "" {
		return nil, errors.New("saml: BeginLogout makes the RelayState itself")
	}
	o.RelayState = rand.Text()
	return c.startLogout(ctx, &o)
}

func (c *Client) startLogout(ctx context.Context, o *LogoutOptions) (*Logout, error) {
	if err := c.checkLogoutOptions(o); err != nil {
		return nil, err
	}
	p, err := c.idp(ctx, o.IDP)
	if err != nil {
		return nil, err
	}
	end, err := c.pick(p, p.SLO, "logouts", o.Binding)
	if err != nil {
		return nil, err
	}
	now := c.cfg.Now()
	l := &Logout{Key: o.RelayState, RequestID: c.newID(), IDP: p.EntityID, Client: c.cfg.EntityID, CreatedAt: now.UTC().Truncate(time.Second)}
	message, err := c.logoutRequest(p, l.RequestID, end.Location, o, now)
	if err != nil {
		return nil, err
	}
	l.URL, l.Form, err = c.carry(p, end.Binding, end.Location, paramRequest, message, o.RelayState, c.signsLogout())
	if err != nil {
		return nil, err
	}
	return l, nil
}

// carry puts a message into the address by redirect, else into a form (SAML Bindings §3.4, §3.5).
func (c *Client) carry(p *metadata.IDP, b Binding, location, name, message, relayState string, sign bool) (address string, form url.Values, err error) {
	if b == BindingRedirect {
		address, err = c.redirectURL(p, location, name, []byte(message), relayState, sign, nil)
		return address, nil, err
	}
	form, err = c.postForm(name, message, relayState, sign)
	return location, form, err
}
