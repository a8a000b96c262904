package samltest

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// notice is a logout message before it is written and signed (SAML Core §3.7.1, §3.7.2).
type notice struct {
	tag, id, issuer, destination string
	issued                       time.Time
	inResponseTo                 string    // of a response
	until                        time.Time // of a request
	body                         string    // after Issuer
}

// parameter is the name that the message travels under.
func (n *notice) parameter() string {
	if n.tag == "LogoutRequest" {
		return "SAMLRequest"
	}
	return "SAMLResponse"
}

func (n *notice) write() string {
	return `<samlp:` + n.tag + ` xmlns:samlp="` + nsProtocol + `" xmlns:saml="` + nsAssertion + `"` + attribute("ID", n.id) + ` Version="2.0"` +
		attribute("IssueInstant", instant(n.issued)) + attribute("Destination", n.destination) + attribute("NotOnOrAfter", instant(n.until)) +
		attribute("InResponseTo", n.inResponseTo) + ">" + "<saml:Issuer>" + idptest.EscapeXML(n.issuer) + "</saml:Issuer>" + n.body + "</samlp:" + n.tag + ">"
}
