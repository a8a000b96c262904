package saml_test

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const resolveURL = "https://idp.example/resolve?tenant=1"

// newArtifact makes an artifact of type 4 (SAML Bindings §3.6.4.2).
func newArtifact(source string, index int) string {
	sum := sha1.Sum([]byte(source))
	data := binary.BigEndian.AppendUint16([]byte{0, 4}, uint16(index))
	data = append(append(data, sum[:]...), "handle-of-20-octets!"...)
	return base64.StdEncoding.EncodeToString(data)
}

// resolution is an artifact on its way, and what the identity provider says of it. The zero value is good.
type resolution struct {
	message  message // what the artifact stands for; without a text it is signedBoth
	artifact string
	byPOST   bool
	unsigned bool       // the ArtifactResponse
	sign     *signature // nil is a good one
	before   []edit     // of the ArtifactResponse, before it is signed
	after    []edit     // of the envelope
	content  *string    // in place of the message
	status   int
	fail     error
	location string
	metadata func(*metadata.IDP)
	config   func(*saml.Config)
	login    func(*saml.Login)
	query    func(string) string
	asked    int
	resolve  string // the ArtifactResolve that was sent
}

const (
	artifactResponse = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body>` +
		`<samlp:ArtifactResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_resolved" Version="2.0" IssueInstant="2026-11-20T09:30:09Z" InResponseTo="%s">` +
		`<saml:Issuer>https://idp.example/metadata</saml:Issuer>{O}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>%s</samlp:ArtifactResponse></soap:Body></soap:Envelope>`
)

// RoundTrip is the identity provider.
func (v *resolution) RoundTrip(t testing.TB) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		v.asked++
		assert.Equal(t, http.MethodPost, r.Method)
		assert.Equal(t, "text/xml; charset=utf-8", r.Header.Get("Content-Type"))
		assert.Equal(t, `"http://www.oasis-open.org/committees/security"`, r.Header.Get("SOAPAction"))
		assert.Equal(t, v.location, r.URL.String())
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		v.resolve = string(body)
		if v.fail != nil {
			return nil, v.fail
		}
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", "text/xml")
		if v.status != 0 {
			w.WriteHeader(v.status)
		}
		_, _ = io.WriteString(w, v.reply(t))
		return w.Result(), nil
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reply answers the ArtifactResolve that came.
func (v *resolution) reply(t testing.TB) string {
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromString(v.resolve))
	content := v.message.xml(t)
	if v.content != nil {
		content = *v.content
	}
	text := fmt.Sprintf(artifactResponse, doc.FindElement("//ArtifactResolve").SelectAttrValue("ID", ""), content)
	for _, e := range v.before {
		text = e.apply(t, text)
	}
	sign := v.sign
	if sign == nil && !v.unsigned {
		sign = &signature{}
	}
	text = sign.mark(t, text, "{O}")
	for _, e := range v.after {
		text = e.apply(t, text)
	}
	return text
}

func (v *resolution) complete(t testing.TB) (*saml.Assertion, error) {
	t.Helper()
	if v.message.text == "" {
		v.message = signedBoth()
	}
	if v.artifact == "" {
		v.artifact = newArtifact(testIDP, 7)
	}
	if v.location == "" {
		v.location = resolveURL
	}
	c := client(t, func(c *saml.Config) {
		idp := idpWith(testIDP, key(t, "idp").Public())
		idp.ArtifactResolution = []metadata.IndexedEndpoint{{Index: 0, Location: "https://idp.example/other"}, {Index: 7, Location: v.location}}
		if v.metadata != nil {
			v.metadata(idp)
		}
		c.IDP = idps{testIDP: idp, otherIDP: idpWith(otherIDP, key(t, "other").Public())}
		c.AcceptArtifacts, c.HTTPClient, c.Replay = true, &http.Client{Transport: v.RoundTrip(t)}, saml.NewReplay(10)
	}, v.config)
	l := pending()
	if v.login != nil {
		v.login(l)
	}
	query := url.Values{"SAMLart": {v.artifact}, "RelayState": {loginKey}}.Encode()
	if v.query != nil {
		query = v.query(query)
	}
	again := func() *http.Request {
		if v.byPOST {
			r := httptest.NewRequest(http.MethodPost, testACS, strings.NewReader(query))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		}
		return httptest.NewRequest(http.MethodGet, testACS+"?"+query, nil)
	}
	if v.query == nil {
		assert.Equal(t, loginKey, saml.LoginKey(again()))
	}
	a, err := c.CompleteLogin(context.Background(), l, again())
	if err == nil {
		_, twice := c.CompleteLogin(context.Background(), l, again())
		require.ErrorIs(t, twice, saml.CheckReplay, "also of a server that gives a message twice")
		assert.Equal(t, 2, v.asked, "each time the server is asked once")
	}
	return a, err
}

