package saml

import (
	"errors"
	"slices"

	"github.com/beevik/etree"
)

// AttributeService is which attributes the service provider wants (AttributeConsumingService, SAML Metadata §2.4.4.1). It
// is the default one.
type AttributeService struct {
	// Name is the name of the service, in one language at least.
	Name []Text
	// Description is a sentence about it.
	Description []Text
	// Attributes are the attributes that are wanted, one at least.
	Attributes []RequestedAttribute
}

// RequestedAttribute is an attribute that is wanted (SAML Metadata §2.4.4.2).
type RequestedAttribute struct {
	// Name is its name, such as urn:oid:0.9.2342.19200300.100.1.3.
	Name string
	// NameFormat is how Name is meant, such as urn:oasis:names:tc:SAML:2.0:attrname-format:uri; empty writes none.
	NameFormat string
	// FriendlyName is for people, such as mail; empty writes none.
	FriendlyName string
	// Required says that the service does not work without it.
	Required bool
}

func (s *AttributeService) check() error {
	if s == nil {
		return nil
	}
	if err := checkTexts("Name", s.Name, true); err != nil {
		return err
	}
	if err := checkTexts("Description", s.Description, false); err != nil {
		return err
	}
	if len(s.Attributes) == 0 {
		return errors.New(".Attributes is missing")
	}
	for i, a := range s.Attributes {
		same := func(b RequestedAttribute) bool { return b.Name == a.Name && b.NameFormat == a.NameFormat }
		switch {
		case !areNames([]string{a.Name}, false) || !areNames([]string{a.NameFormat, a.FriendlyName}, true):
			return errors.New(".Attributes has one without Name, or with a character that XML forbids")
		case slices.IndexFunc(s.Attributes, same) != i:
			return errors.New(".Attributes has one twice")
		}
	}
	return nil
}

func (s *AttributeService) clone() *AttributeService {
	if s == nil {
		return nil
	}
	return &AttributeService{slices.Clone(s.Name), slices.Clone(s.Description), slices.Clone(s.Attributes)}
}

func (s *AttributeService) write(at *etree.Element) {
	if s == nil {
		return
	}
	e := at.CreateElement("md:AttributeConsumingService")
	e.CreateAttr("index", "0")
	e.CreateAttr("isDefault", "true")
	writeTexts(e, "md:ServiceName", s.Name)
	writeTexts(e, "md:ServiceDescription", s.Description)
	for _, a := range s.Attributes {
		r := e.CreateElement("md:RequestedAttribute")
		r.CreateAttr("Name", a.Name)
		setAttr(r, "NameFormat", a.NameFormat)
		setAttr(r, "FriendlyName", a.FriendlyName)
		if a.Required {
			r.CreateAttr("isRequired", "true")
		}
	}
}
