package authentication

import (
	"cmp"
	"context"
	"fmt"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// CAS is the protocol CAS at Authing: logins by CAS 2.0, and its links. The ticket calls work with every protocol.
type CAS struct {
	// LogoutParam is the parameter for the address to return to after a logout: cas.LogoutService (when empty), as on
	// Authing's page, or cas.LogoutURL, which Authing's other SDKs send.
	LogoutParam cas.LogoutParam
	// AllowSharedService leaves login=KEY out of the service, for an application whose console compares
	// services exactly. Then nothing binds a ticket to its login; see cas.Config.
	AllowSharedService bool
}

// Name implements Protocol.
func (CAS) Name() string { return casName }

// NewFlow implements Protocol.
func (p CAS) NewFlow(o Options) (Flow, error) {
	client, err := newCAS(o, cas.Config{LogoutParam: p.LogoutParam, AllowSharedService: p.AllowSharedService})
	if err != nil {
		return nil, err
	}
	return &authingCAS{casFlow{client, o.Now}, o.AppID, o.RedirectURI}, nil
}

// newCAS adds Authing's addresses and settings to c.
func newCAS(o Options, c cas.Config) (*cas.Client, error) {
	c.ServerURL = o.AppHost + "/cas-idp/" + url.PathEscape(o.AppID)
	c.Endpoints = cas.Endpoints{
		Login: o.Endpoints.CASLogin, Logout: o.Endpoints.CASLogout,
		Validate: o.Endpoints.CASValidate, ServiceValidate: o.Endpoints.CASServiceValidate,
	}
	c.Version, c.ReplyFormat = cas.V2, cas.FormatJSON // Authing does not document p3
	if len(o.TicketPrefixes) > 0 {
		c.TicketPrefixes = o.TicketPrefixes
	}
	c.MaxTicket = o.MaxTicket
	c.HTTPClient, c.Header, c.MaxReply, c.MaxRetryAfter, c.Now = o.HTTPClient, o.header(), o.MaxReply, o.MaxRetryAfter, o.Now
	c.LoginLifetime, c.InsecureAllowHTTP, c.ReplyError = o.LoginLifetime, o.InsecureAllowHTTP, casFailure
	client, err := cas.NewClient(c)
	if err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return client, nil
}

func casFailure(status int, body []byte) *cas.Failure {
	e := replyError(status, body)
	if e == nil {
		return nil
	}
	return &cas.Failure{Code: cas.FailureCode(e.Code), Description: e.Description}
}

// authingCAS is casFlow with Authing's application.
type authingCAS struct {
	casFlow
	appID, redirectURI string
}

// BuildAuthorizeUrl implements Flow. RedirectURI is the service; without it the link has no service, as on Authing's
// page.
func (f *authingCAS) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	if _, err := f.options(o); err != nil {
		return "", err
	}
	if err := needApp(f.appID); err != nil {
		return "", err
	}
	return f.casFlow.BuildAuthorizeUrl(ctx, o)
}

// BeginLogin implements LoginFlow. The service is RedirectURI, of the options or of the client.
func (f *authingCAS) BeginLogin(ctx context.Context, o AuthorizeOptions) (_ *Login, err error) {
	defer planned(&err)
	if _, err := f.options(o); err != nil {
		return nil, err
	}
	if err := needApp(f.appID); err != nil {
		return nil, err
	}
	if o.RedirectURI = cmp.Or(o.RedirectURI, f.redirectURI); o.RedirectURI == "" {
		return nil, errNoRedirectURI
	}
	return f.casFlow.BeginLogin(ctx, o)
}

// BuildLogoutUrl implements Flow: the CAS logout page.
func (f *authingCAS) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	if err := o.Only("RedirectURI"); err != nil {
		return "", err
	}
	if err := needApp(f.appID); err != nil {
		return "", err
	}
	return f.casFlow.BuildLogoutUrl(ctx, o)
}

// BeginLogout implements LogoutFlow.
func (f *authingCAS) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (_ *Logout, err error) {
	defer planned(&err)
	return f.beginLogout(ctx, id, o, f.BuildLogoutUrl)
}
