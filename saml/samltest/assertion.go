package samltest

import (
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// assertion says who logged in (SAML Core §2.3.3).
type assertion struct {
	id                string
	issued, authTime  time.Time
	issuer            string
	name              nameID
	method, recipient string // of the subject confirmation
	confirms          string // InResponseTo of the subject confirmation
	notBefore, until  time.Time
	audiences         []string
	conditions        string // further ones, in XML
	index             string
	sessionEnd        time.Time
	class             string
	attributes        string // AttributeStatement in XML
}

func (a *assertion) write() string {
	until := instant(a.until)
	var b strings.Builder
	b.WriteString(`<saml:Assertion xmlns:saml="` + nsAssertion + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"` +
		attribute("ID", a.id) + ` Version="2.0"` + attribute("IssueInstant", instant(a.issued)) + ">\n" +
		"    <saml:Issuer>" + idptest.EscapeXML(a.issuer) + "</saml:Issuer>\n" +
		"    <saml:Subject>\n      " + a.name.write() + "\n" +
		`      <saml:SubjectConfirmation Method="` + a.method + "\">\n" +
		`        <saml:SubjectConfirmationData NotOnOrAfter="` + until + `"` + attribute("Recipient", a.recipient) + attribute("InResponseTo", a.confirms) + "/>\n" +
		"      </saml:SubjectConfirmation>\n    </saml:Subject>\n" +
		`    <saml:Conditions NotBefore="` + instant(a.notBefore) + `" NotOnOrAfter="` + until + "\">\n")
	if len(a.audiences) > 0 {
		b.WriteString("      <saml:AudienceRestriction>\n")
		for _, audience := range a.audiences {
			b.WriteString("        <saml:Audience>" + idptest.EscapeXML(audience) + "</saml:Audience>\n")
		}
		b.WriteString("      </saml:AudienceRestriction>\n")
	}
	b.WriteString(a.conditions + "    </saml:Conditions>\n" +
		`    <saml:AuthnStatement AuthnInstant="` + instant(a.authTime) + `"` + attribute("SessionIndex", a.index) + attribute("SessionNotOnOrAfter", instant(a.sessionEnd)) +
		"><saml:AuthnContext><saml:AuthnContextClassRef>" + a.class + "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\n" +
		"    " + a.attributes + "\n  </saml:Assertion>")
	return b.String()
}
