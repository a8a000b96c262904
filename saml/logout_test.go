package saml

import (
	"compress/flate"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"io"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// sent is a message of ours as a server reads it that shares no code with this package.
type sent struct {
	location, relayState string
	doc                  *etree.Element
	signed               bool
}

// openQuery reads an address and verifies its signature over the octets as they were sent.
func openQuery(t testing.TB, address, name string, public crypto.PublicKey) sent {
	t.Helper()
	location, query, found := strings.Cut(address, name+"=")
	require.True(t, found, address)
	query = name + "=" + query
	values, err := url.ParseQuery(query)
	require.NoError(t, err)
	data, err := base64.StdEncoding.DecodeString(values.Get(name))
	require.NoError(t, err)
	text, err := io.ReadAll(flate.NewReader(strings.NewReader(string(data))))
	require.NoError(t, err)
	s := sent{location: location, relayState: values.Get("RelayState"), doc: parse(t, string(text))}
	octets, _, signed := strings.Cut(query, "&Signature=")
	if s.signed = signed; !signed {
		assert.NotContains(t, query, "SigAlg=")
		return s
	}
	signature, err := base64.StdEncoding.DecodeString(values.Get("Signature"))
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(octets))
	switch key := public.(type) {
	case *rsa.PublicKey:
		assert.Equal(t, algRSA256, values.Get("SigAlg"))
		require.NoError(t, rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature))
	case *ecdsa.PublicKey:
		assert.Equal(t, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", values.Get("SigAlg"))
		require.Len(t, signature, 64)
		require.True(t, ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])))
	}
	order := "SigAlg"
	if s.relayState != "" {
		order = "RelayState&SigAlg"
	}
	var names []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		names = append(names, name)
	}
	assert.Equal(t, name+"&"+order+"&Signature", strings.Join(names, "&"))
	return s
}

func parse(t testing.TB, text string) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromString(text))
	return doc.Root()
}

// openForm reads a form and verifies its signature by goxmldsig.
func openForm(t testing.TB, form url.Values, name string, certificate []byte) sent {
	t.Helper()
	require.Len(t, form[name], 1)
	data, err := base64.StdEncoding.DecodeString(form.Get(name))
	require.NoError(t, err)
	s := sent{relayState: form.Get("RelayState"), doc: parse(t, string(data))}
	if s.signed = s.doc.SelectElement("Signature") != nil; !s.signed {
		return s
	}
	cert, err := x509.ParseCertificate(certificate)
	require.NoError(t, err)
	ctx := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
	ctx.Clock = dsig.NewFakeClockAt(sloNow)
	children := s.doc.ChildElements()
	assert.Equal(t, "Issuer", children[0].Tag)
	assert.Equal(t, "Signature", children[1].Tag)
	s.doc, err = ctx.Validate(s.doc)
	require.NoError(t, err)
	return s
}

func selfSigned(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: sloNow.Add(-time.Hour), NotAfter: sloNow.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	return der
}

// alice has all that a name may have, and what must be escaped.
var alice = NameID{Value: `al&ice <"'> ü`, Format: NameIDPersistent, NameQualifier: sloIDP, SPNameQualifier: "https://sp.example/metadata?a&b", SPProvidedID: "x\"y"}

func checkSentRequest(t testing.TB, root *etree.Element, id, destination string) {
	t.Helper()
	assert.Equal(t, "LogoutRequest", root.Tag)
	assert.Equal(t, nsProtocol, root.NamespaceURI())
	for name, want := range map[string]string{
		"Version": "2.0", "IssueInstant": "2026-11-20T09:30:10Z", "Destination": destination, "NotOnOrAfter": "2026-11-20T09:35:10Z",
		"Reason": "urn:oasis:names:tc:SAML:2.0:logout:user",
	} {
		assert.Equal(t, want, root.SelectAttrValue(name, ""), name)
	}
	if id != "" {
		assert.Equal(t, id, root.SelectAttrValue("ID", ""))
	}
	var names []string
	for _, e := range root.ChildElements() {
		names = append(names, e.Tag)
	}
	assert.Equal(t, "Issuer NameID SessionIndex SessionIndex", strings.Join(names, " "))
	issuer, name := root.ChildElements()[0], root.ChildElements()[1]
	assert.Equal(t, nsAssertion, issuer.NamespaceURI())
	assert.Equal(t, "https://sp.example/metadata", issuer.Text())
	assert.Equal(t, nsAssertion, name.NamespaceURI())
	assert.Equal(t, alice, NameID{
		Value: name.Text(), Format: name.SelectAttrValue("Format", ""), NameQualifier: name.SelectAttrValue("NameQualifier", ""),
		SPNameQualifier: name.SelectAttrValue("SPNameQualifier", ""), SPProvidedID: name.SelectAttrValue("SPProvidedID", ""),
	})
	indexes := root.SelectElements("SessionIndex")
	assert.Equal(t, nsProtocol, indexes[0].NamespaceURI())
	assert.Equal(t, "_s1", indexes[0].Text())
	assert.Equal(t, "_s<2", indexes[1].Text())
}

