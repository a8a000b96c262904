package authtest

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlFresh is how old a message may be, or how far ahead its clock.
const samlFresh = 10 * time.Minute

// samlHead is what requests and responses have in common (SAML Core §3.2).
type samlHead struct {
	ID           string `xml:",attr"`
	Version      string `xml:",attr"`
	IssueInstant string `xml:",attr"`
	Destination  string `xml:",attr"`
	Issuer       samlIssuer
}

type samlIssuer struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
	Format  string   `xml:",attr"`
	Value   string   `xml:",chardata"`
}

// authnRequest is a login that is asked for (SAML Core §3.4.1).
type authnRequest struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol AuthnRequest"`
	samlHead
	ForceAuthn      string `xml:",attr"`
	IsPassive       string `xml:",attr"`
	ProtocolBinding string `xml:",attr"`
	ACSURL          string `xml:"AssertionConsumerServiceURL,attr"`
	ACSIndex        string `xml:"AssertionConsumerServiceIndex,attr"`
	NameIDPolicy    struct {
		Format          string `xml:",attr"`
		SPNameQualifier string `xml:",attr"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:protocol NameIDPolicy"`
	RequestedAuthnContext struct {
		Comparison string   `xml:",attr"`
		Classes    []string `xml:"urn:oasis:names:tc:SAML:2.0:assertion AuthnContextClassRef"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:protocol RequestedAuthnContext"`
	IDPs []struct {
		ProviderID string `xml:",attr"`
	} `xml:"Scoping>IDPList>IDPEntry"`
}

// checkHead checks what every message must have; at is the endpoint it came to.
func (s *Server) checkHead(h *samlHead, a *SAMLApp, m *samlMessage, at string) *samlRefusal {
	issued, err := time.Parse(time.RFC3339, h.IssueInstant)
	age := s.realm.Time().Sub(issued)
	switch {
	case h.Version != "2.0":
		return &samlRefusal{"invalid_message", "The message is not of SAML 2.0."}
	case !regexp.MustCompile(`^[A-Za-z_][\w.-]*$`).MatchString(h.ID):
		return &samlRefusal{"invalid_message", "The ID of the message is missing or not an NCName."}
	case err != nil || issued.Location() != time.UTC:
		return &samlRefusal{"invalid_message", "The IssueInstant of the message is not a time in UTC."}
	case age > samlFresh || age < -samlFresh:
		return &samlRefusal{"expired_message", "The message is too old, or from the future."}
	case h.Issuer.Value == "" || a.EntityID != "" && h.Issuer.Value != a.EntityID:
		return &samlRefusal{"unknown_issuer", "The issuer of the message is not the one registered for this application."}
	case h.Issuer.Format != "" && h.Issuer.Format != "urn:oasis:names:tc:SAML:2.0:nameid-format:entity":
		return &samlRefusal{"unknown_issuer", "The issuer of the message is not an entity."}
	case h.Destination == "" && m.signed, h.Destination != "" && h.Destination != at:
		return &samlRefusal{"wrong_destination", "The Destination of the message is not this address."}
	}
	return nil
}

// readAuthnRequest reads and checks what may be answered to the application.
func (s *Server) readAuthnRequest(m *samlMessage, a *SAMLApp, base string) (*authnRequest, *samlRefusal) {
	if refused := m.verify(a.Key); refused != nil {
		return nil, refused
	}
	if a.DemandSigned && !m.signed {
		return nil, &samlRefusal{"unsigned_request", "The request must be signed."}
	}
	q := &authnRequest{}
	if m.name != "SAMLRequest" || xml.Unmarshal(m.xml, q) != nil {
		return nil, &samlRefusal{"invalid_message", "The message is not an AuthnRequest."}
	}
	if refused := s.checkHead(&q.samlHead, a, m, s.samlAt(base, a, "")); refused != nil {
		return nil, refused
	}
	if !q.flagsKnown() {
		return nil, &samlRefusal{"invalid_message", "ForceAuthn or IsPassive is not a boolean."}
	}
	return q, s.findACS(q, a)
}

func (q *authnRequest) flagsKnown() bool {
	known := []string{"", "true", "false", "1", "0"}
	return slices.Contains(known, q.ForceAuthn) && slices.Contains(known, q.IsPassive)
}

// isTrue reads an xs:boolean.
func isTrue(value string) bool { return value == "true" || value == "1" }

// findACS sets q.ACSURL to the address that the response goes to: one that is
// registered, or else nobody would know whom it reaches (SAML Profiles §4.1.4.1).
func (s *Server) findACS(q *authnRequest, a *SAMLApp) *samlRefusal {
	registered := s.acsURLs(a)
	switch {
	case q.ACSURL != "" && q.ACSIndex != "":
		return &samlRefusal{"invalid_acs", "The request names an address and an index."}
	case q.ACSURL != "" && !idptest.Registered(registered, q.ACSURL):
		return &samlRefusal{"invalid_acs", "The AssertionConsumerServiceURL is not registered for this application."}
	case q.ACSURL != "":
		return nil
	}
	index := 0
	if q.ACSIndex != "" {
		var err error
		if index, err = strconv.Atoi(q.ACSIndex); err != nil || index < 0 {
			return &samlRefusal{"invalid_acs", "The AssertionConsumerServiceIndex is not a number."}
		}
	}
	if index >= len(registered) {
		return &samlRefusal{"invalid_acs", "There is no such address registered for this application."}
	}
	q.ACSURL = registered[index]
	return nil
}
