package saml

import (
	"errors"
	"strings"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// ContactPerson is whom to ask about the service provider (SAML Metadata §2.3.2.2). At least one field beside Type must be
// set.
type ContactPerson struct {
	// Type is technical, support, administrative, billing, other, or security, which is written as REFEDS has it.
	Type string
	// Company is the name of the company.
	Company string
	// GivenName is the given name.
	GivenName string
	// SurName is the family name.
	SurName string
	// Emails are addresses, with mailto: before them or not.
	Emails []string
	// Phones are telephone numbers.
	Phones []string
}

const (
	nsREFEDS        = "http://refeds.org/metadata"
	contactSecurity = "security"
)

func (p *ContactPerson) check() error {
	switch p.Type {
	case "technical", "support", "administrative", "billing", "other", contactSecurity:
	default:
		return errors.New(".Type is unknown, want technical, support, administrative, billing, other or security")
	}
	names := []string{p.Company, p.GivenName, p.SurName}
	for _, s := range p.Emails {
		if address := strings.TrimPrefix(s, "mailto:"); !strings.Contains(address, "@") || !xsd.IsLine(s) || strings.ContainsAny(s, " <>\"") {
			return errors.New(".Emails has one that is not an address of email")
		}
	}
	switch {
	case strings.Join(names, "") == "" && len(p.Emails)+len(p.Phones) == 0:
		return errors.New(" has nothing beside its Type")
	case !areNames(names, true):
		return errors.New(" has a name with a character that XML forbids")
	case !areNames(p.Phones, false):
		return errors.New(".Phones has one that is empty or has a character that XML forbids")
	}
	return nil
}

func (p *ContactPerson) write(at *etree.Element) {
	e := at.CreateElement("md:ContactPerson")
	if p.Type == contactSecurity {
		e.CreateAttr("xmlns:remd", nsREFEDS)
		e.CreateAttr("contactType", "other")
		e.CreateAttr("remd:contactType", nsREFEDS+"/contactType/security")
	} else {
		e.CreateAttr("contactType", p.Type)
	}
	add := func(name, text string) {
		if text != "" {
			e.CreateElement(name).SetText(text)
		}
	}
	add("md:Company", p.Company)
	add("md:GivenName", p.GivenName)
	add("md:SurName", p.SurName)
	for _, s := range p.Emails {
		add("md:EmailAddress", "mailto:"+strings.TrimPrefix(s, "mailto:"))
	}
	for _, s := range p.Phones {
		add("md:TelephoneNumber", s)
	}
}