func options(change ...func(*LogoutOptions)) LogoutOptions {
	o := LogoutOptions{IDP: sloIDP, NameID: alice, SessionIndexes: []string{"_s1", "_s<2"}, Reason: "urn:oasis:names:tc:SAML:2.0:logout:user"}
	for _, f := range change {
		f(&o)
	}
	return o
}

func TestBuildLogoutUrl(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"sp", "p256"} {
		c := sloClient(t, func(c *Config) { c.Keys = []Key{{Signer: sloKeys()[key]}} })
		address, err := c.BuildLogoutUrl(t.Context(), options(func(o *LogoutOptions) { o.RelayState = "/bye?a=1 2" }))
		require.NoError(t, err)
		s := openQuery(t, address, "SAMLRequest", sloKeys()[key].Public())
		assert.True(t, s.signed)
		assert.Equal(t, "https://idp.example/slo?tenant=1&", s.location)
		assert.Equal(t, "/bye?a=1 2", s.relayState)
		checkSentRequest(t, s.doc, "", "https://idp.example/slo?tenant=1")
	}
}

func TestBeginLogout(t *testing.T) {
	t.Parallel()
	der := selfSigned(t, sloKeys()["sp"])
	c := sloClient(t, func(c *Config) { c.Keys = []Key{{Signer: sloKeys()["sp"], Certificate: der}} })
	l, err := c.BeginLogout(t.Context(), options())
	require.NoError(t, err)
	assert.Nil(t, l.Form)
	s := openQuery(t, l.URL, "SAMLRequest", sloKeys()["sp"].Public())
	assert.True(t, s.signed)
	assert.Equal(t, l.Key, s.relayState)
	checkSentRequest(t, s.doc, l.RequestID, "https://idp.example/slo?tenant=1")

	l, err = c.BeginLogout(t.Context(), options(func(o *LogoutOptions) { o.Binding = BindingPOST }))
	require.NoError(t, err)
	assert.Equal(t, "https://idp.example/slo/post", l.URL)
	s = openForm(t, l.Form, "SAMLRequest", der)
	assert.True(t, s.signed)
	assert.Equal(t, l.Key, s.relayState)
	checkSentRequest(t, s.doc, l.RequestID, l.URL)
	assert.Len(t, l.Form, 2)

	other, err := c.BeginLogout(t.Context(), options(func(o *LogoutOptions) { o.IDP = sloOther }))
	require.NoError(t, err)
	assert.NotNil(t, other.Form, "it offers POST alone")
	assert.NotEqual(t, l.Key, other.Key)
	assert.NotEqual(t, l.RequestID, other.RequestID)
	assert.GreaterOrEqual(t, len(l.Key), 26)
	assert.Equal(t, Logout{URL: other.URL, Form: other.Form, Key: other.Key, RequestID: other.RequestID, IDP: sloOther, Client: "https://sp.example/metadata", CreatedAt: sloNow}, *other)
}

