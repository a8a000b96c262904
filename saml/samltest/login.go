package samltest

import (
	"cmp"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// login serves the single sign-on service (SAML Profiles §4.1.3, §4.1.5).
func (s *Server) login(a *App) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, relayState, refused := s.readLogin(w, r, a)
		if refused != nil {
			refused.show(w, s.realm)
			return
		}
		base := s.realm.Base(r)
		to := &asked{
			app: a, issuer: s.entityID(base), home: base + a.sloPath(s.Path), audience: cmp.Or(q.Issuer.Value, a.EntityID, q.ACSURL),
			requestID: q.ID, acs: q.ACSURL, relayState: relayState,
		}
		if outcome := to.choose(q, s.Artifacts); outcome.top != statusSuccess {
			s.fail(w, r, to, outcome)
			return
		}
		current := s.realm.Session(r)
		switch {
		case current != nil && !isTrue(q.ForceAuthn):
			s.answer(w, r, to, current)
		case isTrue(q.IsPassive):
			s.fail(w, r, to, status{statusResponder, statusNoPassive})
		default:
			in := idptest.Interaction{Done: func(w http.ResponseWriter, r *http.Request, who *idptest.Login) { s.answer(w, r, to, who) }}
			if q.ID != "" {
				in.Cancel = func(w http.ResponseWriter, r *http.Request) {
					s.fail(w, r, to, status{statusResponder, statusAuthnFailed})
				}
			}
			s.realm.Begin(w, r, in)
		}
	}
}

// readLogin reads an AuthnRequest; a login that starts here has one without an ID.
func (s *Server) readLogin(w http.ResponseWriter, r *http.Request, a *App) (q *authnRequest, relayState string, refused *refusal) {
	m, refused := readMessage(w, r)
	switch {
	case refused != nil:
		return nil, "", refused
	case m == nil:
		q = &authnRequest{}
		return q, r.FormValue("RelayState"), q.findACS(a.ACSURLs)
	}
	q, refused = m.authnRequest(a, s.realm.Base(r)+a.ssoPath(s.Path), s.realm.Time())
	return q, m.relayState, refused
}
