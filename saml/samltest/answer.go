package samltest

import (
	"cmp"
	"encoding/base64"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// answer sends the browser to the application with an assertion.
func (s *Server) answer(w http.ResponseWriter, to *asked, who *idptest.Login) {
	a := to.app
	name, ok := identify(who.User, to.format, to.issuer, to.audience)
	if !ok {
		s.fail(w, to, status{statusRequester, statusInvalidPolicy})
		return
	}
	now := s.realm.Time()
	said := assertion{
		id: newID(), issued: now, authTime: who.Time, issuer: to.issuer, name: name,
		method: "urn:oasis:names:tc:SAML:2.0:cm:bearer", recipient: to.acs, confirms: to.requestID,
		notBefore: now, until: now.Add(a.lifetime()), audiences: []string{to.audience},
		index: s.enter(who, visit{app: a, home: to.home, issuer: to.issuer, entity: to.audience, name: name}),
		class: to.class, attributes: attributeStatement(s.realm.Known(who.User), a.Attributes),
	}
	if a.SessionLifetime > 0 {
		said.sessionEnd = who.Time.Add(a.SessionLifetime)
	}
	s.send(w, to, status{top: statusSuccess}, said)
}

// fail tells the application that the login came to nothing.
func (s *Server) fail(w http.ResponseWriter, to *asked, outcome status) { s.send(w, to, outcome) }

// send signs a response and posts it (SAML Bindings §3.5.4).
func (s *Server) send(w http.ResponseWriter, to *asked, outcome status, said ...assertion) {
	text, err := s.seal(to.app, &response{
		id: newID(), issued: s.realm.Time(), destination: to.acs, issuer: to.issuer, inResponseTo: to.requestID,
		status: outcome, assertions: said, sign: cmp.Or(to.app.Sign, SignAssertion),
	})
	if err != nil {
		s.realm.ErrorPage(w, http.StatusInternalServerError, "server_error", "The SAML assertion could not be made.")
		return
	}
	fields := idptest.Pairs("SAMLResponse", base64.StdEncoding.EncodeToString([]byte(text)))
	switch {
	case s.realm.Broken(idptest.WrongState):
		fields.Add("RelayState", idptest.Opaque())
	case !s.realm.Broken(idptest.NoState):
		fields.Add("RelayState", to.relayState)
	}
	if s.realm.Broken(idptest.RepeatedParameter) {
		fields = append(fields, fields...)
	}
	s.post(w, to.acs, fields)
}

// seal is the response to an application as it is sent, with the faults that are on.
func (s *Server) seal(a *App, p *response) (string, error) {
	on := broken(s.realm.Broken)
	p.spoil(on)
	for i := range p.assertions {
		p.assertions[i].id = s.sent.again(on(SameAssertion), "assertion "+a.ID, p.assertions[i].id)
	}
	signer, err := newForger(&s.keys, on)
	if err != nil {
		return "", err
	}
	text, err := p.seal(signer, a.EncryptionKey, on)
	if err != nil {
		return "", err
	}
	return s.sent.again(on(Replayed), "response "+a.ID, text), nil
}
