package saml_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// sent returns the message in an address.
func sent(t testing.TB, address string) (message string, query url.Values) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	query = u.Query()
	data, err := base64.StdEncoding.DecodeString(query.Get("SAMLRequest"))
	require.NoError(t, err)
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(data)))
	require.NoError(t, err)
	return string(text), query
}

func signing(c *saml.Config) { c.Keys = []saml.Key{{Signer: spKey()}} }

func demanding(c *saml.Config) {
	p := provider()
	p.WantAuthnRequestsSigned = true
	c.IDP = metadata.NewList(p)
}

func withIDP(change func(*metadata.IDP)) func(*saml.Config) {
	return func(c *saml.Config) {
		p := provider()
		change(p)
		c.IDP = metadata.NewList(p)
	}
}

func TestAuthnRequest(t *testing.T) {
	t.Parallel()
	none := 0
	for name, row := range map[string]struct {
		o          saml.AuthorizeOptions
		attrs, end string
	}{
		"plain": {
			saml.AuthorizeOptions{},
			`AssertionConsumerServiceURL="https://app.example/saml/acs" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"`, ``,
		},
		"everything": {
			saml.AuthorizeOptions{
				IDP: idpID, ACSURL: acs2, ForceAuthn: true, IsPassive: true,
				NameIDPolicy:          &saml.NameIDPolicy{Format: saml.NameIDPersistent, SPNameQualifier: `<&">`, AllowCreate: true},
				RequestedAuthnContext: &saml.RequestedAuthnContext{Comparison: "minimum", Classes: []string{"a", "b<"}, Accept: []string{"c"}},
				Scoping:               &saml.Scoping{ProxyCount: &none, IDPs: []string{"https://other.example/"}, RequesterIDs: []string{"r&d"}},
			},
			`ForceAuthn="true" IsPassive="true" AssertionConsumerServiceURL="https://app.example/saml/acs2" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"`,
			`<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" SPNameQualifier="&lt;&amp;&quot;&gt;" AllowCreate="true"/>` +
				`<samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>a</saml:AuthnContextClassRef><saml:AuthnContextClassRef>b&lt;</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>` +
				`<samlp:Scoping ProxyCount="0"><samlp:IDPList><samlp:IDPEntry ProviderID="https://other.example/"/></samlp:IDPList><samlp:RequesterID>r&amp;d</samlp:RequesterID></samlp:Scoping>`,
		},
		"index":          {saml.AuthorizeOptions{SendACSIndex: true}, `AssertionConsumerServiceIndex="0"`, ``},
		"second index":   {saml.AuthorizeOptions{SendACSIndex: true, ACSURL: acs2}, `AssertionConsumerServiceIndex="1"`, ``},
		"empty elements": {saml.AuthorizeOptions{SendACSIndex: true, NameIDPolicy: &saml.NameIDPolicy{}, Scoping: &saml.Scoping{}}, `AssertionConsumerServiceIndex="0"`, `<samlp:NameIDPolicy/><samlp:Scoping/>`},
		"no age at all":  {saml.AuthorizeOptions{SendACSIndex: true, MaxAge: time.Second - 1}, `ForceAuthn="true" AssertionConsumerServiceIndex="0"`, ``},
		"some age":       {saml.AuthorizeOptions{SendACSIndex: true, MaxAge: time.Second}, `AssertionConsumerServiceIndex="0"`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			login := begin(t, sp(t), row.o)
			got, query := sent(t, login.URL)
			assert.Nil(t, login.Form)
			assert.Equal(t, login.Key, query.Get("RelayState"))
			assert.Equal(t, `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="`+login.RequestID+
				`" Version="2.0" IssueInstant="2026-11-20T12:00:00Z" Destination="https://idp.example/sso" `+row.attrs+`><saml:Issuer>https://app.example/saml</saml:Issuer>`+row.end+`</samlp:AuthnRequest>`, got)
		})
	}
}

