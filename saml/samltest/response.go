package samltest

import (
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// response is a response before it is written and signed (SAML Core §3.3.3).
type response struct {
	id                  string
	issued              time.Time
	destination, issuer string
	inResponseTo        string
	status              status
	assertions          []assertion
	sign                Signature
}

func (p *response) write() string {
	var b strings.Builder
	b.WriteString(`<samlp:Response xmlns:samlp="` + nsProtocol + `" xmlns:saml="` + nsAssertion + `"` +
		attribute("ID", p.id) + ` Version="2.0"` + attribute("IssueInstant", instant(p.issued)) +
		attribute("Destination", p.destination) + attribute("InResponseTo", p.inResponseTo) + ">\n" +
		"  <saml:Issuer>" + idptest.EscapeXML(p.issuer) + "</saml:Issuer>\n  " + p.status.write() + "\n")
	for _, a := range p.assertions {
		b.WriteString("  " + a.write() + "\n")
	}
	b.WriteString("</samlp:Response>")
	return b.String()
}
