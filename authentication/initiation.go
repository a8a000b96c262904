package authentication

import (
	"context"
	"net/http"
)

// Initiation is the request of a third party to begin a login (OpenID Connect Core §4).
type Initiation struct {
	// Options are for BeginLogin.
	Options AuthorizeOptions
	// Return is for the Login's Return: a path of this application, or empty.
	Return string
	// Target is the address that the third party asks to go to. Where the client has no RedirectURI, Return is empty and
	// nothing has checked Target: go there only when it is an address of this application.
	Target string
}

// InitiationFlow is a LoginFlow whose logins a third party may begin.
type InitiationFlow interface {
	// ReadInitiation reads the request. It sends nothing and changes nothing. Its refusals are wrapped in ErrRefused.
	ReadInitiation(ctx context.Context, r *http.Request) (*Initiation, error)
}

// ReadInitiation reads a request by which the server or another site begins a login of OpenID Connect, at the address
// that is registered as initiate_login_uri. Call BeginLogin with the result's Options, and put its Return into the
// Login. End no session before that login is complete. See oidc.Client for what is refused, with ErrRefused.
func (c *Client) ReadInitiation(ctx context.Context, r *http.Request) (*Initiation, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(InitiationFlow)
	if !ok {
		return nil, unsupported("ReadInitiation", c.spoken())
	}
	return flow.ReadInitiation(ctx, r)
}

// ReadInitiation implements InitiationFlow.
func (f *oidcFlow) ReadInitiation(ctx context.Context, r *http.Request) (*Initiation, error) {
	begun, err := f.client.ReadInitiation(ctx, r)
	if err != nil {
		return nil, judge(err)
	}
	return &Initiation{Options: AuthorizeOptions{LoginHint: begun.Options.LoginHint}, Return: begun.Return, Target: begun.Target}, nil
}
