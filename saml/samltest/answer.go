package samltest

import (
	"cmp"
	"encoding/base64"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// answer sends the browser to the application with an assertion.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, to *asked, who *idptest.Login) {
	a := to.app
	name, ok := identify(who.User, to.format, to.issuer, to.audience)
	if !ok {
		s.fail(w, r, to, status{statusRequester, statusInvalidPolicy})
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
	s.send(w, r, to, status{top: statusSuccess}, said)
}

// fail tells the application that the login came to nothing.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, to *asked, outcome status) {
	s.send(w, r, to, outcome)
}

// send signs a response and posts it, or sends an artifact for it (SAML Bindings §3.5.4, §3.6.3).
func (s *Server) send(w http.ResponseWriter, r *http.Request, to *asked, outcome status, said ...assertion) {
	text, err := s.seal(to, &response{
		id: newID(), issued: s.realm.Time(), destination: to.acs, issuer: to.issuer, inResponseTo: to.requestID,
		status: outcome, assertions: said, sign: cmp.Or(to.app.Sign, SignAssertion),
	})
	if err != nil {
		s.realm.ErrorPage(w, http.StatusInternalServerError, "server_error", "The SAML assertion could not be made.")
		return
	}
	fields := idptest.Pairs("SAMLResponse", base64.StdEncoding.EncodeToString([]byte(text)))
	if to.binding == BindingArtifact {
		fields = idptest.Pairs("SAMLart", s.keep(to, text))
	}
	switch {
	case s.realm.Broken(idptest.WrongState):
		fields.Add("RelayState", idptest.Opaque())
	case !s.realm.Broken(idptest.NoState):
		fields.Add("RelayState", to.relayState)
	}
	if s.realm.Broken(idptest.RepeatedParameter) {
		fields = append(fields, fields...)
	}
	if to.binding == BindingArtifact {
		idptest.SendTo(w, r, idptest.AddQuery(to.acs, fields.Encode()))
		return
	}
	s.post(w, to.acs, fields)
}

// seal is the response to an application as it is sent, with the faults that are on.
func (s *Server) seal(to *asked, p *response) (string, error) {
	a, on := to.app, broken(s.realm.Broken)
	if to.binding == BindingArtifact && on(ArtifactUnsigned) {
		on = func(f idptest.Fault) bool { return f == Unsigned || s.realm.Broken(f) }
	}
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
