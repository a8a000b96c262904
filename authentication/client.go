package authentication

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Client is Authing's AuthenticationClient: one application, one protocol. It is safe for concurrent
// use.
type Client struct {
	options *Options // a pointer prints as an address, also where Format cannot be reached
	name    string
	flow    Flow
	http    *httpcore.Client
	tickets *cas.Client
	// refreshes share what their callers get, so it is copied for each.
	refreshes *flight.Keyed[*Identity]
}

// NewClient checks o and returns its client. It does not touch the network. A missing AppHost, addresses
// that are not https (or http to loopback), an unknown auth method and what the protocol refuses are errors
// that name the field, and ErrMisconfigured.
func NewClient(o Options) (_ *Client, err error) {
	defer func() { err = misconfigured(err) }()
	hc, err := o.normalize()
	if err != nil {
		return nil, err
	}
	if err := o.resolveAuth(); err != nil {
		return nil, err
	}
	if o.Protocol == nil {
		o.Protocol = OIDC{}
	}
	if o.Protocol.Name() == "" {
		return nil, errors.New("authentication: Protocol has no name")
	}
	given := o
	given.HTTPClient = hc.HTTPClient()
	flow, err := o.Protocol.NewFlow(given)
	if err != nil {
		return nil, err
	}
	if flow == nil {
		return nil, fmt.Errorf("authentication: protocol %s made no flow", o.Protocol.Name())
	}
	tickets, err := newCAS(o, cas.Config{TicketPrefixes: []string{"S"}}) // a capture of Authing's SDK has "ST" alone for a ticket
	if err != nil {
		return nil, err
	}
	return &Client{
		options: &o, name: o.Protocol.Name(), flow: flow, http: hc, tickets: tickets,
		refreshes: flight.NewKeyed[*Identity]("authentication: refresh", o.Now),
	}, nil
}

func (c *Client) made() error {
	if c == nil || c.options == nil {
		return misconfigured(errors.New("authentication: the client was not made by NewClient"))
	}
	return nil
}

// spoken is the protocol's name, with the field that it lacks for logins.
func (c *Client) spoken() string {
	if _, ok := c.flow.(samlLinks); ok {
		return c.name + " without SAML.EntityID"
	}
	return c.name
}

var errNoRedirectURI = misconfigured(errors.New("authentication: RedirectURI is not set"))

func needApp(appID string) error {
	if appID == "" {
		return misconfigured(errors.New("authentication: AppID is not set"))
	}
	return nil
}

// BuildAuthorizeUrl returns the address where the user logs in. It builds what is asked and keeps
// nothing, so state and nonce are the caller's to check when the browser returns: AuthorizeParameters reads those
// that were made. BeginLogin and CompleteLogin check them by themselves.
func (c *Client) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	return c.flow.BuildAuthorizeUrl(ctx, o)
}

// BuildLogoutUrl returns the address where the user logs out of Authing. The application ends its own
// session first.
func (c *Client) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	return c.flow.BuildLogoutUrl(ctx, o)
}

// BeginLogin starts a login: send the browser to the Login's URL and keep the Login for that browser.
func (c *Client) BeginLogin(ctx context.Context, o AuthorizeOptions) (*Login, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(LoginFlow)
	if !ok {
		return nil, unsupported("BeginLogin", c.spoken())
	}
	login, err := flow.BeginLogin(ctx, o)
	if err != nil {
		return nil, err
	}
	return login, nil
}

// LoginKey returns the Key of the Login that a callback belongs to, empty when there is none.
func (c *Client) LoginKey(r *http.Request) string {
	if c.made() != nil {
		return ""
	}
	if flow, ok := c.flow.(LoginFlow); ok {
		return flow.LoginKey(r)
	}
	return ""
}

// CompleteLogin checks the callback against the login and returns the user. It refuses a nil Login (unless
// SAML.AllowUnsolicited is set), one of another protocol and one older than LoginLifetime, and whatever the
// protocol refuses, with ErrRefused; a refusal of the user by Authing is ErrDenied, one of the application is
// ErrMisconfigured, and an answer by another issuer than the configured one is both ErrRefused and ErrMisconfigured. Any
// other error means that there was no usable answer. What a code bought is dropped then: nobody is known yet whose it
// could be, and the way back is another login.
// Nobody may have parsed r's form before; afterwards it can be parsed, for fields that are the application's own.
// Give the browser a new session identifier afterwards.
func (c *Client) CompleteLogin(ctx context.Context, l *Login, r *http.Request) (*Identity, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(LoginFlow)
	if !ok {
		return nil, unsupported("CompleteLogin", c.spoken())
	}
	if asked, ok := flow.(interface{ unsolicited() bool }); l != nil || !ok || !asked.unsolicited() {
		if err := checkLogin(l, c.name); err != nil {
			return nil, err
		}
		if err := checkAge(l, c.options.LoginLifetime, c.options.Now()); err != nil {
			return nil, err
		}
	}
	id, err := flow.CompleteLogin(ctx, l, r)
	if err != nil {
		return nil, err // and no identity beside it, whoever wrote the flow
	}
	if id == nil || id.Issuer == "" || id.Subject == "" {
		return nil, misconfigured(fmt.Errorf("authentication: protocol %s named no user: Identity has no Issuer or no Subject", c.name))
	}
	return id, nil
}

// VerifyIDToken checks an ID token here, without asking Authing; see oidc.Client. It is for those who
// call GetAccessTokenByCode themselves: the nonce in e is the one that was sent.
func (c *Client) VerifyIDToken(ctx context.Context, raw string, e oidc.Expect) (*oidc.IDToken, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(interface {
		VerifyIDToken(context.Context, string, oidc.Expect) (*oidc.IDToken, error)
	})
	if !ok {
		return nil, unsupported("VerifyIDToken", c.name)
	}
	return flow.VerifyIDToken(ctx, raw, e)
}
