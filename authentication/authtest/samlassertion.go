package authtest

import (
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlAssertion says who logged in (SAML Core §2.3.3).
type samlAssertion struct {
	id                  string
	issued, authTime    time.Time
	issuer              string
	name                samlName
	method, recipient   string // of the subject confirmation
	confirms            string // InResponseTo of the subject confirmation
	notBefore, until    time.Time
	audiences           []string
	conditions          string // further ones, in XML
	index               string
	sessionEnd          time.Time
	class               string
	attributeStatements string // in XML
}

func (a *samlAssertion) write() string {
	until := samlInstant(a.until)
	var b strings.Builder
	b.WriteString(`<saml:Assertion xmlns:saml="` + nsAssertion + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"` +
		xmlAttribute("ID", a.id) + ` Version="2.0"` + xmlAttribute("IssueInstant", samlInstant(a.issued)) + ">\n" +
		"    <saml:Issuer>" + idptest.EscapeXML(a.issuer) + "</saml:Issuer>\n" +
		"    <saml:Subject>\n      " + a.name.write() + "\n" +
		`      <saml:SubjectConfirmation Method="` + a.method + "\">\n" +
		`        <saml:SubjectConfirmationData NotOnOrAfter="` + until + `"` + xmlAttribute("Recipient", a.recipient) + xmlAttribute("InResponseTo", a.confirms) + "/>\n" +
		"      </saml:SubjectConfirmation>\n    </saml:Subject>\n" +
		`    <saml:Conditions NotBefore="` + samlInstant(a.notBefore) + `" NotOnOrAfter="` + until + "\">\n")
	if len(a.audiences) > 0 {
		b.WriteString("      <saml:AudienceRestriction>\n")
		for _, audience := range a.audiences {
			b.WriteString("        <saml:Audience>" + idptest.EscapeXML(audience) + "</saml:Audience>\n")
		}
		b.WriteString("      </saml:AudienceRestriction>\n")
	}
	end := ""
	if !a.sessionEnd.IsZero() {
		end = samlInstant(a.sessionEnd)
	}
	b.WriteString(a.conditions + "    </saml:Conditions>\n" +
		`    <saml:AuthnStatement AuthnInstant="` + samlInstant(a.authTime) + `"` + xmlAttribute("SessionIndex", a.index) + xmlAttribute("SessionNotOnOrAfter", end) +
		"><saml:AuthnContext><saml:AuthnContextClassRef>" + a.class + "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\n" +
		"    " + a.attributeStatements + "\n  </saml:Assertion>")
	return b.String()
}
