package saml

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// LogoutOptions are the choices of one logout that starts here (SAML Core §3.7.1).
type LogoutOptions struct {
	// IDP is the entity ID of the identity provider; empty is the only one.
	IDP string
	// NameID is who logs out, as the Assertion had it, qualifiers included. It is required.
	NameID NameID
	// SessionIndexes are the sessions to end; empty means all of the user's. An empty one among them is an error:
	// give none when Assertion.SessionIndex is empty.
	SessionIndexes []string
	// Binding is how the request travels; empty is by redirect where the identity provider offers that, and with an
	// ECDSA key by POST where it offers that.
	Binding Binding
	// Reason is a URI such as urn:oasis:names:tc:SAML:2.0:logout:user (SAML Core §3.7.3); empty sends none.
	Reason string
	// RelayState is for BuildLogoutUrl, at most 80 bytes. BeginLogout makes its own.
	RelayState string
}

// checkLogoutOptions refuses what cannot be sent.
func (c *Client) checkLogoutOptions(o *LogoutOptions) error {
	name := o.NameID
	switch {
	case c.cfg.SLOURL == "":
		return errNoSLO
	case name.Value == "":
		return errors.New("saml: LogoutOptions.NameID is missing")
	case o.Binding != "" && o.Binding != BindingRedirect && o.Binding != BindingPOST:
		return fmt.Errorf("saml: unknown Binding %s", httpcore.Quote(string(o.Binding)))
	case !areTexts([]string{name.Value, name.Format, name.NameQualifier, name.SPNameQualifier, name.SPProvidedID}, true):
		return errors.New("saml: LogoutOptions.NameID has a character that XML forbids")
	case slices.Contains(o.SessionIndexes, ""):
		return errors.New("saml: LogoutOptions.SessionIndexes has one that is empty: give none when the Assertion has none")
	case !areTexts(o.SessionIndexes, false):
		return errors.New("saml: LogoutOptions.SessionIndexes has a character that XML forbids")
	case !areNames([]string{o.Reason}, true):
		return errors.New("saml: LogoutOptions.Reason has a character that XML forbids")
	}
	return nil
}

var errNoSLO = errors.New("saml: SLOURL is not set: this client has no logouts")

// signsLogout tells whether logout messages are signed (SAML Profiles §4.4.3.1, §4.4.3.4). Without a key that signs
// NewClient refuses SLOURL, unless AllowUnsignedLogout.
func (c *Client) signsLogout() bool {
	_, ok := c.signer()
	return ok
}
