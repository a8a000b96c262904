package samltest

import (
	"encoding/xml"
	"slices"
	"strconv"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// authnRequest is a login that is asked for (SAML Core §3.4.1).
type authnRequest struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol AuthnRequest"`
	head
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

// authnRequest reads and checks what may be answered to the application; at is the endpoint that the message came to.
func (m *message) authnRequest(a *App, at string, now time.Time) (*authnRequest, *refusal) {
	if refused := m.verify(a.Key); refused != nil {
		return nil, refused
	}
	if a.DemandSigned && !m.signed {
		return nil, &refusal{"unsigned_request", "The request must be signed."}
	}
	q := &authnRequest{}
	if m.name != "SAMLRequest" || xml.Unmarshal(m.xml, q) != nil {
		return nil, &refusal{"invalid_message", "The message is not an AuthnRequest."}
	}
	if refused := q.check(a.EntityID, m.signed, at, now); refused != nil {
		return nil, refused
	}
	if !q.flagsKnown() {
		return nil, &refusal{"invalid_message", "ForceAuthn or IsPassive is not a boolean."}
	}
	return q, q.findACS(a.ACSURLs)
}

func (q *authnRequest) flagsKnown() bool {
	known := []string{"", "true", "false", "1", "0"}
	return slices.Contains(known, q.ForceAuthn) && slices.Contains(known, q.IsPassive)
}

// isTrue reads an xs:boolean.
func isTrue(value string) bool { return value == "true" || value == "1" }

// findACS sets ACSURL to the address that the response goes to: a registered one, because another could be anyone's
// (SAML Profiles §4.1.4.1).
func (q *authnRequest) findACS(registered []string) *refusal {
	switch {
	case q.ACSURL != "" && q.ACSIndex != "":
		return &refusal{"invalid_acs", "The request names an address and an index."}
	case q.ACSURL != "" && !idptest.Registered(registered, q.ACSURL):
		return &refusal{"invalid_acs", "The AssertionConsumerServiceURL is not registered for this application."}
	case q.ACSURL != "":
		return nil
	}
	index := 0
	if q.ACSIndex != "" {
		var err error
		if index, err = strconv.Atoi(q.ACSIndex); err != nil || index < 0 {
			return &refusal{"invalid_acs", "The AssertionConsumerServiceIndex is not a number."}
		}
	}
	if index >= len(registered) {
		return &refusal{"invalid_acs", "There is no such address registered for this application."}
	}
	q.ACSURL = registered[index]
	return nil
}
