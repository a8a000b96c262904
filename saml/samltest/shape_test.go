package samltest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// Each fact is false of a usual response and true of one in that shape, whose signatures are good.
func TestShapesOfResponses(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &samltest.Server{Realm: clock.realm(), Apps: []samltest.App{{Sign: samltest.SignBoth}}})
	text := func() string {
		callback, err := j.idp.Login(t.Context(), j.ssoURL(j.ask(toACS, "")), "")
		require.NoError(t, err)
		octets, err := base64.StdEncoding.DecodeString(parameters(t, callback).Get("SAMLResponse"))
		require.NoError(t, err)
		return string(octets)
	}
	for fault, facts := range map[idptest.Fault][]string{
		samltest.Blanks: {
			`Destination="  ` + acsURL + ` "`, `Recipient="  ` + acsURL + ` "`, `InResponseTo="  _request "`, `IssueInstant="  2026-01-02T03:04:05.000Z "`,
			"<saml:Audience>\n          " + spEntity + "\n        </saml:Audience>", `Value="  urn:`, `Method="  urn:`,
		},
		samltest.NoZone:     {`IssueInstant="2026-01-02T03:04:05.000"`, `NotOnOrAfter="2026-01-02T04:04:05.000"`, `AuthnInstant="2026-01-02T03:04:05.000"`},
		samltest.ZeroOffset: {`IssueInstant="2026-01-02T03:04:05.000+00:00"`, `NotBefore="2026-01-02T03:04:05.000+00:00"`},
		samltest.Offset:     {`IssueInstant="2026-01-02T11:04:05.000+08:00"`, `NotOnOrAfter="2026-01-02T12:04:05.000+08:00"`},
		samltest.Advice:     {"</saml:Conditions><saml:Advice><saml:Assertion ", ">mallory</saml:NameID>"},
		samltest.DigitIDs:   {`<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="7`, `XMLSchema" ID="7`, `URI="#7`},
	} {
		j.idp.Break()
		usual := text()
		j.idp.Break(fault)
		shaped := text()
		for _, fact := range facts {
			assert.NotContains(t, usual, fact, fault)
			assert.Contains(t, shaped, fact, fault)
		}
		_, err := j.judge(shaped, "Response")
		assert.NoError(t, err, fault)
		assert.Equal(t, map[bool]int{true: 3, false: 2}[fault == samltest.Advice], strings.Count(shaped, "<ds:Signature "), fault)
	}
	j.idp.Break(samltest.SilentRefusal)
	assert.Equal(t, "_request", j.sso(toACS, "").InResponseTo, "a yes says what it answers")
	refusal := j.sso(toACS+` ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:PAOS"`, "")
	assert.Equal(t, "Responder UnsupportedBinding", refusal.status())
	assert.NotContains(t, refusal.text, "InResponseTo")
}

// A client of package saml takes each shape: some by an option, which the refusal names. What it reads is always the same.
func TestClientReadsEveryShape(t *testing.T) {
	t.Parallel()
	options := map[idptest.Fault]struct {
		name  string
		allow func(*saml.Config)
	}{
		samltest.Offset:   {"AllowTimeOffsets", func(c *saml.Config) { c.AllowTimeOffsets = true }},
		samltest.DigitIDs: {"AllowAnyIDs", func(c *saml.Config) { c.AllowAnyIDs = true }},
	}
	for _, sign := range []samltest.Signature{samltest.SignAssertion, samltest.SignResponse, samltest.SignBoth} {
		for _, binding := range []samltest.Binding{samltest.BindingRedirect, samltest.BindingPOST} {
			p := newParty(t, sign, binding)
			for _, shape := range samltest.Shapes() {
				p.idp.Break(shape)
				option, ok := options[shape]
				if ok {
					_, err := p.logIn(t, p.client(t, nil))
					require.ErrorContains(t, err, option.name, shape)
				}
				c := p.client(t, option.allow)
				a, err := p.logIn(t, c)
				require.NoError(t, err, "%s, %s", shape, sign)
				assert.Equal(t, idptest.Username, a.NameID.Value, shape)
				assert.Equal(t, []string{"alice@example.com"}, a.Values("email"), shape)
				p.logOut(t, c, a)
			}
		}
	}
}

