package authtest

import (
	"encoding/xml"
	"net/http"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlLogoutRequest is an application's word that a person leaves (SAML Core §3.7.1).
type samlLogoutRequest struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutRequest"`
	samlHead
	NotOnOrAfter string `xml:",attr"`
	NameID       struct {
		Format          string `xml:",attr"`
		NameQualifier   string `xml:",attr"`
		SPNameQualifier string `xml:",attr"`
		Value           string `xml:",chardata"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
	Indexes []string `xml:"urn:oasis:names:tc:SAML:2.0:protocol SessionIndex"`
}

// samlLogoutResponse is an application's answer (SAML Core §3.7.2).
type samlLogoutResponse struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutResponse"`
	samlHead
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

// samlLogout serves the single logout service (SAML Profiles §4.4.3): requests
// that begin a logout, and responses of the applications that were told of one.
func (s *Server) samlLogout(w http.ResponseWriter, r *http.Request) {
	a := s.samlApp(r)
	if a == nil || s.NoSAMLLogout {
		s.samlNobody(w)
		return
	}
	m, refused := readSAML(w, r)
	if refused == nil && m == nil {
		refused = &samlRefusal{"invalid_message", "There is no SAMLRequest and no SAMLResponse."}
	}
	if refused == nil {
		refused = m.verify(a.Key)
	}
	if refused == nil && a.Key != nil && !m.signed {
		refused = &samlRefusal{"unsigned_request", "The message must be signed."}
	}
	if refused == nil && m.name == "SAMLRequest" {
		refused = s.samlLeave(w, r, a, m)
	} else if refused == nil {
		refused = s.samlLeft(w, r, a, m)
	}
	if refused != nil {
		s.samlRefuse(w, refused)
	}
}

// samlLeave takes a LogoutRequest: the sessions end, and the other applications are told.
func (s *Server) samlLeave(w http.ResponseWriter, r *http.Request, a *SAMLApp, m *samlMessage) *samlRefusal {
	base := s.realm.Base(r)
	q := &samlLogoutRequest{}
	if xml.Unmarshal(m.xml, q) != nil {
		return &samlRefusal{"invalid_message", "The message is not a LogoutRequest."}
	}
	if refused := s.checkHead(&q.samlHead, a, m, s.samlAt(base, a, "/slo")); refused != nil {
		return refused
	}
	if q.NotOnOrAfter != "" {
		until, err := time.Parse(time.RFC3339, q.NotOnOrAfter)
		if err != nil || !s.realm.Time().Before(until) {
			return &samlRefusal{"expired_message", "The request has expired."}
		}
	}
	if q.NameID.Value == "" {
		return &samlRefusal{"invalid_message", "The request names nobody."}
	}
	asker := &samlVisit{app: a, base: base, entity: q.Issuer.Value}
	entered, _ := s.samlEnd(r.Context(), func(_ *idptest.User, v *samlVisit) bool {
		return s.samlID(v.app) == s.samlID(a) && v.entity == asker.entity && q.names(v) &&
			(len(q.Indexes) == 0 || slices.Contains(q.Indexes, v.index))
	})
	s.realm.ForgetBrowser(w, r)
	l := &samlChain{asker: asker, requestID: q.ID, relayState: m.relayState}
	for _, v := range entered {
		if s.samlID(v.app) != s.samlID(a) || v.entity != asker.entity {
			l.left = append(l.left, v)
		}
	}
	s.samlNext(w, r, l)
	return nil
}

// names says whether the request names the same person. A qualifier may be left
// out, and may be said where the name has none: the two parties are meant anyway.
func (q *samlLogoutRequest) names(v *samlVisit) bool {
	same := func(sent, implied string) bool { return sent == "" || sent == implied }
	return q.NameID.Value == v.name.value && either(q.NameID.Format, SAMLUnspecified) == v.name.format &&
		same(q.NameID.NameQualifier, v.base) && same(q.NameID.SPNameQualifier, v.entity)
}

// samlLeft takes a LogoutResponse and goes on to the next application.
func (s *Server) samlLeft(w http.ResponseWriter, r *http.Request, a *SAMLApp, m *samlMessage) *samlRefusal {
	p := &samlLogoutResponse{}
	if xml.Unmarshal(m.xml, p) != nil {
		return &samlRefusal{"invalid_message", "The message is not a LogoutResponse."}
	}
	if refused := s.checkHead(&p.samlHead, a, m, s.samlAt(s.realm.Base(r), a, "/slo")); refused != nil {
		return refused
	}
	s.mu.Lock()
	l, ok := s.memory.logouts.Get(p.InResponseTo, s.realm.Time())
	ok = ok && s.samlID(l.told.app) == s.samlID(a) && l.told.entity == p.Issuer.Value && l.relay == m.relayState
	if ok {
		s.memory.logouts.Drop(p.InResponseTo)
	}
	s.mu.Unlock()
	if !ok {
		return &samlRefusal{"unknown_response", "The response answers no request that this application was sent, or comes without its RelayState."}
	}
	if p.Status.Code.Value != samlSuccess || p.Status.Code.Second.Value == samlPartialLogout {
		l.partial = true
	}
	s.samlNext(w, r, l)
	return nil
}
