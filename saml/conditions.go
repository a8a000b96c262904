package saml

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"

	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
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
	start, err := xsd.ParseTime(text)
	if hasStart && err != nil {
		return because(CheckConditions, err, "NotBefore of the conditions")
	}
	text, hasEnd := e.Attr("", "NotOnOrAfter")
	end, err := xsd.ParseTime(text)
	switch {
	case hasEnd && err != nil:
		return because(CheckConditions, err, "NotOnOrAfter of the conditions")
	case hasStart && x.future(start):
		return refuse(CheckConditions, "the assertion is not valid yet, %s", x.c.off(start.Sub(x.now)))
	case hasEnd && x.past(end):
		return refuse(CheckConditions, "the assertion has expired, %s", x.c.off(x.now.Sub(end)))
	case hasStart && hasEnd && !start.Before(end):
		return refuse(CheckConditions, "NotOnOrAfter is not after NotBefore")
	}
	return nil
}

// checkAudience wants our entity ID in a saml:AudienceRestriction (SAML Core §2.5.1.4).
func (x *exchange) checkAudience(e xmlgate.Element) error {
	found := false
	for audience := range e.Children {
		name, ok := audience.Text()
		if !ok || name == "" || !audience.Is(nsAssertion, "Audience") {
			return refuse(CheckAudience, "AudienceRestriction has an Audience that is empty or not plain text")
		}
		found = found || name == x.c.cfg.EntityID
	}
	if !found {
		return refuse(CheckAudience, "the assertion was made for others, and not for %q: is that our entity ID at the identity provider?", x.c.cfg.EntityID)
	}
	return nil
}