// A name and a session go back as the identity provider wrote them, tabs and line ends included.
func TestBeginLogoutWhiteSpace(t *testing.T) {
	t.Parallel()
	der := selfSigned(t, sloKeys()["sp"])
	c := sloClient(t, func(c *Config) { c.Keys = []Key{{Signer: sloKeys()["sp"], Certificate: der}} })
	for _, odd := range []string{"a\tb", "a\nb", "a\r\nb", "a\rb", " a ", "\ta\n", "a\u0085\u2028b"} {
		name := NameID{Value: odd, Format: NameIDPersistent, NameQualifier: odd, SPNameQualifier: odd, SPProvidedID: odd}
		for _, binding := range []Binding{BindingRedirect, BindingPOST} {
			l, err := c.BeginLogout(t.Context(), options(func(o *LogoutOptions) { o.NameID, o.SessionIndexes, o.Binding = name, []string{odd}, binding }))
			require.NoError(t, err, "%q", odd)
			var root *etree.Element
			if binding == BindingPOST {
				root = openForm(t, l.Form, "SAMLRequest", der).doc
			} else {
				root = openQuery(t, l.URL, "SAMLRequest", sloKeys()["sp"].Public()).doc
			}
			doc := etree.NewDocumentWithRoot(root)
			doc.WriteSettings.CanonicalText, doc.WriteSettings.CanonicalAttrVal = true, true
			text, err := doc.WriteToString()
			require.NoError(t, err)
			read, err := c.gate(text)
			require.NoError(t, err)
			got, found, err := c.readName(read.Root())
			require.NoError(t, err)
			assert.True(t, found)
			assert.Equal(t, name, got, "%q by %s", odd, binding)
			sessions, err := readSessionIndexes(read.Root())
			require.NoError(t, err)
			assert.Equal(t, []string{odd}, sessions)
		}
	}
}

// The options that are refused before anything is sent, and the field that is named.
func TestLogoutOptionsThatAreWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options func(*LogoutOptions)
		config  func(*Config)
	}{
		"NameID is missing":      {options: func(o *LogoutOptions) { o.NameID = NameID{Format: NameIDEmail} }},
		"NameID has a character": {options: func(o *LogoutOptions) { o.NameID.Value = "a\x00" }},
		"NameID has a":           {options: func(o *LogoutOptions) { o.NameID.SPProvidedID = "\xff" }},
		"SessionIndexes has one": {options: func(o *LogoutOptions) { o.SessionIndexes = []string{"a", ""} }},
		"SessionIndexes has a":   {options: func(o *LogoutOptions) { o.SessionIndexes = []string{"a", "\x01"} }},
		"Reason":                 {options: func(o *LogoutOptions) { o.Reason = "\ufffe" }},
		"unknown Binding":        {options: func(o *LogoutOptions) { o.Binding = "urn:x" }},
		"SLOURL":                 {config: func(c *Config) { c.SLOURL = "" }},
	} {
		cfg := func(cfg *Config) {
			cfg.IDP = sourceFunc(func(context.Context, string) (*metadata.IDP, error) {
				t.Error("the source was asked:", name)
				return nil, metadata.CheckUnknown
			})
		}
		o := options()
		if c.options != nil {
			c.options(&o)
		}
		_, err := sloClient(t, cfg, c.config).BeginLogout(t.Context(), o)
		require.ErrorContains(t, err, name)
		require.ErrorContains(t, err, "saml: ")
		_, err = sloClient(t, cfg, c.config).BuildLogoutUrl(t.Context(), o)
		require.Error(t, err)
	}
	c := sloClient(t)
	_, err := c.BeginLogout(t.Context(), options(func(o *LogoutOptions) { o.RelayState = "a" }))
	require.ErrorContains(t, err, "RelayState")
	_, err = c.BuildLogoutUrl(t.Context(), options(func(o *LogoutOptions) { o.Binding = BindingPOST }))
	require.ErrorContains(t, err, "BeginLogout")
	_, err = c.BuildLogoutUrl(t.Context(), options(func(o *LogoutOptions) { o.IDP = sloOther }))
	require.ErrorIs(t, err, metadata.CheckEndpoint)
	_, err = c.BuildLogoutUrl(t.Context(), options(func(o *LogoutOptions) { o.IDP = "https://nobody.example" }))
	require.ErrorIs(t, err, metadata.CheckUnknown)
	require.NotErrorIs(t, err, CheckUnknownIDP, "the application named it, and no message did")
}

type sourceFunc func(ctx context.Context, entityID string) (*metadata.IDP, error)

func (f sourceFunc) IDP(ctx context.Context, entityID string) (*metadata.IDP, error) {
	return f(ctx, entityID)
}

