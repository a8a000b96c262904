package samltest

import (
	"cmp"
	"encoding/xml"
	"slices"
	"time"
)

// logoutRequest is an application's word that a person leaves (SAML Core §3.7.1).
type logoutRequest struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutRequest"`
	head
	NotOnOrAfter string `xml:",attr"`
	NameID       struct {
		Format          string `xml:",attr"`
		NameQualifier   string `xml:",attr"`
		SPNameQualifier string `xml:",attr"`
		Value           string `xml:",chardata"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
	Indexes []string `xml:"urn:oasis:names:tc:SAML:2.0:protocol SessionIndex"`
}

// logoutRequest reads and checks a LogoutRequest; at is the endpoint that it came to.
func (m *message) logoutRequest(entityID, at string, now time.Time) (*logoutRequest, *refusal) {
	q := &logoutRequest{}
	if xml.Unmarshal(m.xml, q) != nil {
		return nil, &refusal{"invalid_message", "The message is not a LogoutRequest."}
	}
	if refused := q.check(entityID, m.signed, at, now); refused != nil {
		return nil, refused
	}
	if q.NotOnOrAfter != "" {
		until, err := time.Parse(time.RFC3339, q.NotOnOrAfter)
		if err != nil || !now.Before(until) {
			return nil, &refusal{"expired_message", "The request has expired."}
		}
	}
	if q.NameID.Value == "" {
		return nil, &refusal{"invalid_message", "The request has no NameID."}
	}
	return q, nil
}

// names says whether the request means this visit. A qualifier may be left out, and may be said where the name has none:
// the two parties are meant anyway.
func (q *logoutRequest) names(v *visit) bool {
	same := func(sent, implied string) bool { return sent == "" || sent == implied }
	return q.Issuer.Value == v.entity && q.NameID.Value == v.name.value && cmp.Or(q.NameID.Format, Unspecified) == v.name.format &&
		same(q.NameID.NameQualifier, v.issuer) && same(q.NameID.SPNameQualifier, v.entity) &&
		(len(q.Indexes) == 0 || slices.Contains(q.Indexes, v.index))
}

// logoutResponse is an application's answer (SAML Core §3.7.2).
type logoutResponse struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutResponse"`
	head
	InResponseTo string `xml:",attr"`
	Status       struct {
		Code struct {
			Value  string `xml:",attr"`
			Second struct {
				Value string `xml:",attr"`
			} `xml:"urn:oasis:names:tc:SAML:2.0:protocol StatusCode"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:protocol StatusCode"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:protocol Status"`
}

// logoutResponse reads and checks a LogoutResponse; at is the endpoint that it came to.
func (m *message) logoutResponse(entityID, at string, now time.Time) (*logoutResponse, *refusal) {
	p := &logoutResponse{}
	if xml.Unmarshal(m.xml, p) != nil {
		return nil, &refusal{"invalid_message", "The message is not a LogoutResponse."}
	}
	return p, p.check(entityID, m.signed, at, now)
}

// whole says whether the application says that all is done.
func (p *logoutResponse) whole() bool {
	return p.Status.Code.Value == statusSuccess && p.Status.Code.Second.Value != statusPartialLogout
}
