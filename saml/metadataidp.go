package saml

import (
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// readEntity reads an EntityDescriptor, whose every octet may be believed (SAML Metadata §2.3.2).
func (m *metadata) readEntity(e xmlgate.Element, name string, around span) (*IDP, time.Duration, error) {
	if err := checkEntityID("entityID", name); err != nil {
		return nil, 0, because(CheckMetadata, err, "EntityDescriptor")
	}
	role, err := findRole(e, name)
	if err != nil {
		return nil, 0, err
	}
	around = readSpan(readSpan(around, e), role)
	if err := around.check(m.now); err != nil {
		return nil, 0, err
	}
	p := &IDP{EntityID: name, ValidUntil: around.until}
	if err := m.readRole(p, role); err != nil {
		return nil, 0, err
	}
	return p, around.cache, nil
}

// findRole returns the one role of an identity provider that speaks SAML 2.0 (SAML Metadata §2.4.1, §2.4.3). With
// several, which keys belong to which logins would be a guess.
func findRole(e xmlgate.Element, name string) (role xmlgate.Element, err error) {
	others := false
	for child := range e.Children {
		if !child.Is(nsMetadata, "IDPSSODescriptor") {
			continue
		}
		spoken, _ := child.Attr("", "protocolSupportEnumeration")
		if !hasToken(spoken, nsProtocol) {
			others = true
			continue
		}
		if role.OK() {
			return role, refuse(CheckMetadata, "the entity %q has two roles IDPSSODescriptor", httpcore.Clean(name))
		}
		role = child
	}
	switch {
	case role.OK():
		return role, nil
	case others:
		return role, refuse(CheckMetadata, "the entity %q does not support SAML 2.0 (protocolSupportEnumeration)", httpcore.Clean(name))
	}
	return role, refuse(CheckMetadata, "the entity %q is no identity provider: it has no IDPSSODescriptor", httpcore.Clean(name))
}

func hasToken(list, token string) bool {
	for _, t := range strings.Fields(list) {
		if t == token {
			return true
		}
	}
	return false
}

// readRole fills p from an IDPSSODescriptor (SAML Metadata §2.4.2, §2.4.3).
func (m *metadata) readRole(p *IDP, role xmlgate.Element) error {
	var keys keyReader
	for child := range role.Children {
		if child.Space() != nsMetadata {
			continue
		}
		var err error
		switch child.Local() {
		case "KeyDescriptor":
			keys.descriptor(child)
		case "SingleSignOnService":
			p.SSO, err = m.endpoint(p.SSO, child)
		case "SingleLogoutService":
			p.SLO, err = m.endpoint(p.SLO, child)
		case "NameIDFormat":
			if format, ok := child.Text(); ok {
				p.NameIDFormats = append(p.NameIDFormats, strings.Clone(strings.TrimSpace(format)))
			}
		}
		if err != nil {
			return err
		}
	}
	if text, ok := role.Attr("", "WantAuthnRequestsSigned"); ok {
		if p.WantAuthnRequestsSigned, ok = parseBool(text); !ok {
			return refuse(CheckMetadata, "WantAuthnRequestsSigned is neither true nor false")
		}
	}
	if len(p.SSO) == 0 {
		return refuse(CheckMetadata, "there is no SingleSignOnService by redirect or POST")
	}
	var err error
	p.Keys, err = keys.result()
	return err
}

// endpoint appends an address that messages go to, if it is by a binding that is spoken here (SAML Metadata
// §2.2.2).
func (m *metadata) endpoint(list []Endpoint, e xmlgate.Element) ([]Endpoint, error) {
	binding, _ := e.Attr("", "Binding")
	var known Binding
	switch Binding(binding) {
	case BindingRedirect:
		known = BindingRedirect
	case BindingPOST:
		known = BindingPOST
	default:
		return list, nil
	}
	location, _ := e.Attr("", "Location")
	response, _ := e.Attr("", "ResponseLocation")
	if err := m.r.http.CheckURL("Location", location); err != nil {
		return nil, because(CheckMetadata, err, "%s", e.Local())
	}
	if response != "" {
		if err := m.r.http.CheckURL("ResponseLocation", response); err != nil {
			return nil, because(CheckMetadata, err, "%s", e.Local())
		}
	}
	return append(list, Endpoint{Binding: known, Location: strings.Clone(location), ResponseLocation: strings.Clone(response)}), nil
}

// parseBool reads xs:boolean (XML Schema part 2 §3.2.2).
func parseBool(text string) (value, ok bool) {
	switch strings.TrimSpace(text) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}