func TestSAML52RelayStateThatIsSent(t *testing.T) {
	t.Parallel()
	for _, c := range []*Client{sloClient(t), sloClient(t, func(c *Config) { c.Keys, c.AllowUnsignedLogout = nil, true })} {
		_, err := c.BuildLogoutUrl(t.Context(), options(func(o *LogoutOptions) { o.RelayState = strings.Repeat("a", 80) }))
		require.NoError(t, err)
		_, err = c.BuildLogoutUrl(t.Context(), options(func(o *LogoutOptions) { o.RelayState = strings.Repeat("a", 81) }))
		require.ErrorContains(t, err, "RelayState")
		_, err = c.postForm(paramRequest, "<a/>", strings.Repeat("a", 81), false)
		require.ErrorContains(t, err, "RelayState")
	}
}

// Without a key, messages go unsigned only where that is allowed.
func TestUnsignedLogoutIsSent(t *testing.T) {
	t.Parallel()
	c := sloClient(t, func(c *Config) { c.Keys, c.AllowUnsignedLogout = nil, true })
	l, err := c.BeginLogout(t.Context(), options())
	require.NoError(t, err)
	assert.False(t, openQuery(t, l.URL, "SAMLRequest", nil).signed)
	l, err = c.BeginLogout(t.Context(), options(func(o *LogoutOptions) { o.Binding = BindingPOST }))
	require.NoError(t, err)
	assert.False(t, openForm(t, l.Form, "SAMLRequest", nil).signed)
	reply, err := c.RespondLogout(t.Context(), &LogoutRequest{Issuer: sloIDP, ID: "_message"}, Success)
	require.NoError(t, err)
	assert.False(t, openQuery(t, reply.URL, "SAMLResponse", nil).signed)
	// With a key they are signed, whatever is allowed.
	l, err = sloClient(t, func(c *Config) { c.AllowUnsignedLogout = true }).BeginLogout(t.Context(), options())
	require.NoError(t, err)
	assert.True(t, openQuery(t, l.URL, "SAMLRequest", sloKeys()["sp"].Public()).signed)
}

func TestRespondLogout(t *testing.T) {
	t.Parallel()
	der := selfSigned(t, sloKeys()["sp"])
	c := sloClient(t, func(c *Config) {
		c.Keys = []Key{{Signer: sloKeys()["sp"], Certificate: der}}
		c.Replay = storeFunc(func(string, time.Time) (bool, error) { return true, nil })
	})
	for status, codes := range map[StatusCode]string{
		Success:          "Success",
		PartialLogout:    "Responder PartialLogout",
		RequestDenied:    "Responder RequestDenied",
		UnknownPrincipal: "Requester UnknownPrincipal",
		Requester:        "Requester",
		Responder:        "Responder",
		VersionMismatch:  "VersionMismatch",
	} {
		for _, binding := range []Binding{BindingRedirect, BindingPOST} {
			request, err := c.ReceiveLogout(t.Context(), sloMessage{text: sloRequest, binding: binding, state: "theirs"}.http(t))
			require.NoError(t, err)
			reply, err := c.RespondLogout(t.Context(), request, status)
			require.NoError(t, err)
			var s sent
			destination := reply.URL
			if binding == BindingPOST {
				assert.Equal(t, "https://idp.example/slo/post", reply.URL)
				s = openForm(t, reply.Form, "SAMLResponse", der)
			} else {
				assert.Nil(t, reply.Form)
				s = openQuery(t, reply.URL, "SAMLResponse", sloKeys()["sp"].Public())
				destination = "https://idp.example/slo/answers"
				assert.Equal(t, destination+"?", s.location)
			}
			assert.True(t, s.signed)
			assert.Equal(t, "theirs", s.relayState)
			assert.Equal(t, "LogoutResponse", s.doc.Tag)
			assert.Equal(t, nsProtocol, s.doc.NamespaceURI())
			assert.Equal(t, request.ID, s.doc.SelectAttrValue("InResponseTo", ""))
			assert.Equal(t, destination, s.doc.SelectAttrValue("Destination", ""))
			assert.NotEmpty(t, s.doc.SelectAttrValue("ID", ""))
			var got []string
			for e := s.doc.FindElement("./Status/StatusCode"); e != nil; e = e.SelectElement("StatusCode") {
				got = append(got, strings.TrimPrefix(e.SelectAttrValue("Value", ""), "urn:oasis:names:tc:SAML:2.0:status:"))
			}
			assert.Equal(t, codes, strings.Join(got, " "))
		}
	}
}

