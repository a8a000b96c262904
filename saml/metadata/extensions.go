package metadata

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// extensions reads what federations add to an entity, or to its role (SAML Metadata §2.3.2, §2.4.1): scopes (Shibboleth Metadata Extensions 1.0), entity
// attributes (SAML Metadata Extension for Entity Attributes 1.0 §2) and the registrar (SAML Metadata Extensions for
// Registration and Publication Information 1.0 §2.1). Of a role only the scopes are read.
func (d *document) extensions(p *IDP, e xmlgate.Element) {
	entity := e.Is(nsMetadata, "EntityDescriptor")
	for all := range e.Children {
		if !all.Is(nsMetadata, "Extensions") {
			continue
		}
		for child := range all.Children {
			switch {
			case child.Is(nsScope, "Scope"):
				d.addScope(p, child)
			case entity && child.Is(nsEntity, "EntityAttributes"):
				d.entityAttributes(p, child)
			case entity && child.Is(nsRPI, "RegistrationInfo"):
				authority, _ := child.Attr("", "registrationAuthority")
				p.RegistrationAuthority = d.once(authority)
			}
		}
	}
}

// addScope adds a shibmd:Scope. One that cannot be read covers nothing.
func (d *document) addScope(p *IDP, e xmlgate.Element) {
	text, ok := e.Text()
	if text = xsd.Trim(text); !ok || text == "" || len(text) > maxScope {
		return
	}
	pattern := false
	if given, ok := e.Attr("", "regexp"); ok {
		if pattern, ok = xsd.ParseBool(given); !ok {
			return
		}
	}
	s := Scope{Text: strings.Clone(text), Regexp: pattern}
	if pattern {
		if d.patterns++; d.patterns > maxPatterns || s.compile() == nil {
			return
		}
	}
	p.Scopes = append(p.Scopes, s)
}

// entityAttributes reads the attributes that say something of the entity. Signed assertions about it are not read.
func (d *document) entityAttributes(p *IDP, e xmlgate.Element) {
	for child := range e.Children {
		if !child.Is(nsAssertion, "Attribute") {
			continue
		}
		name, _ := child.Attr("", "Name")
		a := EntityAttribute{Name: d.once(name)}
		for value := range child.Children {
			if text, ok := value.Text(); ok && value.Is(nsAssertion, "AttributeValue") {
				a.Values = append(a.Values, d.once(xsd.Collapse(text)))
			}
		}
		p.Attributes = append(p.Attributes, a)
	}
}
