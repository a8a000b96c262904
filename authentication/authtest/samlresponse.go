package authtest

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const samlTime = "2006-01-02T15:04:05.000Z"

// samlReply is a response before it is written and signed (SAML Core §3.3.3).
type samlReply struct {
	id                  string
	issued              time.Time
	destination, issuer string
	inResponseTo        string
	status              samlStatus
	assertions          []samlAssertion
	sign                SAMLSignature
}

func samlInstant(at time.Time) string { return at.UTC().Format(samlTime) }

// xmlAttribute writes an attribute that is left out when empty.
func xmlAttribute(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + idptest.EscapeXML(value) + `"`
}

func (p *samlReply) write() string {
	var b strings.Builder
	b.WriteString(`<samlp:Response xmlns:samlp="` + nsProtocol + `" xmlns:saml="` + nsAssertion + `"` +
		xmlAttribute("ID", p.id) + ` Version="2.0"` + xmlAttribute("IssueInstant", samlInstant(p.issued)) +
		xmlAttribute("Destination", p.destination) + xmlAttribute("InResponseTo", p.inResponseTo) + ">\n" +
		"  <saml:Issuer>" + idptest.EscapeXML(p.issuer) + "</saml:Issuer>\n  " + p.status.write() + "\n")
	for _, a := range p.assertions {
		b.WriteString("  " + a.write() + "\n")
	}
	b.WriteString("</samlp:Response>")
	return b.String()
}

func (t samlStatus) write() string {
	inner := ""
	if t.second != "" {
		inner = `<samlp:StatusCode Value="` + idptest.EscapeXML(t.second) + `"/>`
	}
	return `<samlp:Status><samlp:StatusCode Value="` + idptest.EscapeXML(t.top) + `">` + inner + `</samlp:StatusCode></samlp:Status>`
}

// samlAnswer sends the browser to the application with an assertion.
func (s *Server) samlAnswer(w http.ResponseWriter, to *samlAsked, who *idptest.Login) {
	a := to.app
	name, ok := to.nameOf(who.User)
	if !ok {
		s.samlFail(w, to, samlStatus{samlRequester, samlInvalidPolicy})
		return
	}
	now := s.realm.Time()
	assertion := samlAssertion{
		id: samlID(), issued: now, authTime: who.Time, issuer: to.base, name: name,
		method: "urn:oasis:names:tc:SAML:2.0:cm:bearer", recipient: to.acs, confirms: to.requestID,
		notBefore: now, until: now.Add(a.lifetime()), audiences: []string{to.audience},
		index: s.samlEnter(to, who, name), class: to.class, attributeStatements: s.samlAttributes(who.User, a.Attributes),
	}
	if a.SessionLifetime > 0 {
		assertion.sessionEnd = who.Time.Add(a.SessionLifetime)
	}
	p := s.samlReply(to, samlStatus{top: samlSuccess})
	p.assertions = []samlAssertion{assertion}
	s.samlSend(w, to, p)
}

// samlFail tells the application that the login came to nothing.
func (s *Server) samlFail(w http.ResponseWriter, to *samlAsked, status samlStatus) {
	s.samlSend(w, to, s.samlReply(to, status))
}

func (s *Server) samlReply(to *samlAsked, status samlStatus) *samlReply {
	return &samlReply{
		id: samlID(), issued: s.realm.Time(), destination: to.acs, issuer: to.base, inResponseTo: to.requestID,
		status: status, sign: SAMLSignature(either(string(to.app.Sign), string(SAMLSignAssertion))),
	}
}

// samlSend signs the response and posts it (SAML Bindings §3.5.4).
func (s *Server) samlSend(w http.ResponseWriter, to *samlAsked, p *samlReply) {
	text, err := s.samlSeal(to, p)
	if err != nil {
		s.realm.ErrorPage(w, http.StatusInternalServerError, "8128", "The SAML assertion could not be made.")
		return
	}
	fields := idptest.Pairs("SAMLResponse", base64.StdEncoding.EncodeToString([]byte(text)))
	switch {
	case s.realm.Broken(idptest.WrongState):
		fields.Add("RelayState", idptest.Opaque())
	case !s.realm.Broken(idptest.NoState):
		fields.Add("RelayState", to.relayState)
	}
	if s.realm.Broken(idptest.RepeatedParameter) {
		fields = append(fields, fields...)
	}
	s.samlPage(w, to.acs, fields)
}

// samlPage is Authing's page: a form that posts itself.
func (s *Server) samlPage(w http.ResponseWriter, to string, fields idptest.Parameters) {
	s.realm.PostPage(w, "One moment", "saml-form", to, fields)
}
