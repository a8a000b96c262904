package saml

import (
	"context"
	"crypto"
	"crypto/rsa"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const soapURL = "https://sp.example/slo/soap"

// soapMessage is a request by SOAP; the zero value is good.
type soapMessage struct {
	text     string // sloRequest when empty
	before   []swap // of the message, before it is signed
	after    []swap // of the envelope
	unsigned bool
	key      string // empty is "idp"
	media    string
	config   func(*Config)
}

func (m soapMessage) http(t testing.TB) *http.Request {
	t.Helper()
	if m.text == "" {
		m.text = strings.Replace(sloRequest, `"https://sp.example/slo"`, `"`+soapURL+`"`, 1)
	}
	if m.key == "" {
		m.key = "idp"
	}
	text := m.text
	for _, s := range m.before {
		text = s.apply(t, text)
	}
	if !m.unsigned {
		text = enveloped(t, text, m.key, algRSA256)
	}
	text = `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body>` + text + `</S:Body></S:Envelope>`
	for _, s := range m.after {
		text = s.apply(t, text)
	}
	r := httptest.NewRequest(http.MethodPost, soapURL, strings.NewReader(text))
	if m.media == "" {
		m.media = "text/xml; charset=UTF-8"
	}
	r.Header.Set("Content-Type", m.media)
	return r
}

func soapClient(t testing.TB, change ...func(*Config)) *Client {
	t.Helper()
	return sloClient(t, append([]func(*Config){func(c *Config) { c.SOAPLogoutURL = soapURL }}, change...)...)
}

func (m soapMessage) receive(t testing.TB) (*LogoutRequest, error) {
	t.Helper()
	return soapClient(t, m.config).ReceiveLogout(context.Background(), m.http(t))
}

// The identity provider asks by SOAP, and the answer is in the reply.
func TestLogoutBySOAP(t *testing.T) {
	t.Parallel()
	for _, only := range []bool{false, true} {
		c := soapClient(t, func(c *Config) {
			if only {
				c.SLOURL = ""
			}
		})
		r := soapMessage{}.http(t)
		assert.Empty(t, LogoutKey(r))
		got, err := c.ReceiveLogout(t.Context(), r)
		require.NoError(t, err)
		assert.Equal(t, &LogoutRequest{
			Issuer: sloIDP, ID: "_message", IssueInstant: time.Date(2026, 11, 20, 9, 30, 5, 0, time.UTC), Binding: BindingSOAP,
			NameID: NameID{
				Value: "_alice", Format: NameIDTransient, NameQualifier: sloIDP, SPNameQualifier: "https://sp.example/metadata",
			},
			SessionIndexes: []string{"_s1", "_s2"}, Reason: "urn:oasis:names:tc:SAML:2.0:logout:user",
		}, got)
		_, err = c.ReceiveLogout(t.Context(), soapMessage{}.http(t))
		require.ErrorIs(t, err, CheckReplay)

		for status, want := range map[StatusCode][]StatusCode{Success: {Success}, PartialLogout: {Responder, PartialLogout}} {
			reply, err := c.RespondLogout(t.Context(), got, status)
			require.NoError(t, err)
			assert.Empty(t, reply.URL)
			assert.Nil(t, reply.Form)
			w := httptest.NewRecorder()
			require.NoError(t, reply.Send(w))
			assert.Equal(t, http.StatusOK, w.Code)
			assert.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
			body := parse(t, w.Body.String()).FindElement("./Body")
			require.NotNil(t, body)
			require.Len(t, body.ChildElements(), 1)
			text := outer(t, body.ChildElements()[0])
			s := openForm(t, map[string][]string{"SAMLResponse": {b64([]byte(text))}}, "SAMLResponse", selfSigned(t, sloKeys()["sp"]))
			assert.True(t, s.signed)
			assert.Equal(t, "LogoutResponse", s.doc.Tag)
			assert.Equal(t, "_message", s.doc.SelectAttrValue("InResponseTo", ""))
			assert.Nil(t, s.doc.SelectAttr("Destination"))
			var codes []StatusCode
			for e := s.doc.FindElement("./Status/StatusCode"); e != nil; e = e.SelectElement("StatusCode") {
				codes = append(codes, StatusCode(e.SelectAttrValue("Value", "")))
			}
			assert.Equal(t, want, codes)
		}
		_, err = c.RespondLogout(t.Context(), got, "urn:other")
		require.Error(t, err)
	}
	w := httptest.NewRecorder()
	require.Error(t, (*LogoutReply)(nil).Send(w))
	require.NoError(t, (&LogoutReply{URL: "https://idp.example/slo"}).Send(w))
	assert.Equal(t, "https://idp.example/slo", w.Header().Get("Location"))
}

// Each row is refused; its twin differs in one fact, and is the good message where none is given.
func TestSAML53LogoutBySOAP(t *testing.T) {
	t.Parallel()
	destination := ` Destination="` + soapURL + `"`
	unsignedToo := func(c *Config) { c.AllowUnsignedLogout = true }
	for name, row := range map[string]struct {
		refused soapMessage
		check   Check
		twin    *soapMessage
	}{
		"not signed":                 {soapMessage{unsigned: true}, CheckSignature, nil},
		"not signed, and an option":  {soapMessage{unsigned: true, config: unsignedToo}, CheckSignature, &soapMessage{config: unsignedToo}},
		"of another key":             {soapMessage{key: "sp"}, CheckSignature, nil},
		"changed":                    {soapMessage{after: []swap{{"_alice", "_bob"}}}, CheckSignature, nil},
		"another issuer":             {soapMessage{before: []swap{{"<saml:Issuer>https://idp", "<saml:Issuer>https://evil"}}}, CheckUnknownIDP, nil},
		"no Destination":             {soapMessage{before: []swap{{destination, ""}}}, CheckDestination, nil},
		"for SLOURL":                 {soapMessage{before: []swap{{destination, ` Destination="` + sloURL + `"`}}}, CheckDestination, nil},
		"another's name":             {soapMessage{before: []swap{{`SPNameQualifier="https://sp.example`, `SPNameQualifier="https://other.example`}}}, CheckNameID, nil},
		"too old":                    {soapMessage{before: []swap{{`NotOnOrAfter="2026-11-20T09:35:05Z"`, `NotOnOrAfter="2026-11-20T09:29:10Z"`}}}, CheckLogout, &soapMessage{before: []swap{{`NotOnOrAfter="2026-11-20T09:35:05Z"`, `NotOnOrAfter="2026-11-20T09:29:11Z"`}}}},
		"of the future":              {soapMessage{before: []swap{{`T09:30:05Z"`, `T09:31:11Z"`}}}, CheckTime, nil},
		"a response":                 {soapMessage{text: strings.Replace(sloResponse, `"https://sp.example/slo"`, `"`+soapURL+`"`, 1)}, CheckRoot, nil},
		"SOAP 1.2":                   {soapMessage{after: []swap{{"http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"}}}, CheckRoot, nil},
		"SOAP 1.2 with its type":     {soapMessage{media: "application/soap+xml", after: []swap{{"http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"}}}, CheckRoot, &soapMessage{media: "application/soap+xml"}},
		"another charset":            {soapMessage{media: "text/xml; charset=iso-8859-1"}, CheckMalformed, &soapMessage{media: "text/xml"}},
		"without an envelope":        {soapMessage{after: []swap{{`<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body>`, ""}, {`</S:Body></S:Envelope>`, ""}}}, CheckRoot, nil},
		"two messages":               {soapMessage{after: []swap{{"</S:Body>", "<x/></S:Body>"}}}, CheckRoot, nil},
		"two messages, good last":    {soapMessage{after: []swap{{"<S:Body>", "<S:Body><x/>"}}}, CheckRoot, nil},
		"understood, by true":        {soapMessage{after: []swap{{"<S:Header/>", `<S:Header><x S:mustUnderstand="true"/></S:Header>`}}}, CheckRoot, &soapMessage{after: []swap{{"<S:Header/>", `<S:Header><x S:mustUnderstand="false"/></S:Header>`}}}},
		"understood, in blanks":      {soapMessage{after: []swap{{"<S:Header/>", `<S:Header><y/><x S:mustUnderstand=" 1 "/></S:Header>`}}}, CheckRoot, &soapMessage{after: []swap{{"<S:Header/>", `<S:Header><y/><x mustUnderstand="1"/></S:Header>`}}}},
		"two bodies":                 {soapMessage{after: []swap{{"<S:Body>", "<S:Body/><S:Body>"}}}, CheckRoot, nil},
		"two headers":                {soapMessage{after: []swap{{"<S:Header/>", "<S:Header/><S:Header/>"}}}, CheckRoot, nil},
		"an empty Body":              {soapMessage{after: []swap{{"<S:Body>", "<S:Body/><S:Header>"}, {"</S:Body>", "</S:Header>"}}}, CheckRoot, nil},
		"a header to be understood":  {soapMessage{after: []swap{{"<S:Header/>", `<S:Header><x S:mustUnderstand="1"/></S:Header>`}}}, CheckRoot, &soapMessage{after: []swap{{"<S:Header/>", `<S:Header><x S:mustUnderstand="0"/></S:Header>`}}}},
		"text in the envelope":       {soapMessage{after: []swap{{"<S:Header/>", "x"}}}, CheckRoot, &soapMessage{after: []swap{{"<S:Header/>", "\n"}}}},
		"a DOCTYPE":                  {soapMessage{after: []swap{{"<S:Envelope ", "<!DOCTYPE x><S:Envelope "}}}, CheckXML, nil},
		"too long":                   {soapMessage{config: func(c *Config) { c.MaxInflated = 100 }}, CheckMalformed, nil},
		"no SOAP here":               {soapMessage{config: func(c *Config) { c.SOAPLogoutURL = "" }}, CheckMethod, nil},
		"the signature in a wrapper": {soapMessage{after: []swap{{"<S:Header/>", `<S:Header><samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_message"/></S:Header>`}}}, CheckXML, &soapMessage{after: []swap{{"<S:Header/>", `<S:Header><samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_other"/></S:Header>`}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := row.refused.receive(t)
			var invalid *InvalidError
			require.ErrorAs(t, err, &invalid)
			assert.Equal(t, row.check, invalid.Check, "%v", err)
			assert.Nil(t, got)
			twin := soapMessage{}
			if row.twin != nil {
				twin = *row.twin
			}
			_, err = twin.receive(t)
			require.NoError(t, err)
		})
	}
}

// A message by redirect or POST is for SLOURL alone, and one by SOAP for SOAPLogoutURL alone.
func TestLogoutByTheOtherWay(t *testing.T) {
	t.Parallel()
	to := swap{` Destination="https://sp.example/slo"`, ` Destination="` + soapURL + `"`}
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		_, err := soapClient(t).ReceiveLogout(t.Context(), sloMessage{text: sloRequest, binding: binding, before: []swap{to}}.http(t))
		require.ErrorIs(t, err, CheckDestination)
		_, err = soapClient(t).ReceiveLogout(t.Context(), sloMessage{text: sloRequest, binding: binding}.http(t))
		require.NoError(t, err)
		_, err = soapClient(t, func(c *Config) { c.SLOURL = "" }).ReceiveLogout(t.Context(), sloMessage{text: sloRequest, binding: binding}.http(t))
		require.ErrorIs(t, err, CheckMethod)
	}
	err := soapClient(t).CompleteLogout(t.Context(), sloPending(), soapMessage{}.http(t))
	require.ErrorIs(t, err, CheckMalformed, "an answer to us does not come by SOAP")
	_, err = soapClient(t, func(c *Config) { c.SLOURL = "" }).BeginLogout(t.Context(), LogoutOptions{NameID: NameID{Value: "a"}})
	require.ErrorContains(t, err, "SLOURL")
	one := soapClient(t, func(c *Config) { c.SOAPLogoutURL = sloURL })
	_, err = one.ReceiveLogout(t.Context(), soapMessage{text: sloRequest}.http(t))
	require.NoError(t, err, "both addresses may be one")
}

func TestSOAPLogoutConfig(t *testing.T) {
	t.Parallel()
	_, err := NewClient(sloConfig(func(c *Config) {
		c.SOAPLogoutURL, c.Keys, c.AllowUnsignedLogout = soapURL, nil, true
	}))
	require.ErrorContains(t, err, "SOAPLogoutURL needs one of Keys with a Signer")
	_, err = NewClient(sloConfig(func(c *Config) { c.SOAPLogoutURL = "http://sp.example/slo" }))
	require.ErrorContains(t, err, "SOAPLogoutURL")
	data, err := soapClient(t).Metadata(t.Context(), MetadataDocOptions{})
	require.NoError(t, err)
	assert.Contains(t, string(data), `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="`+soapURL+`"/>`)
	data, err = sloClient(t).Metadata(t.Context(), MetadataDocOptions{})
	require.NoError(t, err)
	assert.NotContains(t, string(data), "bindings:SOAP")
}

// An encrypted name identifier is read by SOAP as by POST.
func TestLogoutBySOAPWithAnEncryptedName(t *testing.T) {
	t.Parallel()
	sealed := swap{sloName, encryptedID(t, sloName)}
	got, err := soapMessage{before: []swap{sealed}}.receive(t)
	require.NoError(t, err)
	assert.Equal(t, "_alice", got.NameID.Value)
	_, err = soapMessage{before: []swap{sealed}, config: func(c *Config) { c.Keys = []Key{{Signer: sloKeys()["sp"]}} }}.receive(t)
	require.ErrorIs(t, err, CheckEncryption)
}

// Our own LogoutRequest hides the name when that is asked for.
func TestEncryptedNameInOurLogout(t *testing.T) {
	t.Parallel()
	idp := sloKeys()["idp"]
	c := soapClient(t, func(c *Config) {
		c.EncryptNameID, c.IDP = true, metadata.NewList(&metadata.IDP{
			EntityID: sloIDP, Keys: sloPublic("idp"), EncryptionKeys: []*rsa.PublicKey{idp.Public().(*rsa.PublicKey)},
			SLO: []metadata.Endpoint{{Binding: BindingPOST, Location: "https://idp.example/slo"}},
		})
	})
	l, err := c.BeginLogout(t.Context(), LogoutOptions{NameID: alice, Binding: BindingPOST, SessionIndexes: []string{"_s1"}})
	require.NoError(t, err)
	s := openForm(t, l.Form, "SAMLRequest", selfSigned(t, sloKeys()["sp"]))
	assert.True(t, s.signed)
	assert.Nil(t, s.doc.SelectElement("NameID"))
	require.NotNil(t, s.doc.SelectElement("EncryptedID"))

	// The identity provider reads it, as a client with its key would.
	reader := sloClient(t, func(c *Config) { c.Keys = []Key{{Signer: idp, Decrypter: idp.(crypto.Decrypter)}} })
	doc, err := reader.gate(outer(t, s.doc))
	require.NoError(t, err)
	name, found, err := reader.readName(doc.Root())
	require.NoError(t, err)
	assert.True(t, found)
	assert.Equal(t, alice, name)

	c = soapClient(t, func(c *Config) { c.EncryptNameID = true })
	_, err = c.BeginLogout(t.Context(), LogoutOptions{IDP: sloIDP, NameID: alice})
	require.ErrorIs(t, err, metadata.CheckKey)
	require.ErrorContains(t, err, "EncryptNameID")
	n := idp.Public().(*rsa.PublicKey).N
	small := &rsa.PublicKey{N: new(big.Int).Rsh(n, uint(n.BitLen()-1024)), E: 65537}
	_, err = c.encryptionKey(&metadata.IDP{EncryptionKeys: []*rsa.PublicKey{nil, {}, small}})
	require.ErrorIs(t, err, metadata.CheckKey)
	c = soapClient(t, func(c *Config) { c.AllowSmallRSA = true })
	key, err := c.encryptionKey(&metadata.IDP{EncryptionKeys: []*rsa.PublicKey{nil, {}, small}})
	require.NoError(t, err)
	assert.Same(t, small, key)
	_, err = NewClient(sloConfig(func(c *Config) { c.EncryptNameID, c.SLOURL = true, "" }))
	require.ErrorContains(t, err, "EncryptNameID needs SLOURL")
}

// outer is the text of an element by itself.
func outer(t testing.TB, e *etree.Element) string {
	t.Helper()
	text, err := etree.NewDocumentWithRoot(e.Copy()).WriteToString()
	require.NoError(t, err)
	return text
}

func FuzzLogoutBySOAP(f *testing.F) {
	for _, m := range []soapMessage{{}, {unsigned: true}} {
		body := new(strings.Builder)
		r := m.http(f)
		require.NoError(f, r.Write(body))
		_, text, _ := strings.Cut(body.String(), "\r\n\r\n")
		f.Add(text)
	}
	c := soapClient(f, func(c *Config) { c.Replay = anyTime{} })
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequest(http.MethodPost, soapURL, strings.NewReader(text))
		r.Header.Set("Content-Type", "text/xml")
		got, err := c.ReceiveLogout(t.Context(), r)
		if err == nil && (got.NameID.Value != "_alice" || got.Binding != BindingSOAP) {
			t.Fatalf("%+v", got)
		}
	})
}

// anyTime is a Replay that never saw a key.
type anyTime struct{}

func (anyTime) First(context.Context, string, time.Time) (bool, error) { return true, nil }
