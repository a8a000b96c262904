package authentication

import (
	"context"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// CAS is CAS at Authing: its links. The ticket calls work with every protocol.
type CAS struct {
	// LogoutParam is how the logout page is told where to return to: cas.LogoutService (when empty), as
	// on Authing's page, or cas.LogoutURL, as its other SDKs send.
	LogoutParam cas.LogoutParam
}

// Name implements Protocol.
func (CAS) Name() string { return "cas" }

// NewFlow implements Protocol.
func (p CAS) NewFlow(o Options) (Flow, error) {
	client, err := newCAS(o, p.LogoutParam)
	if err != nil {
		return nil, err
	}
	return casFlow{o.AppID, client}, nil
}

func newCAS(o Options, logout cas.LogoutParam) (*cas.Client, error) {
	client, err := cas.NewClient(cas.Config{
		ServerURL: o.AppHost,
		Endpoints: cas.Endpoints{
			Login: o.Endpoints.CASLogin, Logout: o.Endpoints.CASLogout,
			Validate: o.Endpoints.CASValidate, ServiceValidate: o.Endpoints.CASServiceValidate,
		},
		ReplyFormat: cas.FormatJSON, LogoutParam: logout, HTTPClient: o.HTTPClient, Header: o.header(), MaxReply: o.MaxReply,
		Now: o.Now, InsecureAllowHTTP: o.InsecureAllowHTTP,
		ReplyError:     casFailure,
		TicketPrefixes: []string{"S"}, // a capture of Authing's SDK has "ST" alone for a ticket
	})
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

type casFlow struct {
	appID  string
	client *cas.Client
}

// BuildAuthorizeUrl implements Flow. RedirectURI is the service; without it the link is the bare page,
// as on Authing's page.
func (f casFlow) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (string, error) {
	if err := o.Only("RedirectURI", "Renew", "Gateway"); err != nil {
		return "", err
	}
	if err := needApp(f.appID); err != nil {
		return "", err
	}
	return f.client.BuildAuthorizeUrl(ctx, cas.AuthorizeOptions{Service: o.RedirectURI, Renew: o.Renew, Gateway: o.Gateway})
}

// BuildLogoutUrl implements Flow: the CAS logout page.
func (f casFlow) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (string, error) {
	if err := o.Only("RedirectURI"); err != nil {
		return "", err
	}
	if err := needApp(f.appID); err != nil {
		return "", err
	}
	return f.client.BuildLogoutUrl(ctx, cas.LogoutOptions{Service: o.RedirectURI})
}
