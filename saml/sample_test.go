package saml_test

import (
	"bytes"
	"compress/flate"
	"crypto/rsa"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// What Authing's documentation prints, see testdata/README.md.
var (
	//go:embed testdata/authing_response.xml
	authingResponse string
	//go:embed testdata/authing_request.txt
	authingRequest string
)

const (
	aliyunSP      = "https://signin.aliyun.com/1374669376572425/saml/SSO"
	aliyunACS     = "https://signin.aliyun.com/saml/SSO"
	authingIDP    = "https://20nqulvoqpbp.authing.cn"
	authingAnswer = "a49f8edi31cj0a2a459g0331c3d9c10"
)

// authingSample is the printed response, read when it was made, by whom it was made for.
func authingSample(t testing.TB) message {
	t.Helper()
	_, text, _ := strings.Cut(authingResponse, "<ds:X509Certificate>")
	text, _, _ = strings.Cut(text, "</ds:X509Certificate>")
	der, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	public, ok := certificate.PublicKey.(*rsa.PublicKey)
	require.True(t, ok)
	require.Equal(t, 1024, public.N.BitLen())
	now := time.Date(2020, 9, 28, 13, 30, 40, 0, time.UTC)
	require.True(t, certificate.NotAfter.After(now))
	return message{
		text: authingResponse,
		config: func(c *saml.Config) {
			c.EntityID, c.ACSURL = aliyunSP, aliyunACS
			c.IDP = idps{authingIDP: idpWith(authingIDP, public)}
			c.Now = func() time.Time { return now }
			c.AllowSHA1, c.AllowSmallRSA = true, true
		},
		login: func(l *saml.Login) {
			*l = saml.Login{Key: loginKey, RequestID: authingAnswer, IDP: authingIDP, Client: aliyunSP, ACSURL: aliyunACS, CreatedAt: now.Add(-time.Minute)}
		},
	}
}

func authingUser() *saml.Assertion {
	made := time.Date(2020, 9, 28, 13, 30, 31, 788e6, time.UTC)
	text := func(name, value string) saml.Attribute {
		return saml.Attribute{Name: name, NameFormat: basic, Values: []saml.Value{{Type: "xs:string", Text: value}}}
	}
	return &saml.Assertion{
		Issuer: authingIDP, ID: "_fae95b47-cbf3-4a20-add0-99d856b4124e", IssueInstant: made, InResponseTo: authingAnswer,
		NameID:       saml.NameID{Value: "yezuwei@authing.onaliyun.com", Format: saml.NameIDUnspecified},
		SessionIndex: "ooeumcq6eHjddr1H3Fyzou7Cs-OGTsNl", AuthnInstant: made.Add(100 * time.Millisecond),
		AuthnContext: "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
		Attributes:   []saml.Attribute{text("email", "yezuwei@authing.cn"), text("name", ""), text("username", "yezuwei@authing.cn"), text("phone", "null")},
	}
}

func TestAuthingSample(t *testing.T) {
	t.Parallel()
	m := authingSample(t)
	got, err := m.complete(t)
	require.NoError(t, err)
	same(t, authingUser(), got, "")

	allowed := m.config
	for option, off := range map[string]func(*saml.Config){
		"AllowSHA1":     func(c *saml.Config) { c.AllowSHA1 = false },
		"AllowSmallRSA": func(c *saml.Config) { c.AllowSmallRSA = false },
	} {
		m.config = func(c *saml.Config) { allowed(c); off(c) }
		got, err = m.complete(t)
		require.ErrorContains(t, err, option)
		assert.Nil(t, got)
		var invalid *saml.InvalidError
		require.ErrorAs(t, err, &invalid)
	}
	m.config = func(c *saml.Config) { allowed(c); c.Now = time.Now }
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckExpired, "today it is nobody's answer")
}

// The certificate in the metadata may be over: the key is what is trusted.
func TestAuthingSampleWithItsCertificate(t *testing.T) {
	t.Parallel()
	m := authingSample(t)
	_, text, _ := strings.Cut(authingResponse, "<ds:X509Data>")
	text, _, _ = strings.Cut(text, "</ds:X509Data>")
	p, err := metadata.Parse([]byte(`<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="`+authingIDP+`"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`+
		`<md:KeyDescriptor><ds:KeyInfo><ds:X509Data>`+text+`</ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://core.authing.cn/v2/api/saml-idp/5e10927e4ecfd464fb4edaf6"/></md:IDPSSODescriptor></md:EntityDescriptor>`), metadata.Options{})
	require.NoError(t, err)
	before := m.config
	m.config = func(c *saml.Config) { before(c); c.IDP = metadata.NewList(p) }
	got, err := m.complete(t)
	require.NoError(t, err)
	same(t, authingUser(), got, "")
}

// TestAuthingSampleOfARequest holds that the printed request is one as we make them: deflated, with what ours has.
func TestAuthingSampleOfARequest(t *testing.T) {
	t.Parallel()
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(authingRequest))
	require.NoError(t, err)
	printed, err := io.ReadAll(flate.NewReader(bytes.NewReader(data)))
	require.NoError(t, err)
	root := tree(t, string(printed)).Root()
	ours := begunRequest(t)
	assert.Equal(t, root.Tag, ours.Tag)
	assert.Equal(t, root.NamespaceURI(), ours.NamespaceURI())
	for _, name := range []string{"ID", "Version", "IssueInstant", "Destination", "AssertionConsumerServiceURL", "ProtocolBinding"} {
		assert.NotEmpty(t, root.SelectAttrValue(name, ""), name)
		assert.NotEmpty(t, ours.SelectAttrValue(name, ""), name)
	}
	for _, name := range []string{"Version", "AssertionConsumerServiceURL", "ProtocolBinding", "Destination"} {
		assert.Equal(t, root.SelectAttrValue(name, ""), ours.SelectAttrValue(name, ""), name)
	}
	assert.Equal(t, root.SelectElement("Issuer").Text(), ours.SelectElement("Issuer").Text())
}

// begunRequest is the request with which ours would begin the same login.
func begunRequest(t testing.TB) *etree.Element {
	t.Helper()
	c := client(t, authingSample(t).config, func(c *saml.Config) {
		c.Keys = nil
		p := idpWith(authingIDP, key(t, "idp").Public())
		p.SSO = []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: "https://core.authing.cn/v2/api/saml-idp/5e10927e4ecfd464fb4edaf6"}}
		c.IDP = idps{authingIDP: p}
	})
	login, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{IDP: authingIDP})
	require.NoError(t, err)
	address, err := url.Parse(login.URL)
	require.NoError(t, err)
	data, err := base64.StdEncoding.DecodeString(address.Query().Get("SAMLRequest"))
	require.NoError(t, err)
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(data)))
	require.NoError(t, err)
	return tree(t, string(text)).Root()
}
