package authtest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlNotice is a logout message before it is written and signed.
type samlNotice struct {
	tag, id, issuer, destination string
	issued                       time.Time
	inResponseTo                 string    // of a response
	until                        time.Time // of a request
	body                         string    // after Issuer
}

func (n *samlNotice) write() string {
	until := ""
	if !n.until.IsZero() {
		until = samlInstant(n.until)
	}
	return `<samlp:` + n.tag + ` xmlns:samlp="` + nsProtocol + `" xmlns:saml="` + nsAssertion + `"` + xmlAttribute("ID", n.id) + ` Version="2.0"` +
		xmlAttribute("IssueInstant", samlInstant(n.issued)) + xmlAttribute("Destination", n.destination) + xmlAttribute("NotOnOrAfter", until) +
		xmlAttribute("InResponseTo", n.inResponseTo) + ">" + "<saml:Issuer>" + idptest.EscapeXML(n.issuer) + "</saml:Issuer>" + n.body + "</samlp:" + n.tag + ">"
}

// samlTell sends the browser to an application with a LogoutRequest (SAML Core
// §3.7.1) and returns the request's ID, or nothing when it could not be made.
func (s *Server) samlTell(w http.ResponseWriter, r *http.Request, l *samlChain, v *samlVisit) string {
	now := s.realm.Time()
	body := v.name.write()
	for _, index := range v.indexes {
		body += "<samlp:SessionIndex>" + idptest.EscapeXML(index) + "</samlp:SessionIndex>"
	}
	n := &samlNotice{
		tag: "LogoutRequest", id: samlID(), issuer: v.base, destination: v.app.SLOURL, issued: now,
		until: now.Add(5 * time.Minute), body: body,
	}
	relay := samlID()
	s.mu.Lock()
	l.told, l.relay = v, relay
	s.memory.logouts.Put(n.id, l, now.Add(samlChainLifetime), now)
	s.mu.Unlock()
	if !s.samlDispatch(w, r, v, "SAMLRequest", n, relay) {
		return ""
	}
	return n.id
}

// samlReport answers the application that asked for the logout (SAML Core §3.7.2).
func (s *Server) samlReport(w http.ResponseWriter, r *http.Request, l *samlChain) {
	status := samlStatus{top: samlSuccess}
	if l.partial {
		status.second = samlPartialLogout
	}
	a := l.asker.app
	n := &samlNotice{
		tag: "LogoutResponse", id: samlID(), issuer: l.asker.base, destination: either(a.SLOResponseURL, a.SLOURL), issued: s.realm.Time(),
		inResponseTo: l.requestID, body: status.write(),
	}
	if !s.samlDispatch(w, r, l.asker, "SAMLResponse", n, l.relayState) {
		s.realm.ErrorPage(w, http.StatusInternalServerError, "server_error", "The logout response could not be made.")
	}
}

// samlDispatch signs the message and sends the browser on with it, by the
// application's binding; it says whether it could.
func (s *Server) samlDispatch(w http.ResponseWriter, r *http.Request, v *samlVisit, name string, n *samlNotice, relayState string) bool {
	to := n.destination
	s.breakNotice(n)
	message := s.samlBefore(SAMLLogoutReplayed, n.tag+" "+s.samlID(v.app), n.write())
	if v.app.SLOBinding == SAMLPost {
		sealed, err := s.sealNotice(message)
		if err != nil {
			return false
		}
		fields := idptest.Pairs(name, base64.StdEncoding.EncodeToString([]byte(sealed)))
		if relayState != "" {
			fields.Add("RelayState", relayState)
		}
		s.samlPage(w, to, fields)
		return true
	}
	query := name + "=" + url.QueryEscape(packQuery(message))
	if relayState != "" {
		query += "&RelayState=" + url.QueryEscape(relayState)
	}
	if !s.realm.Broken(SAMLLogoutUnsigned) {
		var err error
		if query, err = s.signQuery(query); err != nil {
			return false
		}
	}
	idptest.SendTo(w, r, idptest.AddQuery(to, query))
	return true
}

// sealNotice makes the enveloped signature of a form.
func (s *Server) sealNotice(message string) (string, error) {
	if s.realm.Broken(SAMLLogoutUnsigned) {
		return message, nil
	}
	document, err := parseXML(message)
	if err != nil {
		return "", err
	}
	signer, err := s.samlSigner()
	if err != nil {
		return "", err
	}
	if err := signer.sign(document.Root()); err != nil {
		return "", err
	}
	if s.realm.Broken(SAMLLogoutBadSignature) {
		value := document.Root().FindElement("./Signature/SignatureValue")
		value.SetText(spoil(value.Text()))
	}
	return document.WriteToString()
}
