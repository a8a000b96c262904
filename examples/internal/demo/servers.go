package demo

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Servers are logins at servers other than Authing's, by the variables that name them: none, or those of OpenID Connect,
// SAML and CAS by the name of the protocol.
func (d *Demo) Servers(addresses Addresses) (map[string]authentication.LoginFlow, error) {
	flows := map[string]authentication.LoginFlow{}
	if d.Choice("OIDC_RESPONSE_MODE", "query", "form_post") == "form_post" {
		d.mode = oauth.ResponseModeFormPost
	}
	d.scope = cmp.Or(d.getenv("OIDC_SCOPE"), "openid profile email phone address offline_access")
	for _, protocol := range []struct {
		name string
		flow func(web.Addresses) (authentication.LoginFlow, error)
	}{{"oidc", d.oidc}, {"saml", d.saml}, {"cas", d.cas}} {
		at, err := addresses(protocol.name)
		if err != nil {
			return nil, err
		}
		flow, err := protocol.flow(at)
		if err != nil {
			return nil, err
		}
		if flow != nil {
			flows[protocol.name] = flow
			d.register(protocol.name, at)
		}
	}
	return flows, nil
}

// register says which addresses a real server must know.
func (d *Demo) register(name string, at web.Addresses) {
	d.Say("%s: register %s, and %s for after a logout\n", name, at.Callback, at.LoggedOut)
	if name == "saml" {
		d.Say("saml: the metadata is %s\n", at.Metadata)
	}
}

func (d *Demo) oidc(web.Addresses) (authentication.LoginFlow, error) {
	values := d.Group("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
	if values == nil {
		return nil, nil
	}
	client, err := oidc.NewClient(oidc.Config{Issuer: values[0], ClientID: values[1], ClientSecret: values[2]})
	if err != nil {
		return nil, fmt.Errorf("OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET: %w", err)
	}
	return authentication.FromOIDC(client), nil
}

func (d *Demo) saml(at web.Addresses) (authentication.LoginFlow, error) {
	if d.getenv("SAML_IDP_METADATA_URL") == "" {
		return nil, nil
	}
	source, err := metadata.NewSource(metadata.Config{URL: d.getenv("SAML_IDP_METADATA_URL")})
	if err != nil {
		return nil, fmt.Errorf("SAML_IDP_METADATA_URL: %w", err)
	}
	config := saml.Config{EntityID: d.entityID(at), ACSURL: at.Callback, IDP: source, Keys: d.samlKeys()}
	if len(config.Keys) > 0 { // logout messages must be signed
		config.SLOURL, config.SOAPLogoutURL = at.SLO, at.SLO
	}
	client, err := saml.NewClient(config)
	if err != nil {
		return nil, err
	}
	return authentication.FromSAML(client), nil
}

func (d *Demo) cas(web.Addresses) (authentication.LoginFlow, error) {
	config := cas.Config{ServerURL: d.getenv("CAS_SERVER_URL"), Version: cas.Version(d.getenv("CAS_VERSION")), AllowSharedService: d.sharedService()}
	switch {
	case config.ServerURL != "":
	case config.Version != "":
		return nil, errors.New("CAS_VERSION is set, so CAS_SERVER_URL must be set too")
	default:
		return nil, nil
	}
	client, err := cas.NewClient(config)
	if err != nil {
		return nil, fmt.Errorf("CAS_SERVER_URL, CAS_VERSION: %w", err)
	}
	return authentication.FromCAS(client), nil
}

// sharedService is cas.Config's AllowSharedService.
func (d *Demo) sharedService() bool {
	return d.Choice("CAS_ALLOW_SHARED_SERVICE", "false", "true") == "true"
}

// entityID names this application as a SAML service provider: it is the address of its metadata, unless set otherwise.
func (d *Demo) entityID(at web.Addresses) string {
	if id := d.getenv("SAML_ENTITY_ID"); id != "" {
		return id
	}
	return at.Metadata
}

// samlKeys are the application's key with its certificate, or none.
func (d *Demo) samlKeys() []saml.Key {
	files := d.Group("SAML_CERT_FILE", "SAML_KEY_FILE")
	if files == nil {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(files[0], files[1])
	if err != nil {
		d.fail(fmt.Errorf("SAML_CERT_FILE, SAML_KEY_FILE: %w", err))
		return nil
	}
	key, err := saml.NewKey(pair)
	d.fail(err)
	return []saml.Key{key}
}