func TestArtifact(t *testing.T) {
	t.Parallel()
	sp := key(t, "sp")
	for _, byPOST := range []bool{false, true} {
		for name, m := range map[string]message{"both": signedBoth(), "assertion": signedAssertion(), "response": signedResponse()} {
			for _, unsigned := range []bool{false, true} {
				v := &resolution{message: m, byPOST: byPOST, unsigned: unsigned}
				a, err := v.complete(t)
				require.NoError(t, err, name)
				assert.Equal(t, testIDP, a.Issuer)
				assert.Equal(t, "alice@example.com", a.NameID.Value)

				doc := etree.NewDocument()
				require.NoError(t, doc.ReadFromString(v.resolve))
				e := doc.FindElement("./Envelope/Body/ArtifactResolve")
				require.NotNil(t, e)
				assert.Equal(t, resolveURL, e.SelectAttrValue("Destination", ""))
				assert.Equal(t, testSP, e.FindElement("./Issuer").Text())
				assert.Equal(t, v.artifact, e.FindElement("./Artifact").Text())
				_, err = foreign(t, e, sp)
				require.NoError(t, err, "it is signed")
			}
		}
	}
}

// Each row is refused, and its twin differs in one fact. The good resolution is the twin of those that have none.
func TestSAML57Artifacts(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	good := newArtifact(testIDP, 7)
	two := signedBoth().xml(t) + "<x/>"
	for name, row := range map[string]struct {
		refused resolution
		check   saml.Check
		twin    *resolution
		asked   int
	}{
		"of another source":      {resolution{artifact: newArtifact(otherIDP, 7)}, saml.CheckArtifact, nil, 0},
		"of an unknown endpoint": {resolution{artifact: newArtifact(testIDP, 8)}, saml.CheckArtifact, nil, 0},
		"of another type":        {resolution{artifact: "AAU" + good[3:]}, saml.CheckArtifact, nil, 0},
		"short":                  {resolution{artifact: good[:56]}, saml.CheckArtifact, nil, 0},
		"long":                   {resolution{artifact: good + "AAAA"}, saml.CheckArtifact, nil, 0},
		"with bits at its end":   {resolution{artifact: good[:58] + "F="}, saml.CheckArtifact, nil, 0},
		"with a line end":        {resolution{artifact: good[:20] + "\n" + good[20:]}, saml.CheckArtifact, nil, 0},
		"empty":                  {resolution{query: func(string) string { return "SAMLart=&RelayState=" + loginKey }}, saml.CheckArtifact, nil, 0},
		"an escape cut short":    {resolution{query: func(string) string { return "SAMLart=%4&RelayState=" + loginKey }}, saml.CheckMalformed, nil, 0},
		"not accepted":           {resolution{config: func(c *saml.Config) { c.AcceptArtifacts = false }}, saml.CheckArtifact, nil, 0},
		"of another login":       {resolution{query: func(s string) string { return strings.Replace(s, loginKey, "other", 1) }}, saml.CheckRelayState, nil, 0},
		"twice":                  {resolution{query: func(s string) string { return s + "&" + s }}, saml.CheckRepeated, nil, 0},
		"beside a response":      {resolution{query: func(s string) string { return s + "&SAMLResponse=PA" }}, saml.CheckRepeated, nil, 0},
		"beside one in a form":   {resolution{byPOST: true, query: func(s string) string { return s + "&SAMLResponse=PA" }}, saml.CheckRepeated, nil, 0},
		"a login of another IDP": {resolution{login: func(l *saml.Login) { l.IDP = otherIDP }}, saml.CheckArtifact, nil, 0},

		"another issuer":           {resolution{before: []edit{{`<saml:Issuer>https://idp.example/metadata</saml:Issuer>{O}`, `<saml:Issuer>https://other.example/metadata</saml:Issuer>{O}`}}}, saml.CheckIssuer, nil, 1},
		"no issuer":                {resolution{unsigned: true, before: []edit{{`<saml:Issuer>https://idp.example/metadata</saml:Issuer>{O}`, `{O}`}}}, saml.CheckIssuer, &resolution{unsigned: true}, 1},
		"another InResponseTo":     {resolution{before: []edit{{`Z" InResponseTo="_`, `Z" InResponseTo="_x`}}}, saml.CheckInResponseTo, nil, 1},
		"in the future":            {resolution{before: []edit{{`IssueInstant="2026-11-20T09:30:09Z"`, `IssueInstant="2026-11-20T09:31:11Z"`}}}, saml.CheckTime, &resolution{before: []edit{{`IssueInstant="2026-11-20T09:30:09Z"`, `IssueInstant="2026-11-20T09:31:10Z"`}}}, 1},
		"signed by another":        {resolution{sign: &signature{key: "other"}}, saml.CheckSignature, nil, 1},
		"changed":                  {resolution{after: []edit{{`T09:30:09Z"`, `T09:30:08Z"`}}}, saml.CheckSignature, &resolution{unsigned: true, after: []edit{{`T09:30:09Z"`, `T09:30:08Z"`}}}, 1},
		"unsigned over http":       {resolution{unsigned: true, location: "http://127.0.0.1:9/resolve"}, saml.CheckSignature, &resolution{location: "http://127.0.0.1:9/resolve"}, 1},
		"no message":               {resolution{content: text("")}, saml.CheckArtifact, nil, 1},
		"a status":                 {resolution{content: text(""), before: []edit{{`status:Success"/></samlp:Status></samlp:ArtifactResponse`, `status:Requester"/></samlp:Status></samlp:ArtifactResponse`}}}, saml.CheckArtifact, nil, 1},
		"a status and a message":   {resolution{unsigned: true, before: []edit{{`status:Success"/></samlp:Status><samlp:Response`, `status:Requester"/></samlp:Status><samlp:Response`}}}, saml.CheckArtifact, &resolution{unsigned: true}, 1},
		"two messages":             {resolution{content: &two}, saml.CheckArtifact, nil, 1},
		"a message before it":      {resolution{unsigned: true, before: []edit{{`status:Success"/></samlp:Status><samlp:Response`, `status:Success"/></samlp:Status><x/><samlp:Response`}}}, saml.CheckArtifact, &resolution{unsigned: true, before: []edit{{`status:Success"/></samlp:Status><samlp:Response`, `status:Success"/></samlp:Status><samlp:Extensions/><samlp:Response`}}}, 1},
		"text beside the message":  {resolution{unsigned: true, before: []edit{{`status:Success"/></samlp:Status><samlp:Response`, `status:Success"/></samlp:Status>x<samlp:Response`}}}, saml.CheckRoot, &resolution{unsigned: true, before: []edit{{`status:Success"/></samlp:Status><samlp:Response`, "status:Success\"/></samlp:Status>\n<samlp:Response"}}}, 1},
		"a logout":                 {resolution{content: text(`<samlp:LogoutResponse/>`)}, saml.CheckRoot, nil, 1},
		"an inner signature alone": {resolution{message: message{text: plain}}, saml.CheckSignature, nil, 1},
		"the answer to another":    {resolution{login: func(l *saml.Login) { l.RequestID = "_other" }}, saml.CheckInResponseTo, nil, 1},
		"changed inside":           {resolution{unsigned: true, after: []edit{{">alice@", ">mallory@"}}}, saml.CheckSignature, nil, 1},
		"of another's key inside":  {resolution{message: message{text: plain, signR: &signature{key: "other"}, signA: &signature{key: "other"}}}, saml.CheckSignature, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := row.refused.complete(t)
			require.ErrorIs(t, err, row.check)
			var invalid *saml.InvalidError
			require.ErrorAs(t, err, &invalid)
			assert.Equal(t, row.check, invalid.Check, "%v", err)
			assert.Nil(t, a)
			assert.Equal(t, row.asked, row.refused.asked)
			assert.NotContains(t, err.Error(), good)
			if row.twin != nil {
				_, err := row.twin.complete(t)
				require.NoError(t, err)
			}
		})
	}
}

