package samltest

import (
	"encoding/base64"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// The other parties that faults name and send to.
const (
	mallory     = "mallory"
	otherIDP    = "https://attacker.example/idp"
	otherSP     = "https://attacker.example/metadata"
	otherACS    = "https://attacker.example/acs"
	otherSLO    = "https://attacker.example/slo"
	commentTail = ".evil" // makes the person's name another account's
)

// spoil spoils what a response says, before it is signed.
func (p *response) spoil(on broken) {
	now := p.issued
	if on(WrongDestination) {
		p.destination = otherACS
	}
	if on(NoDestination) {
		p.destination = ""
		if p.sign == SignAssertion {
			p.sign = SignBoth
		}
	}
	if on(WrongIssuer) {
		p.issuer = otherIDP
	}
	if on(StatusFailed) {
		p.status = status{statusResponder, statusAuthnFailed}
	}
	for fault, id := range map[idptest.Fault]string{WrongInResponseTo: newID(), NoInResponseTo: ""} {
		if on(fault) {
			p.inResponseTo = id
		}
	}
	if on(SilentRefusal) && p.status.top != statusSuccess {
		p.inResponseTo = ""
	}
	if on(Expired) {
		p.issued = now.Add(-2 * time.Hour)
	}
	if on(TwoAssertions) && len(p.assertions) == 1 {
		second := p.assertions[0]
		second.id, second.name.value = newID(), mallory
		p.assertions = append(p.assertions, second)
	}
	for i := range p.assertions {
		a := &p.assertions[i]
		a.issuer, a.confirms = p.issuer, p.inResponseTo
		a.spoil(on)
	}
	if on(SameID) && len(p.assertions) > 0 {
		p.id = p.assertions[0].id
	}
}

func (a *assertion) spoil(on broken) {
	now := a.issued
	if on(WrongAudience) {
		a.audiences = []string{otherSP}
	}
	if on(NoAudience) {
		a.audiences = nil
	}
	if on(WrongRecipient) {
		a.recipient = otherACS
	}
	if on(Expired) {
		past := now.Add(-2 * time.Hour)
		a.issued, a.authTime, a.notBefore, a.until = past, past, past, now.Add(-time.Hour)
	}
	if on(NotYetValid) {
		a.notBefore, a.until = now.Add(24*time.Hour), now.Add(25*time.Hour)
	}
	if on(NoBearer) {
		a.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
	}
	if on(EmptyName) {
		a.name.value = ""
	}
	if on(Comment) {
		a.name.value += commentTail
	}
	if on(UnknownCondition) {
		a.conditions = `      <saml:Condition xmlns:x="urn:example:conditions" xsi:type="x:Unheard"/>` + "\n"
	}
	if on(SessionOver) {
		a.sessionEnd = now.Add(-time.Hour)
	}
}

// spoil spoils what a logout message says, before it is signed.
func (n *notice) spoil(on broken) {
	if on(LogoutWrongDestination) {
		n.destination = otherSLO
	}
	if on(LogoutWrongIssuer) {
		n.issuer = otherIDP
	}
	if n.tag == "LogoutResponse" {
		if on(LogoutWrongInResponseTo) {
			n.inResponseTo = newID()
		}
		if on(LogoutDenied) {
			n.body = status{statusRequester, statusRequestDenied}.write()
		}
		return
	}
	if on(LogoutExpired) {
		n.issued, n.until = n.issued.Add(-2*time.Hour), n.issued.Add(-time.Hour)
	}
	if on(LogoutWrongName) {
		n.body = nameID{format: Unspecified, value: mallory}.write()
	}
}

// flip changes a bit of a signature.
func flip(signature string) string {
	octets, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(octets) == 0 {
		return ""
	}
	octets[len(octets)-1] ^= 1
	return base64.StdEncoding.EncodeToString(octets)
}
