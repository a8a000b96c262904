package authtest

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// breakSAML spoils what a response says, before it is signed.
func (s *Server) breakSAML(p *samlReply) {
	now := p.issued
	if s.realm.Broken(SAMLWrongDestination) {
		p.destination = otherACS
	}
	if s.realm.Broken(SAMLNoDestination) {
		p.destination = ""
		if p.sign == SAMLSignAssertion {
			p.sign = SAMLSignBoth
		}
	}
	if s.realm.Broken(SAMLWrongIssuer) {
		p.issuer = otherIssuer
	}
	if s.realm.Broken(SAMLStatusFailed) {
		p.status = samlStatus{samlResponder, samlAuthnFailed}
	}
	for fault, id := range map[idptest.Fault]string{SAMLWrongInResponseTo: samlID(), SAMLNoInResponseTo: ""} {
		if s.realm.Broken(fault) {
			p.inResponseTo = id
		}
	}
	if s.realm.Broken(SAMLExpired) {
		p.issued = now.Add(-2 * time.Hour)
	}
	if s.realm.Broken(SAMLTwoAssertions) && len(p.assertions) == 1 {
		second := p.assertions[0]
		second.id, second.name.value = samlID(), mallory
		p.assertions = append(p.assertions, second)
	}
	for i := range p.assertions {
		s.breakAssertion(&p.assertions[i], p)
	}
	if s.realm.Broken(SAMLSameID) && len(p.assertions) > 0 {
		p.id = p.assertions[0].id
	}
}

// otherACS is an address of somebody else.
const otherACS = "https://attacker.example/acs"

func (s *Server) breakAssertion(a *samlAssertion, p *samlReply) {
	a.issuer, a.confirms = p.issuer, p.inResponseTo
	now := a.issued
	if s.realm.Broken(SAMLWrongAudience) {
		a.audiences = []string{"https://attacker.example/metadata"}
	}
	if s.realm.Broken(SAMLNoAudience) {
		a.audiences = nil
	}
	if s.realm.Broken(SAMLWrongRecipient) {
		a.recipient = otherACS
	}
	if s.realm.Broken(SAMLExpired) {
		a.issued, a.authTime, a.notBefore, a.until = p.issued, p.issued, p.issued, now.Add(-time.Hour)
	}
	if s.realm.Broken(SAMLNotYetValid) {
		a.notBefore, a.until = now.Add(24*time.Hour), now.Add(25*time.Hour)
	}
	if s.realm.Broken(SAMLNoBearer) {
		a.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
	}
	if s.realm.Broken(SAMLEmptyName) {
		a.name.value = ""
	}
	if s.realm.Broken(SAMLComment) {
		a.name.value += commentTail
	}
	if s.realm.Broken(SAMLUnknownCondition) {
		a.conditions = `      <saml:Condition xmlns:x="urn:example:conditions" xsi:type="x:Unheard"/>` + "\n"
	}
	if s.realm.Broken(SAMLSessionOver) {
		a.sessionEnd = now.Add(-time.Hour)
	}
}

// commentTail makes the person's name another account's.
const commentTail = ".evil"

// breakNotice spoils what a logout message says, before it is signed.
func (s *Server) breakNotice(n *samlNotice) {
	if s.realm.Broken(SAMLLogoutWrongDestination) {
		n.destination = "https://attacker.example/slo"
	}
	if s.realm.Broken(SAMLLogoutWrongIssuer) {
		n.issuer = otherIssuer
	}
	if n.tag == "LogoutResponse" {
		if s.realm.Broken(SAMLLogoutWrongInResponseTo) {
			n.inResponseTo = samlID()
		}
		if s.realm.Broken(SAMLLogoutDenied) {
			n.body = samlStatus{samlRequester, "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"}.write()
		}
		return
	}
	if s.realm.Broken(SAMLLogoutExpired) {
		n.issued, n.until = n.issued.Add(-2*time.Hour), n.issued.Add(-time.Hour)
	}
	if s.realm.Broken(SAMLLogoutWrongName) {
		n.body = samlName{format: SAMLUnspecified, value: mallory}.write()
	}
}

// samlBefore returns what was sent under that name before, or value when nothing
// was or the fault is off, and keeps it.
func (s *Server) samlBefore(fault idptest.Fault, what, value string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, ok := s.memory.sent[what]; ok && s.realm.Broken(fault) {
		return before
	}
	if s.memory.sent == nil {
		s.memory.sent = make(map[string]string)
	}
	s.memory.sent[what] = value // the names are those of applications, so they are few
	return value
}
