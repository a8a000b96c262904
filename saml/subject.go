package saml

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const methodBearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

// readSubject reads who the user is and checks the confirmations (SAML Core §2.4.1).
func (x *exchange) readSubject(e xmlgate.Element) (NameID, error) {
	if !e.OK() {
		return NameID{}, refuse(CheckConfirmation, "there is no Subject")
	}
	name, found, err := x.c.readName(e)
	switch {
	case err != nil:
		return name, err
	case !found && !x.c.cfg.AllowMissingNameID:
		return name, refuse(CheckNameID, "NameID is missing, and AllowMissingNameID is off")
	case name.SPNameQualifier != "" && name.SPNameQualifier != x.c.cfg.EntityID:
		return name, errOtherSP(x.show(name.SPNameQualifier), x.c.cfg.EntityID)
	}
	if want := x.nameIDFormat(); found && want != "" && name.Format != want {
		return name, refuse(CheckNameID, "NameID has the Format %s, want %q (NameIDPolicy, NameIDFormat)", x.show(name.Format), want)
	}
	return name, x.checkConfirmations(e)
}

func errOtherSP(sent, entityID string) error {
	return refuse(CheckNameID, "NameID is for the service provider %s, want %q", sent, entityID)
}

// nameIDFormat is the format with which a login succeeds; empty means any (SAML Core §3.4.1.1).
func (x *exchange) nameIDFormat() string {
	if x.login != nil {
		return x.login.NameIDFormat
	}
	return (&NameIDPolicy{Format: x.c.cfg.NameIDFormat}).accepted()
}

// readName reads the NameID or EncryptedID that is a child of e; found tells whether there is one (SAML Core §2.2.4).
func (c *Client) readName(e xmlgate.Element) (name NameID, found bool, err error) {
	for next := range e.Children {
		if next.Space() != nsAssertion {
			continue
		}
		switch next.Local() {
		case "BaseID":
			return name, false, refuse(CheckNameID, "a BaseID cannot be read")
		case "NameID", "EncryptedID":
		default:
			continue
		}
		if found {
			return name, false, refuse(CheckNameID, "there are several name identifiers")
		}
		found = true
		if next.Local() == "EncryptedID" {
			if next, err = c.decrypt(next); err != nil {
				return name, false, err
			}
		}
		if name, err = readNameID(next); err != nil {
			return name, false, err
		}
	}
	return name, found, nil
}

// checkConfirmations wants one bearer confirmation that is valid in all its parts (SAML Profiles §4.1.4.2). Its Address
// is ignored: the identity provider often sees the same browser under another address.
func (x *exchange) checkConfirmations(subject xmlgate.Element) error {
	held, refused := false, error(nil)
	for e := range subject.Children {
		if !e.Is(nsAssertion, "SubjectConfirmation") {
			continue
		}
		if method, _ := tokenAttr(e, "Method"); method != methodBearer {
			continue
		}
		end, err := x.checkConfirmation(e)
		if end.After(x.end) {
			x.end = end
		}
		if err == nil {
			held = true
		} else if refused == nil {
			refused = err
		}
	}
	switch {
	case held:
		return nil
	case refused != nil:
		return refused
	}
	return refuse(CheckConfirmation, "there is no bearer confirmation")
}

// checkConfirmation also returns when the confirmation ends, valid or not.
func (x *exchange) checkConfirmation(e xmlgate.Element) (end time.Time, err error) {
	data, err := child(e, nsAssertion, "SubjectConfirmationData", CheckConfirmation)
	if err != nil {
		return end, err
	}
	if !data.OK() {
		return end, refuse(CheckConfirmation, "SubjectConfirmationData is missing")
	}
	until, _ := data.Attr("", "NotOnOrAfter")
	if end, err = x.c.readTime(until, "NotOnOrAfter of the confirmation", CheckConfirmation); err != nil {
		return end, err
	}
	_, early := data.Attr("", "NotBefore")
	recipient, _ := tokenAttr(data, "Recipient")
	answers, sent := tokenAttr(data, "InResponseTo")
	switch {
	case x.past(end):
		return end, refuse(CheckConfirmation, "the confirmation has expired, %s", x.c.off(x.now.Sub(end)))
	case early:
		return end, refuse(CheckConfirmation, "the confirmation has a NotBefore")
	case x.acs != "" && recipient != x.acs, x.acs == "" && !x.c.isACS(recipient):
		return end, refuse(CheckConfirmation, "Recipient is %s, want %s", x.show(recipient), x.wantACS())
	case sent && answers == "":
		return end, refuse(CheckConfirmation, "InResponseTo of the confirmation is empty")
	}
	if err := x.checkInResponseTo(answers, "confirmation"); err != nil {
		return end, because(CheckConfirmation, err, "it answers no request of ours")
	}
	return end, nil
}
