package samltest_test

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

const viaArtifact = toACS + ` ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"`

// artifact logs in and returns the artifact that the browser brings.
func (j *journey) artifact(attributes string) string {
	j.t.Helper()
	callback, err := j.idp.Login(j.t.Context(), j.ssoURL(j.ask(attributes, ""), "RelayState", "relay"), "")
	require.NoError(j.t, err)
	require.Equal(j.t, http.MethodGet, callback.Method)
	fields := parameters(j.t, callback)
	require.ElementsMatch(j.t, []string{"SAMLart", "RelayState"}, namesOf(fields))
	require.Equal(j.t, "relay", fields.Get("RelayState"))
	return fields.Get("SAMLart")
}

func (j *journey) artifactResolve(artifact string) string {
	return `<p:ArtifactResolve xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_resolve" Version="2.0" IssueInstant="` +
		j.idp.Realm.Time().UTC().Format(time.RFC3339) + `" Destination="` + j.url + `/artifact"><a:Issuer>` + spEntity + `</a:Issuer><p:Artifact>` + artifact + `</p:Artifact></p:ArtifactResolve>`
}

// bySOAP posts a message to the artifact resolution service, and returns what is in the envelope.
func (j *journey) bySOAP(message string) (int, *etree.Element, string) {
	j.t.Helper()
	r, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.url+"/artifact", strings.NewReader(
		`<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>`+message+`</e:Body></e:Envelope>`))
	require.NoError(j.t, err)
	r.Header.Set("Content-Type", "text/xml")
	res, err := j.browser.Do(r)
	require.NoError(j.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(j.t, err)
	document := etree.NewDocument()
	if document.ReadFromBytes(text) != nil || document.Root() == nil {
		return res.StatusCode, nil, string(text)
	}
	return res.StatusCode, document.FindElement("./Envelope/Body").ChildElements()[0], string(text)
}

func TestArtifact(t *testing.T) {
	t.Parallel()
	key := spKey()
	clock := newClock()
	j := start(t, &samltest.Server{Realm: clock.realm(), Artifacts: true, Apps: []samltest.App{{Key: key.Public()}}})
	_, text := j.visit(j.url + "/metadata")
	assert.Contains(t, text, `<md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="`+j.url+`/artifact" index="0" isDefault="true"/>`)

	sent := j.artifact(viaArtifact)
	data, err := base64.StdEncoding.DecodeString(sent)
	require.NoError(t, err)
	require.Len(t, data, 44)
	assert.Equal(t, uint32(0x00040000), binary.BigEndian.Uint32(data))
	sum := sha1.Sum([]byte(j.url))
	assert.Equal(t, sum[:], data[4:24])
	for want, message := range map[string]string{
		"unsigned_request": j.artifactResolve(sent), "invalid_signature": seal(t, strangerKey(), j.artifactResolve(sent)),
		"invalid_message":   seal(t, key, strings.ReplaceAll(j.artifactResolve(sent), "ArtifactResolve", "ArtifactQuery")),
		"wrong_destination": seal(t, key, strings.Replace(j.artifactResolve(sent), "/artifact", "/slo", 1)),
	} {
		status, _, text := j.bySOAP(message)
		assert.Equal(t, http.StatusForbidden, status)
		assert.Contains(t, text, want)
	}
	ask := seal(t, key, j.artifactResolve(sent))
	status, e, text := j.bySOAP(ask)
	require.Equal(t, http.StatusOK, status, text)
	assert.Equal(t, "ArtifactResponse _resolve", e.Tag+" "+e.SelectAttrValue("InResponseTo", ""))
	require.NotNil(t, e.SelectElement("Signature"))
	response := e.SelectElement("Response")
	require.NotNil(t, response)
	assert.Equal(t, acsURL, response.SelectAttrValue("Destination", ""))
	assert.NotNil(t, response.FindElement("./Assertion/Signature"))
	_, e, _ = j.bySOAP(ask)
	assert.Nil(t, e.SelectElement("Response"), "once")
	assert.Contains(t, e.FindElement("./Status/StatusCode").SelectAttrValue("Value", ""), "Success")

	sent = j.artifact(viaArtifact)
	clock.advance(6 * time.Minute)
	_, e, _ = j.bySOAP(seal(t, key, j.artifactResolve(sent)))
	assert.Nil(t, e.SelectElement("Response"), "it has expired")
}

