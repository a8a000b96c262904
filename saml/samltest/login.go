package samltest

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// asked is a login under way: who asked for it, and where the answer goes.
type asked struct {
	app        *App
	issuer     string // entity ID of the server
	home       string // its single logout service
	audience   string // entity ID of who asked
	requestID  string // empty for a login that starts here
	acs        string
	relayState string
	format     string // of the name identifier
	class      string // of the authentication context
}

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
		if outcome := to.choose(q); outcome.top != statusSuccess {
			s.fail(w, to, outcome)
			return
		}
		current := s.realm.Session(r)
		switch {
		case current != nil && !isTrue(q.ForceAuthn):
			s.answer(w, to, current)
		case isTrue(q.IsPassive):
			s.fail(w, to, status{statusResponder, statusNoPassive})
		default:
			in := idptest.Interaction{Done: func(w http.ResponseWriter, _ *http.Request, who *idptest.Login) { s.answer(w, to, who) }}
			if q.ID != "" {
				in.Cancel = func(w http.ResponseWriter, _ *http.Request) {
					s.fail(w, to, status{statusResponder, statusAuthnFailed})
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

// choose reads what the request wants of the answer; the status tells what cannot be had.
func (to *asked) choose(q *authnRequest) status {
	if q.ProtocolBinding != "" && q.ProtocolBinding != string(BindingPOST) {
		return status{statusResponder, statusUnsupportedBind}
	}
	if len(q.IDPs) > 0 {
		mine := false
		for _, idp := range q.IDPs {
			mine = mine || idp.ProviderID == to.issuer
		}
		if !mine {
			return status{statusResponder, statusNoSupportedIDP}
		}
	}
	to.format = cmp.Or(to.app.NameIDFormat, Unspecified)
	if wanted := q.NameIDPolicy.Format; wanted != "" && wanted != Unspecified {
		to.format = wanted
	}
	qualifier := q.NameIDPolicy.SPNameQualifier
	if !slices.Contains(nameIDFormats(), to.format) || qualifier != "" && qualifier != to.audience {
		return status{statusRequester, statusInvalidPolicy}
	}
	if to.class = contextClass(q.RequestedAuthnContext.Comparison, q.RequestedAuthnContext.Classes); to.class == "" {
		return status{statusResponder, statusNoAuthnContext}
	}
	return status{top: statusSuccess}
}