// What the server fails to say is an outage. An artifact is sent once, also then.
func TestArtifactOutages(t *testing.T) {
	t.Parallel()
	down := errors.New("connection refused")
	for name, v := range map[string]*resolution{
		"no connection":         {fail: down},
		"an error":              {status: http.StatusInternalServerError},
		"not allowed":           {status: http.StatusForbidden},
		"a redirect":            {status: http.StatusFound},
		"not XML":               {after: []edit{{"</soap:Envelope>", ""}}},
		"a doctype":             {after: []edit{{`<soap:Envelope xmlns`, `<!DOCTYPE x><soap:Envelope xmlns`}}},
		"no ArtifactResponse":   {content: new(string), before: []edit{{"<samlp:ArtifactResponse", "<samlp:Response"}, {"</samlp:ArtifactResponse", "</samlp:Response"}}},
		"no envelope":           {after: []edit{{"<soap:Envelope", "<soap:Letter"}, {"</soap:Envelope", "</soap:Letter"}}},
		"two messages":          {after: []edit{{"</soap:Body>", "<x/></soap:Body>"}}},
		"text in the Body":      {after: []edit{{"</soap:Body>", "x</soap:Body>"}}},
		"an element after it":   {after: []edit{{"</soap:Body>", "</soap:Body><x/>"}}},
		"a header that must be": {after: []edit{{"<soap:Header/>", `<soap:Header><x soap:mustUnderstand="1"/></soap:Header>`}}},
	} {
		_, err := v.complete(t)
		var failed *saml.ResolveError
		require.ErrorAs(t, err, &failed, name)
		assert.Equal(t, testIDP, failed.EntityID)
		assert.Equal(t, "https://idp.example/resolve", failed.URL)
		assert.Equal(t, 1, v.asked)
		assert.NotContains(t, err.Error(), v.artifact)
	}
	fault := "<soap:Fault><faultcode>soap:Server</faultcode></soap:Fault>"
	v := &resolution{unsigned: true, before: []edit{{"<soap:Body>", "<soap:Body>" + fault + "<!---->"}}}
	v.after = []edit{{"<!---->", "<!--"}, {"</soap:Body>", "--></soap:Body>"}}
	v.config = func(c *saml.Config) { c.AllowComments = true }
	_, err := v.complete(t)
	require.ErrorContains(t, err, "SOAP Fault")

	v = &resolution{metadata: func(p *metadata.IDP) { p.ArtifactResolution = nil }}
	_, err = v.complete(t)
	require.ErrorIs(t, err, metadata.CheckEndpoint)
	assert.Zero(t, v.asked)
	v = &resolution{after: []edit{{"<soap:Header/>", `<soap:Header><x soap:mustUnderstand="0"/></soap:Header>`}}}
	_, err = v.complete(t)
	require.NoError(t, err, "the twin of a header that must be understood")
	assert.Equal(t, `saml: the artifact cannot be resolved by "" at : x`, (&saml.ResolveError{Err: errors.New("x")}).Error())
}