// What a server offers, and what an application wants.
func TestArtifactWanted(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{Realm: newClock().realm()})
	callback, err := j.idp.Login(t.Context(), j.ssoURL(j.ask(viaArtifact, "")), "")
	require.NoError(t, err)
	p, _ := received(t, callback)
	assert.Equal(t, "Responder UnsupportedBinding", p.status())
	status, _, _ := j.bySOAP(j.artifactResolve("x"))
	assert.Equal(t, http.StatusNotFound, status)
	_, text := j.visit(j.url + "/metadata")
	assert.NotContains(t, text, "ArtifactResolutionService")

	j = start(t, &samltest.Server{Realm: newClock().realm(), Artifacts: true, Apps: []samltest.App{{ResponseBinding: samltest.BindingArtifact}}})
	j.artifact(toACS)
	j = start(t, &samltest.Server{Realm: newClock().realm(), Artifacts: true, Apps: []samltest.App{{ResponseBinding: "other"}}})
	_, text = j.visit(j.url + "/metadata")
	assert.Contains(t, text, "samltest.App.ResponseBinding")
}

// Each fact is false of a good artifact and true of the spoilt one.
func TestHostileArtifacts(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{Realm: newClock().realm(), Artifacts: true})
	type answer struct {
		artifact, text string
		e              *etree.Element
	}
	fetch := func() answer {
		sent := j.artifact(viaArtifact)
		_, e, text := j.bySOAP(j.artifactResolve(sent))
		return answer{sent, text, e}
	}
	source := func(a answer) []byte {
		data, err := base64.StdEncoding.DecodeString(a.artifact)
		require.NoError(t, err)
		return data
	}
	sum := sha1.Sum([]byte(j.url))
	var before answer
	facts := map[idptest.Fault]func(answer) bool{
		samltest.ArtifactWrongSource:       func(a answer) bool { return string(source(a)[4:24]) != string(sum[:]) },
		samltest.ArtifactWrongEndpoint:     func(a answer) bool { return source(a)[3] != 0 },
		samltest.ArtifactReplayed:          func(a answer) bool { return a.artifact == before.artifact },
		samltest.ArtifactOtherResponse:     func(a answer) bool { return responseID(a.e) == responseID(before.e) },
		samltest.ArtifactEmpty:             func(a answer) bool { return responseID(a.e) == "" && strings.Contains(a.text, "status:Success") },
		samltest.ArtifactDenied:            func(a answer) bool { return strings.Contains(a.text, "status:RequestDenied") },
		samltest.ArtifactUnsigned:          func(a answer) bool { return !strings.Contains(a.text, "Signature") },
		samltest.ArtifactBadSignature:      func(a answer) bool { return a.e.SelectElement("Signature") != nil && !j.verified(a.e) },
		samltest.ArtifactWrongIssuer:       func(a answer) bool { return a.e.FindElement("./Issuer").Text() != j.url },
		samltest.ArtifactWrongInResponseTo: func(a answer) bool { return a.e.SelectAttrValue("InResponseTo", "") != "_resolve" },
		samltest.ArtifactOutage:            func(a answer) bool { return a.e.Tag == "Fault" },
	}
	for _, fault := range samltest.ArtifactFaults() {
		j.idp.Break()
		before = answer{e: etree.NewElement("none")}
		good := fetch()
		assert.False(t, facts[fault](good), "the twin of %s", fault)
		before = good
		j.idp.Break(fault)
		assert.True(t, facts[fault](fetch()), "%s", fault)
	}
}

func responseID(e *etree.Element) string {
	if response := e.SelectElement("Response"); response != nil {
		return response.SelectAttrValue("ID", "")
	}
	return ""
}

// verified says whether the signature of an element is of the server's key.
func (j *journey) verified(e *etree.Element) bool {
	text, err := etree.NewDocumentWithRoot(e.Copy()).WriteToString()
	require.NoError(j.t, err)
	_, err = j.judge(text, e.Tag)
	return err == nil
}
