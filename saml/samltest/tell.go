package samltest

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// next tells the next application of a logout, or answers the one that asked.
func (s *Server) next(w http.ResponseWriter, r *http.Request, l *chain) {
	for len(l.left) > 0 {
		v := l.left[0]
		l.left = l.left[1:]
		if v.bySOAP() { // it was told when the session ended
			l.partial = l.partial || !v.ended
			continue
		}
		if v.told() && v.server.tell(w, r, l, v) {
			return
		}
		l.partial = true
	}
	switch {
	case l.asker != nil && l.asker.app.SLOURL != "":
		l.asker.server.report(w, r, l)
	case l.asker == nil && l.to != "":
		idptest.SendTo(w, r, l.to)
	case l.partial:
		s.realm.MessagePage(w, "Signed out", "You are signed out of this server, but perhaps not of every application.")
	default:
		s.realm.MessagePage(w, "Signed out", "You are signed out of this server and of the applications that you used.")
	}
}

// tell sends the browser to an application with a LogoutRequest (SAML Core §3.7.1), and says whether it could be made.
func (s *Server) tell(w http.ResponseWriter, r *http.Request, l *chain, v *visit) bool {
	now := s.realm.Time()
	n, relay := v.request(v.app.SLOURL, v.indexes, now), newID()
	s.mu.Lock()
	l.told, l.relay = v, relay
	s.logouts.Put(n.id, l, now.Add(chainLifetime), now)
	s.mu.Unlock()
	return s.dispatch(w, r, v.app, n, relay)
}

// request is a LogoutRequest for those sessions.
func (v *visit) request(to string, indexes []string, now time.Time) *notice {
	body := v.name.write()
	for _, index := range indexes {
		body += "<samlp:SessionIndex>" + idptest.EscapeXML(index) + "</samlp:SessionIndex>"
	}
	return &notice{
		tag: "LogoutRequest", id: shapeValue("ID", newID(), v.server.realm.Broken), issuer: v.issuer, destination: to, issued: now, until: now.Add(5 * time.Minute), body: body,
	}
}

// report answers the application that asked for the logout (SAML Core §3.7.2).
func (s *Server) report(w http.ResponseWriter, r *http.Request, l *chain) {
	outcome := status{top: statusSuccess}
	if l.partial {
		outcome.second = statusPartialLogout
	}
	a := l.asker.app
	n := &notice{
		tag: "LogoutResponse", id: newID(), issuer: l.asker.issuer, destination: cmp.Or(a.SLOResponseURL, a.SLOURL), issued: s.realm.Time(),
		inResponseTo: l.requestID, body: outcome.write(),
	}
	if !s.dispatch(w, r, a, n, l.relayState) {
		s.realm.ErrorPage(w, http.StatusInternalServerError, "server_error", "The logout response could not be made.")
	}
}

// dispatch signs the message and sends the browser on with it, by the application's binding; it says whether it could.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request, a *App, n *notice, relayState string) bool {
	to := n.destination
	n.spoil(s.realm.Broken)
	message, err := shapeText(n.write(), s.realm.Broken)
	if err != nil {
		return false
	}
	message = s.sent.again(s.realm.Broken(LogoutReplayed), n.tag+" "+a.ID, message)
	signer, err := newSigner(&s.keys)
	if err != nil {
		return false
	}
	if a.SLOBinding == BindingPOST {
		sealed, err := signer.seal(message, s.realm.Broken)
		if err != nil {
			return false
		}
		fields := idptest.Pairs(n.parameter(), base64.StdEncoding.EncodeToString([]byte(sealed)))
		if relayState != "" {
			fields.Add("RelayState", relayState)
		}
		s.post(w, to, fields)
		return true
	}
	query := n.parameter() + "=" + url.QueryEscape(deflate(message))
	if relayState != "" {
		query += "&RelayState=" + url.QueryEscape(relayState)
	}
	if query, err = signer.sealQuery(query, s.realm.Broken); err != nil {
		return false
	}
	idptest.SendTo(w, r, idptest.AddQuery(to, query))
	return true
}

// post is a page that posts a message to an application (SAML Bindings §3.5.4).
func (s *Server) post(w http.ResponseWriter, to string, fields idptest.Parameters) {
	s.realm.PostPage(w, "One moment", "saml-form", to, fields)
}
