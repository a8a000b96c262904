package oidc

import (
	"cmp"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Endpoints are addresses that replace those of the server's metadata, discovered or configured (OpenID Connect
// Discovery §3). An empty one changes nothing.
type Endpoints struct {
	// Authorization is where the browser is sent to log in.
	Authorization string
	// Token is where codes and refresh tokens are exchanged.
	Token string
	// UserInfo is where user info is fetched.
	UserInfo string
	// JWKS is where the server publishes its keys.
	JWKS string
	// EndSession is where the browser is sent to log out.
	EndSession string
	// Introspection is where the server says whether a token is active.
	Introspection string
	// Revocation is where tokens are revoked.
	Revocation string
	// PushedAuthorization is where the parameters of an authentication request are sent before the browser is (RFC 9126 §2).
	PushedAuthorization string
	// Registration is where a client registers itself.
	Registration string
	// DeviceAuthorization is where a device without a browser begins a login (RFC 8628 §3.1).
	DeviceAuthorization string
	// BackchannelAuthentication is where a login on the user's own device begins (OpenID Connect CIBA Core §7).
	BackchannelAuthentication string
}

func (e *Endpoints) check(hc *httpcore.Client) error {
	for _, a := range []struct{ field, url string }{
		{"Authorization", e.Authorization}, {"Token", e.Token}, {"UserInfo", e.UserInfo}, {"JWKS", e.JWKS},
		{"EndSession", e.EndSession}, {"Introspection", e.Introspection}, {"Revocation", e.Revocation}, {"PushedAuthorization", e.PushedAuthorization}, {"Registration", e.Registration},
		{"DeviceAuthorization", e.DeviceAuthorization}, {"BackchannelAuthentication", e.BackchannelAuthentication},
	} {
		if a.url == "" {
			continue
		}
		if err := hc.CheckURL("Endpoints."+a.field, a.url); err != nil {
			return fmt.Errorf("oidc: %w", err)
		}
	}
	return nil
}

// over replaces those addresses of the server that are set here and that package oauth does not know.
func (e *Endpoints) over(m *Metadata) {
	m.JWKSURI = cmp.Or(e.JWKS, m.JWKSURI)
	m.EndSessionEndpoint = cmp.Or(e.EndSession, m.EndSessionEndpoint)
}

// oauth has the others.
func (e *Endpoints) oauth() oauth.Endpoints {
	return oauth.Endpoints{
		Authorization: e.Authorization, Token: e.Token, UserInfo: e.UserInfo, Introspection: e.Introspection, Revocation: e.Revocation,
		PushedAuthorization: e.PushedAuthorization, Registration: e.Registration, DeviceAuthorization: e.DeviceAuthorization, BackchannelAuthentication: e.BackchannelAuthentication,
	}
}
