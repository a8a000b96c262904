package web

import (
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// checkFlow refuses a flow that could not log anybody in. A SAML client has its addresses in its metadata, so they must be
// the Site's.
func (s *Site) checkFlow(field, name string, flow authentication.LoginFlow) error {
	if _, ok := able[authentication.LoginFlow](flow); !ok {
		return fmt.Errorf("web: %s cannot log users in: it is a client without a login, such as SAML without an EntityID, or none of NewClient", field)
	}
	if err := s.bearable(field, flow); err != nil {
		return err
	}
	described, ok := able[authentication.MetadataFlow](flow)
	if !ok {
		return nil
	}
	own := described.SAMLAddresses()
	if !s.serves(name, func(a Addresses) bool { return slices.Contains(own.ACSURLs, a.Callback) }) {
		return fmt.Errorf("web: %s has no ACS address of the Site: it needs %s (Config.Addresses)", field, addresses(s.bases[0], s.config.Prefix, name).Callback)
	}
	for what, address := range map[string]string{"SLO": own.SLOURL, "SOAP logout": own.SOAPLogoutURL} {
		if address != "" && !s.serves(name, func(a Addresses) bool { return a.SLO == address }) {
			return fmt.Errorf("web: %s has an %s address that the Site does not serve: it needs %s (Config.Addresses)", field, what, addresses(s.bases[0], s.config.Prefix, name).SLO)
		}
	}
	return nil
}

// serves reports whether this is true of the addresses of a flow at one of the base URLs.
func (s *Site) serves(name string, is func(Addresses) bool) bool {
	return slices.ContainsFunc(s.bases, func(b *base) bool { return is(addresses(b, s.config.Prefix, name)) })
}

// bearable refuses a flow whose server may end sessions where that could not be done.
func (s *Site) bearable(field string, flow authentication.LoginFlow) error {
	if s.config.Store != InCookies || s.config.AllowLostLogouts {
		return nil
	}
	if _, receives := able[authentication.NoticeFlow](flow); receives {
		return fmt.Errorf("web: the server of %s can log users out, which is lost with InCookies: set another Config.Store, or Config.AllowLostLogouts", field)
	}
	return nil
}
