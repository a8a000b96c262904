package demo

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// Addresses is the method of web.Config.
type Addresses func(flow string) (web.Addresses, error)

// Authing returns the application at Authing that the environment names, and its protocols. Without one it starts an
// embedded server with all four, unless there are flows already: those of other servers.
func (d *Demo) Authing(addresses Addresses, flows map[string]authentication.LoginFlow) (o authentication.Options, protocols []authentication.Protocol, err error) {
	names := d.Choices("AUTHING_PROTOCOL", "oidc", "oauth", "saml", "cas")
	alg, logout := d.getenv("AUTHING_ID_TOKEN_ALG"), d.Choice("AUTHING_LOGOUT", "authing", "expert")
	at, err := addresses("saml")
	if err != nil {
		return o, nil, err
	}
	sp := authentication.SAML{EntityID: d.entityID(at), Keys: d.samlKeys()}
	switch app := d.Group("AUTHING_APP_HOST", "AUTHING_APP_ID", "AUTHING_APP_SECRET"); {
	case app != nil:
		o.AppHost, o.AppID, o.Secret = app[0], app[1], app[2]
		if names == nil {
			names = []string{"oidc"}
		}
	case len(flows) > 0 || d.mistake != nil:
		return o, nil, nil
	default:
		if names == nil {
			names = []string{"oidc", "oauth", "saml", "cas"}
		}
		if sp.Keys == nil { // one for this run is enough
			key, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				return o, nil, err
			}
			sp.Keys = []saml.Key{{Signer: key, Decrypter: key}}
		}
		sp.SLOURL = at.SLO // Authing itself has no single logout of SAML
		if o, err = d.embedAuthing(addresses, alg, sp); err != nil {
			return o, nil, err
		}
	}
	all := map[string]authentication.Protocol{
		"oidc": authentication.OIDC{IDTokenSigningAlg: alg, UserInfo: true}, "oauth": authentication.OAuth{},
		"saml": sp, "cas": authentication.CAS{AllowSharedService: d.sharedService()},
	}
	for _, name := range names {
		if flows[name] != nil {
			return o, nil, fmt.Errorf("AUTHING_APP_HOST and another server both log in by %s: leave it out of AUTHING_PROTOCOL", name)
		}
		protocols = append(protocols, all[name])
		if at, err := addresses(name); err == nil && len(d.servers) == 0 {
			d.register(name, at)
		}
	}
	d.expert = logout == "expert" && slices.Contains(names, "oidc")
	if logout == "expert" && !d.expert {
		return o, nil, errors.New("AUTHING_LOGOUT expert is for oidc, which AUTHING_PROTOCOL leaves out")
	}
	return o, protocols, nil
}

// embedAuthing starts a fake Authing that knows the application.
func (d *Demo) embedAuthing(addresses Addresses, alg string, sp authentication.SAML) (o authentication.Options, err error) {
	idp := &authtest.Server{AppName: "Web example", IDTokenSigningAlg: alg, SAMLApps: []samltest.App{{
		EntityID: sp.EntityID, SLOURL: sp.SLOURL, Key: sp.Keys[0].Signer.Public(), DemandSigned: true,
	}}}
	for _, name := range []string{"oidc", "oauth", "saml", "cas"} {
		at, err := addresses(name)
		if err != nil {
			return o, err
		}
		idp.RedirectURIs, idp.LogoutURIs = append(idp.RedirectURIs, at.Callback), append(idp.LogoutURIs, at.LoggedOut)
	}
	o.AppID, o.Secret = authtest.AppID, authtest.Secret
	o.AppHost, err = d.Embed(idp)
	d.Say("Sign out there, at %s/login/profile/logout, and SAML and CAS sign you out here too.\n", o.AppHost)
	return o, err
}

// LoginOptions are for web.Config: unless OIDC_SCOPE says otherwise, they ask for a refresh token.
func (d *Demo) LoginOptions(_ *http.Request, flow string) (o authentication.AuthorizeOptions, err error) {
	if flow != "oidc" {
		return o, nil
	}
	o.Scope, o.ResponseMode = d.scope, d.mode
	if slices.Contains(strings.Fields(o.Scope), "offline_access") {
		o.Prompt = "consent" // most servers give it only with the user's consent
	}
	return o, nil
}

// LogoutOptions are for web.Config.
func (d *Demo) LogoutOptions(flow string, _ *authentication.Identity) authentication.LogoutOptions {
	return authentication.LogoutOptions{Expert: d.expert && flow == "oidc"}
}
