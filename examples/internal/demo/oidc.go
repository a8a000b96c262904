package demo

import (
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// OIDC returns what these variables say of the one server of an application: its issuer, the client ID, and further values.
// Without them it starts idp, and returns its address, client ID and secret.
func (d *Demo) OIDC(config web.Config, idp *oidctest.Server, names ...string) ([]string, error) {
	at, err := config.Addresses("")
	if err != nil {
		return nil, err
	}
	if values := d.Group(names...); values != nil {
		d.register("OpenID Connect", at)
		return values, nil
	}
	idp.RedirectURIs, idp.LogoutURIs = []string{at.Callback}, []string{at.LoggedOut}
	idp.BackChannelLogoutURI, idp.BackChannelLogoutSessionRequired = at.BackChannel, true
	issuer, err := d.Embed(idp)
	return []string{issuer, oidctest.ClientID, oidctest.ClientSecret}, err
}