func TestBeginLoginKeepsWhatIsCheckedLater(t *testing.T) {
	t.Parallel()
	c := sp(t, func(c *saml.Config) { c.Now = func() time.Time { return noon.Add(time.Millisecond) } })
	o := saml.AuthorizeOptions{
		ACSURL: acs2, MaxAge: 90*time.Second + 1, Extra: url.Values{"login_hint": {"ada"}},
		RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{"a"}},
	}
	login := begin(t, c, o)
	other := begin(t, c, o)
	assert.NotEqual(t, login.Key, other.Key)
	assert.NotEqual(t, login.RequestID, other.RequestID)
	assert.GreaterOrEqual(t, len(login.Key), 26)
	age := int64(90)
	assert.Equal(t, &saml.Login{
		URL: login.URL, Key: login.Key, RequestID: login.RequestID, IDP: idpID, Client: spID, ACSURL: acs2,
		MaxAge: &age, Contexts: []string{"a"}, CreatedAt: noon,
	}, login)
	_, query := sent(t, login.URL)
	assert.Equal(t, "ada", query.Get("login_hint"))

	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var back saml.Login
	require.NoError(t, json.Unmarshal(stored, &back))
	assert.Equal(t, *login, back)
	assert.Error(t, json.Unmarshal([]byte(strings.Replace(string(stored), `"max_age":90,`, "", 1)), &back))

	o.RequestedAuthnContext.Accept = []string{"b", "c"}
	assert.Equal(t, []string{"b", "c"}, begin(t, c, o).Contexts)
}

func TestBindingOfTheRequest(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		binding  saml.Binding
		idp      func(*metadata.IDP)
		location string
		posted   bool
	}{
		"redirect first": {"", func(*metadata.IDP) {}, "https://idp.example/sso?SAMLRequest=", false},
		"asked redirect": {saml.BindingRedirect, func(*metadata.IDP) {}, "https://idp.example/sso?SAMLRequest=", false},
		"asked POST":     {saml.BindingPOST, func(*metadata.IDP) {}, "https://idp.example/sso/post?tenant=1&login_hint=ada", true},
		"only POST":      {"", func(p *metadata.IDP) { p.SSO = p.SSO[:1] }, "https://idp.example/sso/post?tenant=1&login_hint=ada", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := sp(t, withIDP(row.idp))
			login := begin(t, c, saml.AuthorizeOptions{Binding: row.binding, Extra: url.Values{"login_hint": {"ada"}}})
			assert.True(t, strings.HasPrefix(login.URL, row.location), login.URL)
			require.Equal(t, row.posted, login.Form != nil)
			if !row.posted {
				return
			}
			assert.Equal(t, login.Key, login.Form.Get("RelayState"))
			message, err := base64.StdEncoding.DecodeString(login.Form.Get("SAMLRequest"))
			require.NoError(t, err)
			assert.Contains(t, string(message), `Destination="https://idp.example/sso/post?tenant=1"`)
			assert.Len(t, login.Form, 2)
		})
	}
}

