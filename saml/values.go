package saml

// Attribute returns the attribute with that Name; ok is false when there is none, or more than one (SAML Core
// §2.7.3.1). Names are compared byte for byte; FriendlyName is for people and is not compared.
func (a *Assertion) Attribute(name string) (attribute Attribute, ok bool) {
	for i := range a.Attributes {
		if a.Attributes[i].Name != name {
			continue
		}
		if ok {
			return Attribute{}, false
		}
		attribute, ok = a.Attributes[i], true
	}
	return attribute, ok
}

// Values returns the texts of all attributes with that Name, in order: some identity providers write one attribute for
// each value (SAML Core §2.7.3.1). Values that are nil or hold elements are left out.
func (a *Assertion) Values(name string) []string {
	var all []string
	for i := range a.Attributes {
		if a.Attributes[i].Name != name {
			continue
		}
		for _, v := range a.Attributes[i].Values {
			if !v.Nil && v.XML == "" {
				all = append(all, v.Text)
			}
		}
	}
	return all
}
