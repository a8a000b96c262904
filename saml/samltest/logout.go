package samltest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// logout serves the single logout service (SAML Profiles §4.4.3): requests that begin a logout, and responses of the
// applications that were told of one.
func (s *Server) logout(a *App) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, refused := readMessage(w, r)
		if refused == nil && m == nil {
			refused = &refusal{"invalid_message", "There is no SAMLRequest and no SAMLResponse."}
		}
		if refused == nil {
			refused = m.verify(a.Key)
		}
		if refused == nil && a.Key != nil && !m.signed {
			refused = &refusal{"unsigned_request", "The message must be signed."}
		}
		if refused == nil && m.name == "SAMLRequest" {
			refused = s.leave(w, r, a, m)
		} else if refused == nil {
			refused = s.left(w, r, a, m)
		}
		if refused != nil {
			refused.show(w, s.realm)
		}
	}
}

// leave takes a LogoutRequest: the sessions end, and the other applications are told.
func (s *Server) leave(w http.ResponseWriter, r *http.Request, a *App, m *message) *refusal {
	base := s.realm.Base(r)
	q, refused := m.logoutRequest(a.EntityID, base+a.sloPath(s.Path), s.realm.Time())
	if refused != nil {
		return refused
	}
	left, _ := s.end(r.Context(), func(_ *idptest.User, v *visit) bool { return v.app == a && q.names(v) }, func(v *visit) bool {
		return v.app == a && v.entity == q.Issuer.Value
	})
	s.realm.ForgetBrowser(w, r)
	l := &chain{asker: &visit{server: s, app: a, issuer: s.entityID(base), entity: q.Issuer.Value}, requestID: q.ID, relayState: m.relayState, left: left}
	s.next(w, r, l)
	return nil
}

// left takes a LogoutResponse and goes on to the next application.
func (s *Server) left(w http.ResponseWriter, r *http.Request, a *App, m *message) *refusal {
	p, refused := m.logoutResponse(a.EntityID, s.realm.Base(r)+a.sloPath(s.Path), s.realm.Time())
	if refused != nil {
		return refused
	}
	s.mu.Lock()
	l, ok := s.logouts.Get(p.InResponseTo, s.realm.Time())
	ok = ok && l.answeredBy(a, p.Issuer.Value, m.relayState)
	if ok {
		s.logouts.Drop(p.InResponseTo)
	}
	s.mu.Unlock()
	if !ok {
		return &refusal{"unknown_response", "The response answers no request that this application was sent, or comes without its RelayState."}
	}
	l.partial = l.partial || !p.whole()
	s.next(w, r, l)
	return nil
}