// A refusal that does not say what it answers reads as the refusal that it is; one that says something wrong does not.
func TestClientReadsSilentRefusals(t *testing.T) {
	t.Parallel()
	p := newParty(t, samltest.SignResponse, samltest.BindingRedirect)
	c := p.client(t, nil)
	passive := func() error {
		login, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{IsPassive: true})
		require.NoError(t, err)
		browser, err := p.idp.Browser("")
		require.NoError(t, err)
		callback, err := browser.Open(t.Context(), login.URL, login.Form)
		require.NoError(t, err)
		_, err = c.CompleteLogin(t.Context(), login, callback)
		return err
	}
	require.ErrorIs(t, passive(), saml.NoPassive)
	for _, silent := range []idptest.Fault{samltest.SilentRefusal, samltest.NoInResponseTo} {
		p.idp.Break(silent)
		require.ErrorIs(t, passive(), saml.NoPassive, silent)
	}
	p.idp.Break(samltest.WrongInResponseTo)
	require.ErrorIs(t, passive(), saml.CheckInResponseTo)
	p.idp.Break(samltest.NoInResponseTo)
	_, err := p.logIn(t, c)
	require.ErrorIs(t, err, saml.CheckInResponseTo, "a yes must say it")
}

// party is a server and what its clients need.
type party struct {
	idp    *samltest.Server
	url    string
	key    *ecdsa.PrivateKey
	source saml.IDPSource
}

const sloURL = "http://localhost:3000/saml/slo"

func newParty(t *testing.T, sign samltest.Signature, binding samltest.Binding) *party {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p := &party{key: key, idp: &samltest.Server{Key: idpKey(), Apps: []samltest.App{
		{EntityID: spEntity, ACSURLs: []string{acsURL}, SLOURL: sloURL, SLOBinding: binding, Key: key.Public(), Sign: sign},
	}}}
	server := httptest.NewServer(p.idp)
	t.Cleanup(server.Close)
	p.url = server.URL
	p.source, err = metadata.NewSource(metadata.Config{URL: server.URL + "/metadata", HTTPClient: server.Client()})
	require.NoError(t, err)
	_, err = p.source.IDP(t.Context(), "") // before anything is broken
	require.NoError(t, err)
	return p
}

func (p *party) client(t *testing.T, change func(*saml.Config)) *saml.Client {
	t.Helper()
	cfg := saml.Config{EntityID: spEntity, ACSURL: acsURL, SLOURL: sloURL, IDP: p.source, Keys: []saml.Key{{Signer: p.key}}}
	if change != nil {
		change(&cfg)
	}
	c, err := saml.NewClient(cfg)
	require.NoError(t, err)
	return c
}

func (p *party) logIn(t *testing.T, c *saml.Client) (*saml.Assertion, error) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{Binding: saml.BindingPOST})
	require.NoError(t, err)
	callback, err := p.idp.LoginForm(t.Context(), login.URL, login.Form, "")
	require.NoError(t, err)
	return c.CompleteLogin(t.Context(), login, callback)
}

// logOut ends the session from the server's side: its request is read, and its answer is taken.
func (p *party) logOut(t *testing.T, c *saml.Client, a *saml.Assertion) {
	t.Helper()
	r, err := p.idp.LogoutRequest(t.Context(), "", spEntity)
	require.NoError(t, err)
	request, err := c.ReceiveLogout(t.Context(), r)
	require.NoError(t, err)
	assert.Equal(t, a.NameID.Value, request.NameID.Value)
	reply, err := c.RespondLogout(t.Context(), request, saml.Success)
	require.NoError(t, err)
	browser, err := p.idp.Browser("")
	require.NoError(t, err)
	left, err := browser.Open(t.Context(), reply.URL, reply.Form)
	require.NoError(t, err, "the server found its request again")
	require.Nil(t, left)
}
