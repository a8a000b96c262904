package samltest

import (
	"encoding/xml"
	"regexp"
	"time"
)

// freshness is how old a message may be, or how far ahead its clock.
const freshness = 10 * time.Minute

// head is what requests and responses have in common (SAML Core §3.2).
type head struct {
	ID           string `xml:",attr"`
	Version      string `xml:",attr"`
	IssueInstant string `xml:",attr"`
	Destination  string `xml:",attr"`
	Issuer       issuer
}

// issuer is the entity that sent a message (SAML Core §2.2.5).
type issuer struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
	Format  string   `xml:",attr"`
	Value   string   `xml:",chardata"`
}

var ncName = regexp.MustCompile(`^[A-Za-z_][\w.-]*$`)

// check checks what every message must have. entityID is that of the application, and may be empty; at is the endpoint
// that the message came to.
func (h *head) check(entityID string, signed bool, at string, now time.Time) *refusal {
	issued, err := time.Parse(time.RFC3339, h.IssueInstant)
	age := now.Sub(issued)
	switch {
	case h.Version != "2.0":
		return &refusal{"invalid_message", "The message is not of SAML 2.0."}
	case !ncName.MatchString(h.ID):
		return &refusal{"invalid_message", "The ID of the message is missing or not an NCName."}
	case err != nil || issued.Location() != time.UTC:
		return &refusal{"invalid_message", "The IssueInstant of the message is not a time in UTC."}
	case age > freshness || age < -freshness:
		return &refusal{"expired_message", "The message is too old, or from the future."}
	case h.Issuer.Value == "" || entityID != "" && h.Issuer.Value != entityID:
		return &refusal{"unknown_issuer", "The issuer of the message is not the one registered for this application."}
	case h.Issuer.Format != "" && h.Issuer.Format != "urn:oasis:names:tc:SAML:2.0:nameid-format:entity":
		return &refusal{"unknown_issuer", "The issuer of the message is not an entity."}
	case h.Destination == "" && signed, h.Destination != "" && h.Destination != at:
		return &refusal{"wrong_destination", "The Destination of the message is not this address."}
	}
	return nil
}
