package authtest

import "time"

// breakSAML spoils what a response says, before it is signed.
func (s *Server) breakSAML(p *samlReply) {
	now := p.issued
	if s.broken(SAMLWrongDestination) {
		p.destination = otherACS
	}
	if s.broken(SAMLNoDestination) {
		p.destination = ""
		if p.sign == SAMLSignAssertion {
			p.sign = SAMLSignBoth
		}
	}
	if s.broken(SAMLWrongIssuer) {
		p.issuer = otherIssuer
	}
	if s.broken(SAMLStatusFailed) {
		p.status = samlStatus{samlResponder, samlAuthnFailed}
	}
	for fault, id := range map[Fault]string{SAMLWrongInResponseTo: samlID(), SAMLNoInResponseTo: ""} {
		if s.broken(fault) {
			p.inResponseTo = id
		}
	}
	if s.broken(SAMLExpired) {
		p.issued = now.Add(-2 * time.Hour)
	}
	if s.broken(SAMLTwoAssertions) && len(p.assertions) == 1 {
		second := p.assertions[0]
		second.id, second.name.value = samlID(), mallory
		p.assertions = append(p.assertions, second)
	}
	for i := range p.assertions {
		s.breakAssertion(&p.assertions[i], p)
	}
	if s.broken(SAMLSameID) && len(p.assertions) > 0 {
		p.id = p.assertions[0].id
	}
}

// otherACS is an address of somebody else.
const otherACS = "https://attacker.example/acs"

func (s *Server) breakAssertion(a *samlAssertion, p *samlReply) {
	a.issuer, a.confirms = p.issuer, p.inResponseTo
	now := a.issued
	if s.broken(SAMLWrongAudience) {
		a.audiences = []string{"https://attacker.example/metadata"}
	}
	if s.broken(SAMLNoAudience) {
		a.audiences = nil
	}
	if s.broken(SAMLWrongRecipient) {
		a.recipient = otherACS
	}
	if s.broken(SAMLExpired) {
		a.issued, a.authTime, a.notBefore, a.until = p.issued, p.issued, p.issued, now.Add(-time.Hour)
	}
	if s.broken(SAMLNotYetValid) {
		a.notBefore, a.until = now.Add(24*time.Hour), now.Add(25*time.Hour)
	}
	if s.broken(SAMLNoBearer) {
		a.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
	}
	if s.broken(SAMLEmptyName) {
		a.name.value = ""
	}
	if s.broken(SAMLComment) {
		a.name.value += commentTail
	}
	if s.broken(SAMLUnknownCondition) {
		a.conditions = `      <saml:Condition xmlns:x="urn:example:conditions" xsi:type="x:Unheard"/>` + "\n"
	}
	if s.broken(SAMLSessionOver) {
		a.sessionEnd = now.Add(-time.Hour)
	}
}

// commentTail makes the person's name another account's.
const commentTail = ".evil"

// breakNotice spoils what a logout message says, before it is signed.
func (s *Server) breakNotice(n *samlNotice) {
	if s.broken(SAMLLogoutWrongDestination) {
		n.destination = "https://attacker.example/slo"
	}
	if s.broken(SAMLLogoutWrongIssuer) {
		n.issuer = otherIssuer
	}
	if n.tag == "LogoutResponse" {
		if s.broken(SAMLLogoutWrongInResponseTo) {
			n.inResponseTo = samlID()
		}
		if s.broken(SAMLLogoutDenied) {
			n.body = samlStatus{samlRequester, "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"}.write()
		}
		return
	}
	if s.broken(SAMLLogoutExpired) {
		n.issued, n.until = n.issued.Add(-2*time.Hour), n.issued.Add(-time.Hour)
	}
	if s.broken(SAMLLogoutWrongName) {
		n.body = samlName{format: SAMLUnspecified, value: mallory}.write()
	}
}

// samlBefore returns what was sent under that name before, or value when nothing
// was or the fault is off, and keeps it.
func (s *Server) samlBefore(fault Fault, what, value string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, ok := s.memory.sent[what]; ok && s.faults[fault] {
		return before
	}
	if s.memory.sent == nil {
		s.memory.sent = make(map[string]string)
	}
	s.memory.sent[what] = value // the names are those of applications, so they are few
	return value
}
