package authentication

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Client is Authing's AuthenticationClient: one application, one protocol. It is safe for concurrent
// use.
type Client struct {
	options *Options // package fmt prints a pointer as an address where it cannot call Format
	name    string
	flow    Flow
	http    *httpcore.Client
	lazy    lazyCalls
	// refreshes share one result, so each caller gets a copy.
	refreshes *flight.Keyed[*Identity]
}

// NewClient checks o and returns a client. It sends nothing. A missing AppHost, addresses that are not https (or http
// to loopback), an unknown auth method and options that the protocol refuses are errors that name the field and wrap
// ErrMisconfigured.
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
	own, err := newCalls(o, hc)
	if err != nil {
		return nil, err
	}
	given := o
	given.HTTPClient, given.Endpoints = hc.HTTPClient(), own.endpoints
	flow, err := o.Protocol.NewFlow(given)
	if err != nil {
		return nil, err
	}
	if flow == nil {
		return nil, fmt.Errorf("authentication: protocol %s made no flow", o.Protocol.Name())
	}
	return &Client{
		options: &o, name: o.Protocol.Name(), flow: flow, http: hc,
		refreshes: flight.NewKeyed[*Identity]("authentication: refresh", o.Now),
	}, nil
}

// Flow returns the flow of the client's Protocol, to ask which optional interfaces it has: LoginFlow, TokenFlow,
// RefreshFlow, LogoutFlow, LogoutKeyFlow, NoticeFlow, InitiationFlow, MetadataFlow, StepUpFlow. The client itself has the
// methods of all but GetAccessTokenByGrant, and answers errors.ErrUnsupported for those that its flow has not. Call the client and not the flow: it
// adds checks. Flow is nil for a client that NewClient did not make.
func (c *Client) Flow() Flow {
	if c.made() != nil {
		return nil
	}
	return c.flow
}

func (c *Client) made() error {
	if c == nil || c.options == nil {
		return misconfigured(errors.New("authentication: the client was not made by NewClient"))
	}
	return nil
}

// spoken is the protocol's name, with the field that is missing for logins.
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

// BuildAuthorizeUrl returns the address where the user logs in. It keeps nothing, so the caller must check state and
// nonce when the browser returns: AuthorizeParameters returns them. BeginLogin and CompleteLogin do these checks.
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

// CompleteLogin checks the callback against the login and returns the user. With ErrRefused it refuses a nil Login
// (unless SAML.AllowUnsolicited is set), a Login of another protocol or older than LoginLifetime, and all that the
// protocol refuses. A refusal of the user by Authing is ErrDenied, and of the application ErrMisconfigured. A
// response from another issuer than the configured one is both ErrRefused and ErrMisconfigured. Any other error means
// that there was no usable answer; tokens are dropped then, because their user is not known: begin another login.
//
// r's form must not have been parsed before; it can be parsed afterwards, for the application's own fields.
// Give the browser a new session identifier after the login.
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
		return nil, err // and no identity with an error, also from a custom flow
	}
	if id == nil || id.Issuer == "" || id.Subject == "" {
		return nil, misconfigured(fmt.Errorf("authentication: protocol %s returned no user: Identity has no Issuer or no Subject", c.name))
	}
	return id, nil
}

// VerifyIDToken checks an ID token without a call to Authing; see oidc.Client. Use it after GetAccessTokenByCode,
// with the nonce that was sent in e.
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