// Without a login no artifact is taken, whatever the options.
func TestArtifactWithoutALogin(t *testing.T) {
	t.Parallel()
	for _, allow := range []bool{false, true} {
		c := client(t, func(c *saml.Config) { c.AcceptArtifacts, c.AllowUnsolicited = true, allow })
		r := httptest.NewRequest(http.MethodGet, testACS+"?"+url.Values{"SAMLart": {newArtifact(testIDP, 7)}}.Encode(), nil)
		_, err := c.CompleteLogin(t.Context(), nil, r)
		require.ErrorIs(t, err, saml.CheckUnsolicited)
	}
}

// A login that ended while the server was asked is not completed.
func TestArtifactThatTakesTooLong(t *testing.T) {
	t.Parallel()
	now := clock
	v := &resolution{config: func(c *saml.Config) {
		c.Now = func() time.Time { return now }
		inner := c.HTTPClient.Transport
		c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			now = now.Add(2 * time.Hour)
			return inner.RoundTrip(r)
		})}
	}}
	_, err := v.complete(t)
	require.ErrorIs(t, err, saml.CheckExpired)
}

func TestAskingForAnArtifact(t *testing.T) {
	t.Parallel()
	c := client(t, func(c *saml.Config) {
		c.AcceptArtifacts, c.MoreACSURLs = true, []string{testACS + "2"}
	})
	ask := func(o saml.AuthorizeOptions) *etree.Element {
		o.Binding = saml.BindingPOST
		login, err := c.BeginLogin(t.Context(), o)
		require.NoError(t, err)
		data, err := base64.StdEncoding.DecodeString(login.Form.Get("SAMLRequest"))
		require.NoError(t, err)
		return tree(t, string(data)).Root()
	}
	post := "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	assert.Equal(t, post, ask(saml.AuthorizeOptions{}).SelectAttrValue("ProtocolBinding", ""))
	e := ask(saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
	assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact", e.SelectAttrValue("ProtocolBinding", ""))
	e = ask(saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact, SendACSIndex: true, ACSURL: testACS + "2"})
	assert.Equal(t, "3", e.SelectAttrValue("AssertionConsumerServiceIndex", ""))
	doc, err := c.Metadata(t.Context(), saml.MetadataDocOptions{})
	require.NoError(t, err)
	assert.Contains(t, string(doc), `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact" Location="`+testACS+`2" index="3"/></md:SPSSODescriptor>`)

	_, err = c.BeginLogin(t.Context(), saml.AuthorizeOptions{ResponseBinding: saml.BindingSOAP})
	require.ErrorContains(t, err, "ResponseBinding")
	_, err = client(t).BeginLogin(t.Context(), saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
	require.ErrorContains(t, err, "AcceptArtifacts")
	_, err = saml.NewClient(config(t, func(c *saml.Config) { c.AcceptArtifacts, c.Keys = true, nil }))
	require.ErrorContains(t, err, "AcceptArtifacts needs one of Keys with a Signer")
}

// An answer that was never read whole is neither an envelope nor a secret.
func FuzzArtifactResponse(f *testing.F) {
	v := &resolution{message: signedBoth(), resolve: `<x><ArtifactResolve ID="_1"/></x>`}
	f.Add(v.reply(f))
	v.unsigned = true
	f.Add(v.reply(f))
	f.Fuzz(func(t *testing.T, reply string) {
		idp := idpWith(testIDP, key(t, "idp").Public())
		idp.ArtifactResolution = []metadata.IndexedEndpoint{{Index: 7, Location: resolveURL}}
		c := client(t, func(c *saml.Config) {
			c.IDP, c.AcceptArtifacts = idps{testIDP: idp}, true
			c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				sent, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				_, id, _ := strings.Cut(string(sent), ` ID="`)
				id, _, _ = strings.Cut(id, `"`)
				w := httptest.NewRecorder()
				_, _ = io.WriteString(w, strings.Replace(reply, `InResponseTo="_1"`, `InResponseTo="`+id+`"`, 1))
				return w.Result(), nil
			})}
		})
		r := httptest.NewRequest(http.MethodGet, testACS+"?"+url.Values{"SAMLart": {newArtifact(testIDP, 7)}, "RelayState": {loginKey}}.Encode(), nil)
		a, err := c.CompleteLogin(t.Context(), pending(), r)
		if err == nil {
			assert.Equal(t, "alice@example.com", a.NameID.Value)
			_, err := xmlgate.Parse(reply, xmlgate.Options{MaxBytes: len(reply)})
			assert.NoError(t, err)
		}
	})
}
