package saml

import (
	"slices"
	"strings"
)

// scopedNames are the attributes whose values end with @ and a domain (eduPerson, SAML Subject Identifier Attributes
// Profile 1.0 §3.3, §3.4), by all names that they have.
var scopedNames = []string{
	"urn:oasis:names:tc:SAML:attribute:subject-id",
	"urn:oasis:names:tc:SAML:attribute:pairwise-id",
	"urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "urn:mace:dir:attribute-def:eduPersonPrincipalName", "eduPersonPrincipalName",
	"urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "urn:mace:dir:attribute-def:eduPersonScopedAffiliation", "eduPersonScopedAffiliation",
	"urn:oid:1.3.6.1.4.1.5923.1.1.1.12", "urn:mace:dir:attribute-def:eduPersonPrincipalNamePrior", "eduPersonPrincipalNamePrior",
	"urn:oid:1.3.6.1.4.1.5923.1.1.1.13", "urn:mace:dir:attribute-def:eduPersonUniqueId", "eduPersonUniqueId",
}

// domainNames are the attributes whose values are a domain alone (SCHAC).
var domainNames = []string{"urn:oid:1.3.6.1.4.1.25178.1.2.9", "schacHomeOrganization"}

// maxScopedValues is how many values are compared with scopes, which may be patterns. The others are out of scope.
const maxScopedValues = 200

// checkScopes moves the values of attributes (SAML Core §2.7.3.1) that the identity provider may not say of its users from
// Attributes to OutOfScope.
func (x *exchange) checkScopes(a *Assertion) {
	if !x.idp.CheckScopes {
		return
	}
	left := maxScopedValues
	kept := a.Attributes[:0]
	for _, attribute := range a.Attributes {
		scoped := slices.Contains(scopedNames, attribute.Name)
		if !scoped && !slices.Contains(domainNames, attribute.Name) {
			kept = append(kept, attribute)
			continue
		}
		foreign := attribute
		foreign.Values = nil
		attribute.Values = slices.DeleteFunc(attribute.Values, func(v Value) bool {
			domain := v.Text
			if scoped {
				// A second @ would let two readers find two domains.
				var local string
				if local, domain, _ = strings.Cut(v.Text, "@"); local == "" {
					domain = ""
				}
			}
			left--
			covered := left >= 0 && !strings.Contains(domain, "@") && x.idp.InScope(domain)
			if !covered && !v.Nil {
				foreign.Values = append(foreign.Values, v)
			}
			return !covered && !v.Nil
		})
		if len(foreign.Values) > 0 {
			a.OutOfScope = append(a.OutOfScope, foreign)
		}
		if len(attribute.Values) > 0 || len(foreign.Values) == 0 {
			kept = append(kept, attribute)
		}
	}
	clear(a.Attributes[len(kept):])
	a.Attributes = kept
}
