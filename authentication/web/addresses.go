package web

import (
	"errors"
	"fmt"
)

// Addresses are the addresses of one flow, for the server where the application is registered.
type Addresses struct {
	// Callback is the redirect URI (OAuth, OpenID Connect), the service (CAS) and the ACS address (SAML).
	Callback string
	// LoggedOut is where the browser comes back after a logout at the server: the post-logout redirect URI.
	LoggedOut string
	// SLO is the address of SAML's single logout, by every binding.
	SLO string
	// BackChannel is OpenID Connect's backchannel_logout_uri.
	BackChannel string
	// FrontChannel is OpenID Connect's frontchannel_logout_uri.
	FrontChannel string
	// Metadata serves the SAML metadata of the application.
	Metadata string
	// InitiateLogin is OpenID Connect's initiate_login_uri.
	InitiateLogin string
}

// Addresses returns the addresses of the flow with this name, empty for Flow. It needs BaseURL and Prefix alone, so that
// it can be called before any client exists: a SAML client needs its own addresses. With MoreBaseURLs each host has its
// own addresses: call it with each of them as BaseURL.
func (c Config) Addresses(flow string) (Addresses, error) {
	b, err := parseBase("Config.BaseURL", c.BaseURL, c.InsecureAllowHTTP)
	if err != nil {
		return Addresses{}, mistake{err}
	}
	if flow != "" && !flowName(flow) {
		return Addresses{}, mistake{fmt.Errorf("web: %q is no name of a flow: it may have lower case letters, digits and hyphens, 1 to 32", flow)}
	}
	if c.Prefix == "" {
		c.Prefix = "/auth"
	}
	if err := checkPrefix(b, c.Prefix); err != nil {
		return Addresses{}, mistake{err}
	}
	return addresses(b, c.Prefix, flow), nil
}

// checkPrefix refuses a Prefix that BaseURL's own path begins with: each page of the application would be the Site's.
func checkPrefix(b *base, prefix string) error {
	switch {
	case !ownPath(prefix):
		return errors.New(`web: Config.Prefix must be a path such as "/auth"`)
	case under(b.path, prefix):
		return errors.New("web: Config.Prefix must not be the path of Config.BaseURL, nor the beginning of it")
	}
	return nil
}

func addresses(b *base, prefix, flow string) Addresses {
	to := func(name string) string {
		if flow != "" {
			name += "/" + flow
		}
		return b.url + prefix + "/" + name
	}
	return Addresses{
		Callback: to("callback"), LoggedOut: to("loggedout"), SLO: to("slo"), BackChannel: to("backchannel"),
		FrontChannel: to("frontchannel"), Metadata: to("metadata"), InitiateLogin: to("login"),
	}
}