func TestRespondLogoutThatIsWrong(t *testing.T) {
	t.Parallel()
	c := sloClient(t)
	good := &LogoutRequest{Issuer: sloIDP, ID: "_message", Binding: BindingRedirect}
	_, err := c.RespondLogout(t.Context(), good, Success)
	require.NoError(t, err)
	for _, status := range []StatusCode{"", NoPassive, "urn:x", AuthnFailed} {
		_, err = c.RespondLogout(t.Context(), good, status)
		require.ErrorContains(t, err, "not a status of a logout", status)
	}
	for _, request := range []*LogoutRequest{nil, {}, {Issuer: sloIDP}, {ID: "_message"}} {
		_, err = c.RespondLogout(t.Context(), request, Success)
		require.ErrorContains(t, err, "ReceiveLogout")
	}
	_, err = c.RespondLogout(t.Context(), &LogoutRequest{Issuer: "https://nobody.example", ID: "_message"}, Success)
	require.ErrorIs(t, err, metadata.CheckUnknown)
	require.NotErrorIs(t, err, CheckUnknownIDP, "the application named it, and no message did")
	_, err = sloClient(t, func(c *Config) { c.SLOURL = "" }).RespondLogout(t.Context(), good, Success)
	require.ErrorContains(t, err, "SLOURL")
	// An identity provider that takes answers by the other binding alone gets them there.
	reply, err := c.RespondLogout(t.Context(), &LogoutRequest{Issuer: sloOther, ID: "_message", Binding: BindingRedirect}, Success)
	require.NoError(t, err)
	assert.NotNil(t, reply.Form)
	// What came with the request goes back, even where it is longer than we would send.
	state := strings.Repeat("s", maxRelayStateIn)
	reply, err = c.RespondLogout(t.Context(), &LogoutRequest{Issuer: sloIDP, ID: "_message", RelayState: state}, Success)
	require.NoError(t, err)
	assert.Equal(t, state, openQuery(t, reply.URL, "SAMLResponse", sloKeys()["sp"].Public()).relayState)
}

// Parameters that would appear in the query twice, or outside of it, are refused.
func TestRedirectAddresses(t *testing.T) {
	t.Parallel()
	c := sloClient(t)
	for location, want := range map[string]string{
		"https://idp.example/slo":       "https://idp.example/slo?SAMLRequest=",
		"https://idp.example/slo?":      "https://idp.example/slo?SAMLRequest=",
		"https://idp.example/slo?a=b":   "https://idp.example/slo?a=b&SAMLRequest=",
		"https://idp.example/slo?a=b&":  "https://idp.example/slo?a=b&SAMLRequest=",
		"https://idp.example/slo?a=b&c": "https://idp.example/slo?a=b&c&SAMLRequest=",
	} {
		address, err := c.redirectURL(&metadata.IDP{}, location, paramRequest, []byte("<a/>"), "", true, url.Values{"hint": {"x&y", "z"}})
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(address, want), address)
		assert.True(t, strings.HasSuffix(address, "&hint=x%26y&hint=z"), address)
		openQuery(t, strings.TrimSuffix(address, "&hint=x%26y&hint=z"), "SAMLRequest", sloKeys()["sp"].Public())
		_, err = url.Parse(address)
		require.NoError(t, err)
	}
	for name, location := range map[string]string{
		"fragment": "https://idp.example/slo#a", "SAMLRequest": "https://idp.example/slo?SAMLRequest=a", "SigAlg": "https://idp.example/slo?Sig%41lg=a",
		"already": "https://idp.example/slo?hint=a", "cannot be read": "https://idp.example/slo?%zz",
	} {
		_, err := c.redirectURL(&metadata.IDP{}, location, paramRequest, []byte("<a/>"), "", true, url.Values{"hint": {"x"}})
		require.ErrorContains(t, err, name)
	}
	for _, name := range []string{"SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding"} {
		_, err := c.redirectURL(&metadata.IDP{}, "https://idp.example/slo", paramRequest, []byte("<a/>"), "", true, url.Values{name: {"x"}})
		require.ErrorContains(t, err, name)
	}
	_, err := sloClient(t, func(c *Config) { c.Keys, c.SLOURL = nil, "" }).redirectURL(&metadata.IDP{}, "https://idp.example/slo", paramRequest, []byte("<a/>"), "", true, nil)
	require.ErrorContains(t, err, "Keys")
}

