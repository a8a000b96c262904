package samltest

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Formats of name identifiers (SAML Core §8.3).
const (
	// Unspecified is the person's account name.
	Unspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
	// EmailAddress is the email address.
	EmailAddress = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	// Persistent is a name that this application alone knows the person by.
	Persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	// Transient is a new name at each login.
	Transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
)

func nameIDFormats() []string { return []string{Unspecified, EmailAddress, Persistent, Transient} }

// nameID is a name identifier (SAML Core §2.2.3).
type nameID struct{ format, value, qualifier, spQualifier string }

func (n nameID) write() string {
	return "<saml:NameID" + attribute("Format", n.format) + attribute("NameQualifier", n.qualifier) + attribute("SPNameQualifier", n.spQualifier) + ">" +
		idptest.EscapeXML(n.value) + "</saml:NameID>"
}

// identify names the person to the audience in a format; false means that the person has no such name.
func identify(u *idptest.User, format, issuer, audience string) (nameID, bool) {
	n := nameID{format: format}
	switch format {
	case EmailAddress:
		n.value = u.Email
	case Persistent:
		// One name for each application, so that two of them cannot compare (SAML Core §8.3.7).
		sum := sha256.Sum256([]byte(issuer + "\n" + audience + "\n" + u.ID()))
		n.value, n.qualifier, n.spQualifier = hex.EncodeToString(sum[:20]), issuer, audience
	case Transient:
		n.value, n.qualifier, n.spQualifier = newID(), issuer, audience
	default:
		n.value = u.Name()
	}
	return n, n.value != ""
}
