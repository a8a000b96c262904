package saml

import "github.com/seed6e7d3bb2/authing-go/internal/xmlgate"

// readAssertion reads a saml:Assertion that was verified, by itself or with the response around it (SAML Core §2.3.3,
// SAML Profiles §4.1.4.2). Advice is not read.
func (x *exchange) readAssertion(e xmlgate.Element, octets string) (*Assertion, error) {
	h, err := x.c.readHeader(e)
	switch {
	case err != nil:
		return nil, err
	case h.issuer == "":
		return nil, refuse(CheckIssuer, "Issuer is missing on the assertion")
	case h.issuer != x.idp.EntityID:
		return nil, refuse(CheckIssuer, "the assertion is from %s, want %q", x.show(h.issuer), x.idp.EntityID)
	}
	if err := x.c.checkInstant(h, "assertion", x.now); err != nil {
		return nil, err
	}
	// Nothing else limits how long its ID must be remembered.
	if x.login == nil && x.past(h.issueInstant.Add(x.c.cfg.LoginLifetime)) {
		return nil, refuse(CheckExpired, "the assertion of a login that began at the identity provider is older than %s (LoginLifetime)", x.c.cfg.LoginLifetime)
	}
	a := &Assertion{Issuer: h.issuer, ID: h.id, IssueInstant: h.issueInstant, XML: octets}
	if x.login != nil {
		a.InResponseTo = x.login.RequestID // that of the confirmation, which is compared below
	}
	subject, err := child(e, nsAssertion, "Subject", CheckConfirmation)
	if err != nil {
		return nil, err
	}
	if a.NameID, err = x.readSubject(subject); err != nil {
		return nil, err
	}
	conditions, err := child(e, nsAssertion, "Conditions", CheckConditions)
	if err != nil {
		return nil, err
	}
	if err := x.checkConditions(conditions); err != nil {
		return nil, err
	}
	if err := x.readStatements(e, a); err != nil {
		return nil, err
	}
	return a, nil
}

// maxStatements is how many AttributeStatements are read: each may look at all elements before it.
const maxStatements = 100

func (x *exchange) readStatements(e xmlgate.Element, a *Assertion) error {
	authenticated, statements := false, 0
	for statement := range e.Children {
		var err error
		switch {
		case statement.Is(nsAssertion, "AuthnStatement"):
			err = x.readAuthn(statement, a, !authenticated)
			authenticated = true
		case statement.Is(nsAssertion, "AttributeStatement"):
			if statements++; statements > maxStatements {
				return refuse(CheckAttributes, "there are over %d AttributeStatements", maxStatements)
			}
			err = x.readAttributes(statement, a)
		}
		if err != nil {
			return err
		}
	}
	if !authenticated {
		return refuse(CheckAuthn, "there is no AuthnStatement")
	}
	if err := checkNames(a.Attributes); err != nil {
		return err
	}
	x.checkScopes(a)
	return nil
}