// Both sides of this package agree, also where the other side is this package.
func TestLogoutRoundTrip(t *testing.T) {
	t.Parallel()
	idp := sloClient(t, func(c *Config) {
		c.EntityID, c.SLOURL, c.Keys = sloIDP, "https://idp.example/slo", []Key{{Signer: sloKeys()["idp"]}}
		c.IDP = metadata.NewList(&metadata.IDP{EntityID: "https://sp.example/metadata", Keys: sloPublic("sp"), SLO: []metadata.Endpoint{{Binding: BindingRedirect, Location: sloURL}, {Binding: BindingPOST, Location: sloURL}}})
	})
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		source := sourceFunc(func(context.Context, string) (*metadata.IDP, error) {
			return &metadata.IDP{EntityID: sloIDP, Keys: sloPublic("idp"), SLO: []metadata.Endpoint{{Binding: binding, Location: "https://idp.example/slo"}}}, nil
		})
		sp := sloClient(t, func(c *Config) { c.IDP = source })
		name := alice
		name.SPNameQualifier = sloIDP
		l, err := sp.BeginLogout(t.Context(), options(func(o *LogoutOptions) { o.NameID = name }))
		require.NoError(t, err)
		r := get(strings.TrimPrefix(l.URL, "https://idp.example/slo?"))
		if l.Form != nil {
			r = post(l.Form.Encode())
		}
		request, err := idp.ReceiveLogout(t.Context(), r)
		require.NoError(t, err)
		assert.Equal(t, name, request.NameID)
		assert.Equal(t, []string{"_s1", "_s<2"}, request.SessionIndexes)
		reply, err := idp.RespondLogout(t.Context(), request, PartialLogout)
		require.NoError(t, err)
		r = get(strings.TrimPrefix(reply.URL, sloURL+"?"))
		if reply.Form != nil {
			r = post(reply.Form.Encode())
		}
		assert.Equal(t, l.Key, LogoutKey(r))
		require.ErrorIs(t, sp.CompleteLogout(t.Context(), l, r), PartialLogout)
	}
}

// What deflates a message is used again, and nothing of the message before is in the next.
func TestDeflatersAreUsedAgain(t *testing.T) {
	c := sloClient(t)
	messages := []string{sloRequest, "<a/>", sloResponse, "", sloRequest}
	for range 3 {
		for _, text := range messages {
			data, err := c.deflate([]byte(text))
			require.NoError(t, err)
			got, err := io.ReadAll(flate.NewReader(strings.NewReader(string(data))))
			require.NoError(t, err)
			assert.Equal(t, text, string(got))
		}
	}
	assert.LessOrEqual(t, testing.AllocsPerRun(20, func() { _, _ = c.deflate([]byte(sloRequest)) }), 20.0)
}

// A source of the application's own may forget an address: no browser is sent to an empty one.
func TestEndpointWithoutAddress(t *testing.T) {
	t.Parallel()
	for location, ok := range map[string]bool{"https://idp.example/slo": true, "": false} {
		c := sloClient(t, func(c *Config) {
			c.IDP = sourceFunc(func(context.Context, string) (*metadata.IDP, error) {
				return &metadata.IDP{EntityID: sloIDP, Keys: sloPublic("idp"), SLO: []metadata.Endpoint{{Binding: BindingRedirect, Location: location}}}, nil
			})
		})
		_, err := c.BuildLogoutUrl(t.Context(), options())
		if ok {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, metadata.CheckEndpoint)
		}
	}
}

// An identity provider without single logout: the error says whose logouts, and the login is not touched.
func TestLogoutsOfAProviderThatHasNone(t *testing.T) {
	t.Parallel()
	c := sloClient(t, func(c *Config) { c.IDP = metadata.NewList(&metadata.IDP{EntityID: sloIDP, Keys: sloPublic("idp")}) })
	want := `saml: metadata (endpoint) of "` + sloIDP + `": there is no endpoint for logouts by redirect or POST (BindingRedirect, BindingPOST)`
	_, err := c.BeginLogout(t.Context(), options())
	require.EqualError(t, err, want)
	require.ErrorIs(t, err, metadata.CheckEndpoint)
	_, err = c.RespondLogout(t.Context(), &LogoutRequest{Issuer: sloIDP, ID: "_request", Binding: BindingPOST}, Success)
	require.EqualError(t, err, want)
	_, err = sloClient(t).BeginLogout(t.Context(), options())
	require.NoError(t, err)
}
