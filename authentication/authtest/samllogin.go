package authtest

import (
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Status codes (SAML Core §3.2.2.2).
const (
	samlSuccess   = "urn:oasis:names:tc:SAML:2.0:status:Success"
	samlRequester = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	samlResponder = "urn:oasis:names:tc:SAML:2.0:status:Responder"

	samlAuthnFailed    = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
	samlInvalidPolicy  = "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"
	samlNoAuthnContext = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	samlNoPassive      = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
	samlNoSupportedIDP = "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP"
	samlPartialLogout  = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
	samlNoBinding      = "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding"
)

// samlStatus is the outcome of a request; second says more and may be empty.
type samlStatus struct{ top, second string }

// samlAsked is a login under way: who asked for it, and where the answer goes.
type samlAsked struct {
	app        *SAMLApp
	base       string
	audience   string // entity ID of who asked
	requestID  string // empty for a login that starts here
	acs        string
	relayState string
	format     string // of the name identifier
	class      string // of the authentication context
}

// samlLogin serves the single sign-on service (SAML Profiles §4.1.3, §4.1.5).
func (s *Server) samlLogin(w http.ResponseWriter, r *http.Request) {
	a := s.samlApp(r)
	if a == nil {
		s.samlNobody(w)
		return
	}
	m, refused := readSAML(w, r)
	if refused != nil {
		s.samlRefuse(w, refused)
		return
	}
	q := &authnRequest{}
	base, relayState := s.realm.Base(r), ""
	switch {
	case m != nil:
		q, refused = s.readAuthnRequest(m, a, base)
		relayState = m.relayState
	default:
		refused = s.findACS(q, a)
		relayState = r.FormValue("RelayState")
	}
	if refused != nil {
		s.samlRefuse(w, refused)
		return
	}
	to := &samlAsked{app: a, base: base, audience: either(q.Issuer.Value, either(a.EntityID, q.ACSURL)), requestID: q.ID, acs: q.ACSURL, relayState: relayState}
	if status := to.choose(q); status.top != samlSuccess {
		s.samlFail(w, to, status)
		return
	}
	current := s.realm.Session(r)
	switch {
	case current != nil && !isTrue(q.ForceAuthn):
		s.samlAnswer(w, to, current)
	case isTrue(q.IsPassive):
		s.samlFail(w, to, samlStatus{samlResponder, samlNoPassive})
	default:
		in := idptest.Interaction{Done: func(w http.ResponseWriter, _ *http.Request, who *idptest.Login) { s.samlAnswer(w, to, who) }}
		if m != nil {
			in.Cancel = func(w http.ResponseWriter, _ *http.Request) {
				s.samlFail(w, to, samlStatus{samlResponder, samlAuthnFailed})
			}
		}
		s.realm.Begin(w, r, in)
	}
}

// choose reads what the request wants of the answer; the status tells what cannot be had.
func (to *samlAsked) choose(q *authnRequest) samlStatus {
	if q.ProtocolBinding != "" && q.ProtocolBinding != string(SAMLPost) {
		return samlStatus{samlResponder, samlNoBinding}
	}
	if len(q.IDPs) > 0 {
		mine := false
		for _, idp := range q.IDPs {
			mine = mine || idp.ProviderID == to.base
		}
		if !mine {
			return samlStatus{samlResponder, samlNoSupportedIDP}
		}
	}
	to.format = either(to.app.NameIDFormat, SAMLUnspecified)
	if wanted := q.NameIDPolicy.Format; wanted != "" && wanted != SAMLUnspecified {
		to.format = wanted
	}
	qualifier := q.NameIDPolicy.SPNameQualifier
	if !slices.Contains(nameIDFormats(), to.format) || qualifier != "" && qualifier != to.audience {
		return samlStatus{samlRequester, samlInvalidPolicy}
	}
	if to.class = contextClass(q.RequestedAuthnContext.Comparison, q.RequestedAuthnContext.Classes); to.class == "" {
		return samlStatus{samlResponder, samlNoAuthnContext}
	}
	return samlStatus{top: samlSuccess}
}

// contextClass is the class to answer with, or empty: the login page's password
// has these, the weakest first (SAML Core §3.3.2.2.1).
func contextClass(comparison string, wanted []string) string {
	const class = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
	known := []string{class + "unspecified", class + "Password", class + "PasswordProtectedTransport"}
	if len(wanted) == 0 {
		return known[0]
	}
	for _, one := range wanted {
		at := slices.Index(known, one)
		switch {
		case at < 0:
		case comparison == "better" && at == len(known)-1:
		case comparison == "better" || comparison == "minimum":
			return known[len(known)-1]
		default: // exact and maximum
			return one
		}
	}
	return ""
}
