package saml

import (
	"slices"

	"github.com/beevik/etree"
)

// Organization is who operates the service provider (SAML Metadata §2.3.2.1).
type Organization struct {
	// Name is its name, in one language at least.
	Name []Text
	// DisplayName is its name as people are shown it, in one language at least.
	DisplayName []Text
	// URL is its page, in one language at least.
	URL []Text
}

func (o *Organization) check() error {
	if o == nil {
		return nil
	}
	if err := checkTexts("Name", o.Name, true); err != nil {
		return err
	}
	if err := checkTexts("DisplayName", o.DisplayName, true); err != nil {
		return err
	}
	return checkPages("URL", o.URL, true)
}

func (o *Organization) clone() *Organization {
	if o == nil {
		return nil
	}
	return &Organization{slices.Clone(o.Name), slices.Clone(o.DisplayName), slices.Clone(o.URL)}
}

func (o *Organization) write(at *etree.Element) {
	if o == nil {
		return
	}
	e := at.CreateElement("md:Organization")
	writeTexts(e, "md:OrganizationName", o.Name)
	writeTexts(e, "md:OrganizationDisplayName", o.DisplayName)
	writeTexts(e, "md:OrganizationURL", o.URL)
}
