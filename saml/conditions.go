package saml

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// checkConditions checks when and for whom the assertion is valid (SAML Core §2.5.1). A condition that is not known
// here makes the assertion invalid (SAML Core §2.5.1.1).
func (x *exchange) checkConditions(e xmlgate.Element) error {
	if !e.OK() {
		return refuse(CheckAudience, "there are no Conditions, and so no AudienceRestriction")
	}
	if err := x.checkPeriod(e); err != nil {
		return err
	}
	restricted, oneTime, proxy := 0, 0, 0
	for condition := range e.Children {
		if condition.Space() != nsAssertion {
			return refuse(CheckConditions, "there is a condition that is not from SAML")
		}
		switch condition.Local() {
		case "AudienceRestriction":
			restricted++
			if err := x.checkAudience(condition); err != nil {
				return err
			}
		case "OneTimeUse":
			oneTime++ // every assertion is used once here
		case "ProxyRestriction":
			proxy++ // no assertion is issued here
		default:
			return refuse(CheckConditions, "there is a condition that is not known")
		}
	}
	switch {
	case restricted == 0:
		return refuse(CheckAudience, "there is no AudienceRestriction")
	case oneTime > 1 || proxy > 1:
		return refuse(CheckConditions, "OneTimeUse or ProxyRestriction appears twice")
	}
	return nil
}

// checkPeriod checks NotBefore and NotOnOrAfter, which may be missing (SAML Core §2.5.1.2).
func (x *exchange) checkPeriod(e xmlgate.Element) error {
	text, hasStart := e.Attr("", "NotBefore")
	start, err := x.c.readTime(text, "NotBefore of the conditions", CheckConditions)
	if hasStart && err != nil {
		return err
	}
	text, hasEnd := e.Attr("", "NotOnOrAfter")
	end, err := x.c.readTime(text, "NotOnOrAfter of the conditions", CheckConditions)
	switch {
	case hasEnd && err != nil:
		return err
	case hasStart && x.future(start):
		return refuse(CheckConditions, "the assertion is not valid yet, %s", x.c.off(start.Sub(x.now)))
	case hasEnd && x.past(end):
		return refuse(CheckConditions, "the assertion has expired, %s", x.c.off(x.now.Sub(end)))
	case hasStart && hasEnd && !start.Before(end):
		return refuse(CheckConditions, "NotOnOrAfter is not after NotBefore")
	}
	return nil
}

// maxShown is how many audiences an error shows.
const maxShown = 5

// checkAudience wants our entity ID in a saml:AudienceRestriction (SAML Core §2.5.1.4).
func (x *exchange) checkAudience(e xmlgate.Element) error {
	var others []string
	found := false
	for audience := range e.Children {
		name, ok := tokenText(audience)
		if !ok || name == "" || !audience.Is(nsAssertion, "Audience") {
			return refuse(CheckAudience, "AudienceRestriction has an Audience that is empty or not plain text")
		}
		if found = found || name == x.c.cfg.EntityID; len(others) < maxShown {
			others = append(others, name)
		}
	}
	if !found {
		return refuse(CheckAudience, "the assertion was made for %s, and not for %q: is that our entity ID at the identity provider?", x.show(strings.Join(others, " ")), x.c.cfg.EntityID)
	}
	return nil
}
