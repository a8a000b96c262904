package samltest

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// artifactLifetime is how long a response waits for its application.
const artifactLifetime = 5 * time.Minute

// pending is a response that an artifact stands for.
type pending struct {
	app    *App
	issuer string
	text   string
}

// keep keeps a response until it is fetched, and returns its artifact (SAML Bindings §3.6.4.2).
func (s *Server) keep(to *asked, text string) string {
	on := broken(s.realm.Broken)
	source, index := to.issuer, byte(0)
	if on(ArtifactWrongSource) {
		source = otherIDP
	}
	if on(ArtifactWrongEndpoint) {
		index = 9
	}
	sum := sha1.Sum([]byte(source))
	handle := sha1.Sum([]byte(newID())) // 20 octets
	artifact := base64.StdEncoding.EncodeToString(append(append([]byte{0, 4, 0, index}, sum[:]...), handle[:]...))
	text = s.sent.again(on(ArtifactOtherResponse), "artifact's response "+to.app.ID, text)
	now := s.realm.Time()
	s.mu.Lock()
	s.artifacts.Put(artifact, &pending{to.app, to.issuer, text}, now.Add(artifactLifetime), now)
	s.mu.Unlock()
	return s.sent.again(on(ArtifactReplayed), "artifact "+to.app.ID, artifact)
}

// artifactResolve is an application's request for a response (SAML Core §3.5.1).
type artifactResolve struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol ArtifactResolve"`
	head
	Artifact string `xml:"urn:oasis:names:tc:SAML:2.0:protocol Artifact"`
}

// resolve serves the artifact resolution service (SAML Profiles §5). An artifact is for one use, whoever asks.
func (s *Server) resolve(a *App) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, refused := s.readResolve(w, r, a)
		if refused != nil {
			http.Error(w, "samltest: "+refused.code+": "+refused.text, http.StatusForbidden)
			return
		}
		s.mu.Lock()
		found, ok := s.artifacts.Get(q.Artifact, s.realm.Time())
		s.artifacts.Drop(q.Artifact)
		s.mu.Unlock()
		text := ""
		if ok && found.app == a {
			text = found.text
		}
		reply, err := s.resolved(s.entityID(s.realm.Base(r)), q.ID, text)
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		if err != nil || s.realm.Broken(ArtifactOutage) {
			w.WriteHeader(http.StatusInternalServerError)
			reply = "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>down</faultstring></soap:Fault>"
		}
		_, _ = io.WriteString(w, envelope(reply))
	}
}

func (s *Server) readResolve(w http.ResponseWriter, r *http.Request, a *App) (*artifactResolve, *refusal) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, messageLimit))
	if err != nil {
		return nil, &refusal{"invalid_message", "The message cannot be read."}
	}
	text, err := openEnvelope(body)
	if err != nil {
		return nil, &refusal{"invalid_message", "The message cannot be read: " + err.Error() + "."}
	}
	m := &message{name: "SAMLRequest", xml: text, form: true}
	if refused := m.verify(a.Key); refused != nil {
		return nil, refused
	}
	if a.Key != nil && !m.signed {
		return nil, &refusal{"unsigned_request", "The message must be signed."}
	}
	q := &artifactResolve{}
	if xml.Unmarshal(m.xml, q) != nil || q.Artifact == "" {
		return nil, &refusal{"invalid_message", "The message is not an ArtifactResolve."}
	}
	return q, q.check(a.EntityID, m.signed, s.realm.Base(r)+a.artifactPath(s.Path), s.realm.Time())
}

// resolved is an ArtifactResponse (SAML Core §3.5.2); an empty text is an artifact that is not known.
func (s *Server) resolved(issuer, inResponseTo, text string) (string, error) {
	on, outcome := broken(s.realm.Broken), status{top: statusSuccess}
	if on(ArtifactWrongIssuer) {
		issuer = otherIDP
	}
	if on(ArtifactWrongInResponseTo) {
		inResponseTo = newID()
	}
	if on.any(ArtifactEmpty, ArtifactDenied) {
		text = ""
	}
	if on(ArtifactDenied) {
		outcome = status{statusRequester, statusRequestDenied}
	}
	message := `<samlp:ArtifactResponse xmlns:samlp="` + nsProtocol + `" xmlns:saml="` + nsAssertion + `"` + attribute("ID", newID()) + ` Version="2.0"` +
		attribute("IssueInstant", instant(s.realm.Time())) + attribute("InResponseTo", inResponseTo) + "><saml:Issuer>" + idptest.EscapeXML(issuer) + "</saml:Issuer>" +
		outcome.write() + text + "</samlp:ArtifactResponse>"
	if on(ArtifactUnsigned) {
		return message, nil
	}
	signer, err := newSigner(&s.keys)
	if err != nil {
		return "", err
	}
	document, err := signer.signText(message)
	if err != nil {
		return "", err
	}
	if on(ArtifactBadSignature) {
		value := document.Root().FindElement("./Signature/SignatureValue")
		value.SetText(flip(value.Text()))
	}
	return document.WriteToString()
}
