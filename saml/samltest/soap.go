package samltest

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"

	"github.com/beevik/etree"
)

const nsSOAP = "http://schemas.xmlsoap.org/soap/envelope/"

// envelope is a message by SOAP (SAML Bindings §3.2.2).
func envelope(message string) string {
	return `<soap:Envelope xmlns:soap="` + nsSOAP + `"><soap:Body>` + message + `</soap:Body></soap:Envelope>`
}

// openEnvelope returns the one message in an envelope, which must declare its own namespaces.
func openEnvelope(text []byte) ([]byte, error) {
	document := etree.NewDocument()
	if err := document.ReadFromBytes(text); err != nil || document.Root() == nil {
		return nil, errors.New("it is not XML")
	}
	root := document.Root()
	body := root.SelectElement("Body")
	if root.Tag != "Envelope" || root.NamespaceURI() != nsSOAP || body == nil || len(body.ChildElements()) != 1 {
		return nil, errors.New("it is not an envelope with one message")
	}
	return etree.NewDocumentWithRoot(body.ChildElements()[0].Copy()).WriteToBytes()
}

// tellBySOAP sends a service provider a LogoutRequest without the browser (SAML Profiles §4.4.3.3), and says whether it
// ended its session.
func (s *Server) tellBySOAP(ctx context.Context, v *visit) bool {
	n := v.request(v.app.SOAPLogoutURL, []string{v.index}, s.realm.Time())
	id := n.id
	n.spoil(s.realm.Broken)
	message := s.sent.again(s.realm.Broken(LogoutReplayed), n.tag+" by SOAP "+v.app.ID, n.write())
	signer, err := newSigner(&s.keys)
	if err != nil {
		return false
	}
	if message, err = signer.seal(message, s.realm.Broken); err != nil {
		return false
	}
	status, answer, err := s.realm.Post(ctx, v.app.SOAPLogoutURL, "text/xml; charset=utf-8", envelope(message))
	if err != nil || status != http.StatusOK {
		return false
	}
	return s.endedBySOAP(v, id, answer)
}

// endedBySOAP reads the answer to a LogoutRequest.
func (s *Server) endedBySOAP(v *visit, id string, answer []byte) bool {
	text, err := openEnvelope(answer)
	if err != nil {
		return false
	}
	m := &message{name: "SAMLResponse", xml: text, form: true}
	if m.verify(v.app.Key) != nil || v.app.Key != nil && !m.signed {
		return false
	}
	p := &logoutResponse{}
	return xml.Unmarshal(m.xml, p) == nil && p.InResponseTo == id && p.Issuer.Value == v.entity && p.whole()
}