func TestRequestsThatAreNotSent(t *testing.T) {
	t.Parallel()
	negative := -1
	long := strings.Repeat("x", 81)
	for name, row := range map[string]struct {
		o       saml.AuthorizeOptions
		twin    saml.AuthorizeOptions
		setup   func(*saml.Config)
		message string
	}{
		"foreign ACS":     {saml.AuthorizeOptions{ACSURL: acs + "/"}, saml.AuthorizeOptions{ACSURL: acs2}, nil, "ACSURL"},
		"unknown binding": {saml.AuthorizeOptions{Binding: "urn:x"}, saml.AuthorizeOptions{Binding: saml.BindingRedirect}, nil, "Binding"},
		"negative age":    {saml.AuthorizeOptions{MaxAge: -1}, saml.AuthorizeOptions{MaxAge: 1}, nil, "MaxAge"},
		"extra of ours":   {saml.AuthorizeOptions{Extra: url.Values{"RelayState": {"x"}}}, saml.AuthorizeOptions{Extra: url.Values{"relaystate": {"x"}}}, nil, "Extra"},
		"extra SigAlg":    {saml.AuthorizeOptions{Extra: url.Values{"SigAlg": {"x"}}}, saml.AuthorizeOptions{}, nil, "Extra"},
		"no classes":      {saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{}}, saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{"a"}}}, nil, "Classes"},
		"empty class":     {saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{""}}}, saml.AuthorizeOptions{}, nil, "class"},
		"minimum alone": {
			saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Comparison: "minimum", Classes: []string{"a"}}},
			saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Comparison: "minimum", Classes: []string{"a"}, Accept: []string{"a"}}}, nil, "Accept",
		},
		"comparison": {
			saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Comparison: "Exact", Classes: []string{"a"}}},
			saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Comparison: "exact", Classes: []string{"a"}}}, nil, "Comparison",
		},
		"proxy count":     {saml.AuthorizeOptions{Scoping: &saml.Scoping{ProxyCount: &negative}}, saml.AuthorizeOptions{Scoping: &saml.Scoping{}}, nil, "ProxyCount"},
		"empty scope":     {saml.AuthorizeOptions{Scoping: &saml.Scoping{IDPs: []string{""}}}, saml.AuthorizeOptions{}, nil, "Scoping"},
		"empty accepted":  {saml.AuthorizeOptions{RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{"a"}, Accept: []string{""}}}, saml.AuthorizeOptions{}, nil, "class"},
		"requester":       {saml.AuthorizeOptions{Scoping: &saml.Scoping{RequesterIDs: []string{""}}}, saml.AuthorizeOptions{Scoping: &saml.Scoping{RequesterIDs: []string{"x"}}}, nil, "Scoping"},
		"no character":    {saml.AuthorizeOptions{Scoping: &saml.Scoping{RequesterIDs: []string{"\uffff"}}}, saml.AuthorizeOptions{Scoping: &saml.Scoping{RequesterIDs: []string{"\ufffd"}}}, nil, "Scoping"},
		"control in name": {saml.AuthorizeOptions{NameIDPolicy: &saml.NameIDPolicy{Format: "\x01"}}, saml.AuthorizeOptions{NameIDPolicy: &saml.NameIDPolicy{Format: "x"}}, nil, "NameIDPolicy"},
		"not UTF-8":       {saml.AuthorizeOptions{NameIDPolicy: &saml.NameIDPolicy{Format: "\xff"}}, saml.AuthorizeOptions{}, nil, "NameIDPolicy"},
		"foreign IDP":     {saml.AuthorizeOptions{IDP: "https://evil.example/"}, saml.AuthorizeOptions{IDP: idpID}, nil, "metadata (unknown)"},
		"no such endpoint": {
			saml.AuthorizeOptions{Binding: saml.BindingPOST}, saml.AuthorizeOptions{Binding: saml.BindingRedirect},
			withIDP(func(p *metadata.IDP) { p.SSO = p.SSO[1:] }), "endpoint",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if row.setup == nil {
				row.setup = func(*saml.Config) {}
			}
			c := sp(t, row.setup)
			login, err := c.BeginLogin(t.Context(), row.o)
			require.ErrorContains(t, err, row.message)
			assert.Nil(t, login)
			address, err := c.BuildAuthorizeUrl(t.Context(), row.o)
			require.Error(t, err)
			assert.Empty(t, address)
			begin(t, c, row.twin)
		})
	}
	c := sp(t)
	_, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{RelayState: "x"})
	require.ErrorContains(t, err, "RelayState must be empty")
	_, err = c.BuildAuthorizeUrl(t.Context(), saml.AuthorizeOptions{RelayState: long})
	require.ErrorContains(t, err, "RelayState is over 80 bytes")
	address, err := c.BuildAuthorizeUrl(t.Context(), saml.AuthorizeOptions{RelayState: long[1:], Binding: saml.BindingRedirect})
	require.NoError(t, err)
	_, query := sent(t, address)
	assert.Equal(t, long[1:], query.Get("RelayState"))
	_, err = c.BuildAuthorizeUrl(t.Context(), saml.AuthorizeOptions{Binding: saml.BindingPOST})
	require.ErrorContains(t, err, "BeginLogin")
}

func TestSignedRequests(t *testing.T) {
	t.Parallel()
	_, err := sp(t, demanding).BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.ErrorContains(t, err, "wants signed requests")
	_, err = sp(t, demanding).BuildAuthorizeUrl(t.Context(), saml.AuthorizeOptions{})
	require.ErrorContains(t, err, "wants signed requests")

	_, query := sent(t, begin(t, sp(t), saml.AuthorizeOptions{}).URL)
	assert.Empty(t, query.Get("Signature"))
	for _, configure := range [][]func(*saml.Config){{signing}, {signing, demanding}} {
		c := sp(t, configure...)
		login := begin(t, c, saml.AuthorizeOptions{})
		_, query = sent(t, login.URL)
		assert.Equal(t, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", query.Get("SigAlg"))
		assert.NotEmpty(t, query.Get("Signature"))
		posted := begin(t, c, saml.AuthorizeOptions{Binding: saml.BindingPOST})
		message, err := base64.StdEncoding.DecodeString(posted.Form.Get("SAMLRequest"))
		require.NoError(t, err)
		assert.Contains(t, string(message), "</saml:Issuer><ds:Signature")
	}
}
