package metadata

import (
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// readEntity reads an EntityDescriptor, of which every octet may be believed (SAML Metadata §2.3.2).
func (d *document) readEntity(e xmlgate.Element, name string, around lifetime, ownSignature bool) (*IDP, time.Duration, *Error) {
	if err := xsd.CheckEntityID("entityID", name); err != nil {
		return nil, 0, d.r.because(CheckEntity, name, "EntityDescriptor", err)
	}
	role, failure := d.findRole(e, name)
	if failure != nil {
		return nil, 0, failure
	}
	signed := around
	if ownSignature { // which does not cover the groups around it
		signed = lifetime{cache: noCache}
	}
	around = d.r.lifetime(d.r.lifetime(around, e), role)
	if failure := d.checkLifetime(around, name); failure != nil {
		return nil, 0, failure
	}
	if failure := d.checkBound(d.r.lifetime(d.r.lifetime(signed, e), role), name); failure != nil {
		return nil, 0, failure
	}
	p := &IDP{EntityID: name, ValidUntil: around.until, CheckScopes: (d.group || d.r.one) && !d.r.AllowForeignScopes}
	d.patterns = 0
	d.extensions(p, e)
	d.extensions(p, role)
	if failure := d.readRole(p, role); failure != nil {
		return nil, 0, failure
	}
	return p, around.cache, nil
}

// findRole returns the one role of an identity provider that speaks SAML 2.0 (SAML Metadata §2.4.1, §2.4.3). With
// several, it is not known which keys belong to which logins.
func (d *document) findRole(e xmlgate.Element, name string) (role xmlgate.Element, failure *Error) {
	others := false
	for child := range e.Children {
		if !child.Is(nsMetadata, "IDPSSODescriptor") {
			continue
		}
		spoken, _ := child.Attr("", "protocolSupportEnumeration")
		if !xsd.HasToken(spoken, nsProtocol) {
			others = true
			continue
		}
		if role.OK() {
			return role, d.r.fail(CheckRole, name, "the entity has two roles IDPSSODescriptor")
		}
		role = child
	}
	switch {
	case role.OK():
		return role, nil
	case others:
		return role, d.r.fail(CheckRole, name, "the entity does not support SAML 2.0 (protocolSupportEnumeration)")
	}
	return role, d.r.fail(CheckRole, name, "the entity is no identity provider: it has no IDPSSODescriptor")
}

// readRole fills p from an IDPSSODescriptor (SAML Metadata §2.4.2, §2.4.3).
func (d *document) readRole(p *IDP, role xmlgate.Element) *Error {
	var keys, encryption keyReader
	for child := range role.Children {
		if child.Space() != nsMetadata {
			continue
		}
		var failure *Error
		switch child.Local() {
		case "KeyDescriptor":
			keys.descriptor(child)
			encryption.encryption(child)
		case "SingleSignOnService":
			p.SSO, failure = d.endpoint(p.SSO, child, p.EntityID)
		case "SingleLogoutService":
			p.SLO, failure = d.endpoint(p.SLO, child, p.EntityID)
		case "ArtifactResolutionService":
			p.ArtifactResolution = d.indexed(p.ArtifactResolution, child)
		case "NameIDFormat":
			if format, ok := child.Text(); ok {
				p.NameIDFormats = append(p.NameIDFormats, d.once(xsd.Collapse(format)))
			}
		}
		if failure != nil {
			return failure
		}
	}
	if text, ok := role.Attr("", "WantAuthnRequestsSigned"); ok {
		if p.WantAuthnRequestsSigned, ok = xsd.ParseBool(text); !ok {
			return d.r.fail(CheckRole, p.EntityID, "WantAuthnRequestsSigned is neither true nor false")
		}
	}
	if len(p.SSO) == 0 {
		return d.r.fail(CheckEndpoint, p.EntityID, "there is no SingleSignOnService by redirect or POST")
	}
	p.EncryptionKeys = encryption.rsaKeys(keys.keys)
	if p.Keys = keys.keys; len(p.Keys) == 0 {
		return d.r.fail(CheckKey, p.EntityID, "there is no key to verify with"+keys.why())
	}
	return nil
}

// endpoint appends an endpoint with a binding that is spoken here (SAML Metadata §2.2.2).
func (d *document) endpoint(list []Endpoint, e xmlgate.Element, name string) ([]Endpoint, *Error) {
	text, _ := e.Attr("", "Binding")
	var binding Binding
	switch Binding(xsd.Collapse(text)) {
	case BindingRedirect:
		binding = BindingRedirect
	case BindingPOST:
		binding = BindingPOST
	default:
		return list, nil
	}
	location, _ := e.Attr("", "Location")
	response, _ := e.Attr("", "ResponseLocation")
	location, response = xsd.Collapse(location), xsd.Collapse(response)
	if err := d.r.http.CheckURL("Location", location); err != nil {
		return nil, d.r.because(CheckEndpoint, name, strings.Clone(e.Local()), err)
	}
	if response != "" {
		if err := d.r.http.CheckURL("ResponseLocation", response); err != nil {
			return nil, d.r.because(CheckEndpoint, name, strings.Clone(e.Local()), err)
		}
	}
	return append(list, Endpoint{Binding: binding, Location: strings.Clone(location), ResponseLocation: strings.Clone(response)}), nil
}
