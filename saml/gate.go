package saml

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// gate reads a message strictly, within the limits of the client (SAML Core §1.3, XML 1.0).
func (c *Client) gate(message string) (*xmlgate.Document, error) {
	doc, err := xmlgate.Parse(message, xmlgate.Options{MaxBytes: max(c.cfg.MaxMessage, c.cfg.MaxInflated), MaxNodes: c.cfg.MaxNodes, Comments: c.comments(), AnyIDs: c.cfg.AllowAnyIDs})
	switch {
	case err == nil:
		return doc, nil
	case errors.Is(err, xmlgate.Comment) && !c.cfg.AllowComments:
		return nil, because(CheckXML, err, "the message, and AllowComments is off")
	case errors.Is(err, xmlgate.IDName) && !c.cfg.AllowAnyIDs:
		return nil, because(CheckXML, err, "the message, and AllowAnyIDs is off")
	case errors.Is(err, xmlgate.Limit):
		return nil, because(CheckXML, err, "the message; MaxNodes is the limit that can be set")
	}
	return nil, because(CheckXML, err, "the message")
}

// comments says where comments are accepted. A signature does not cover them, so nothing may depend on one.
func (c *Client) comments() func(space, local string) bool {
	if c.cfg.AllowComments {
		return holdsElements
	}
	return nil
}

// holdsElements lists the elements that by their schema hold only elements, and none with a value or a signature.
// Comments are refused in all others.
func holdsElements(space, local string) bool {
	switch space {
	case nsSOAP:
		return local == "Envelope" || local == "Body"
	case nsProtocol:
		switch local {
		case "Response", "ArtifactResponse", "LogoutRequest", "LogoutResponse", "Status":
			return true
		}
	case nsAssertion:
		switch local {
		case "Assertion", "EncryptedAssertion", "EncryptedID", "Subject", "SubjectConfirmation", "Conditions",
			"AudienceRestriction", "AuthnStatement", "AuthnContext", "AttributeStatement", "Attribute":
			return true
		}
	}
	return false
}
