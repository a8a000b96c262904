package saml_test

import (
	"encoding/base64"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Values from outside, or from the configuration of an identity provider, are only text in the page.
func TestSAML56Form(t *testing.T) {
	t.Parallel()
	const nasty = `"><script>alert(1)</script><form action='//evil.example'>&quot;` + "\n\u2028</noscript>"
	w := httptest.NewRecorder()
	form := url.Values{"SAMLRequest": {"PHNhbWw+"}, "RelayState": {nasty}, nasty: {"x"}}
	require.NoError(t, saml.Send(w, "https://idp.example/sso?a=1&b='%22\"><script>", form))
	page := w.Body.String()
	assert.Equal(t, 1, strings.Count(page, "<script"), page)
	assert.Equal(t, 1, strings.Count(page, "<form"), page)
	assert.Equal(t, 3, strings.Count(page, "<input "), page)
	assert.NotContains(t, page, "alert(1)</script>")
	action := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(page)
	require.Len(t, action, 2)
	assert.True(t, strings.HasPrefix(action[1], "https://idp.example/sso?a=1&amp;b="), action[1])
	for _, value := range regexp.MustCompile(`value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		assert.NotContains(t, value[1], "<")
		assert.NotContains(t, value[1], `"`)
	}

	policy := w.Header().Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.Regexp(t, `script-src 'sha256-[A-Za-z0-9+/]{43}='`, policy)
	assert.NotContains(t, policy, "unsafe")
	script := regexp.MustCompile(`(?s)<script>(.*)</script>`).FindStringSubmatch(page)
	require.Len(t, script, 2)
	assert.Contains(t, policy, "'sha256-"+base64.StdEncoding.EncodeToString(hashOf(t, sha256URI, []byte(script[1])))+"'", "the hash is of the script that stands there")
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
}

func TestSAML56Addresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"javascript:alert(1)", "data:text/html,x", "//evil.example/", "/sso", "", "https:", "ftp://idp.example/", " https://idp.example/", "https://idp.example/\nSet-Cookie: x=y", "vbscript:x"} {
		for _, form := range []url.Values{{"SAMLRequest": {"x"}}, nil} {
			w := httptest.NewRecorder()
			require.Error(t, saml.Send(w, bad, form), bad)
			assert.Empty(t, w.Body.String(), bad)
			assert.Empty(t, w.Header(), bad)
		}
	}
	w := httptest.NewRecorder()
	require.NoError(t, saml.Send(w, "https://idp.example/sso?x=y", nil))
	assert.Equal(t, "https://idp.example/sso?x=y", w.Header().Get("Location"))
	assert.Equal(t, 303, w.Code)
}

// An identity provider that is configured with an address of another kind is refused before anything is sent there.
func TestSAML56UntrustedLocations(t *testing.T) {
	t.Parallel()
	for location, ok := range map[string]bool{"https://idp.example/sso": true, "javascript:alert(1)": false, "http://idp.example/sso": false, "//idp.example/": false} {
		p := idpWith(testIDP, key(t, "idp").Public())
		p.SSO = []metadata.Endpoint{{Binding: saml.BindingPOST, Location: location}}
		c := client(t, func(c *saml.Config) { c.IDP = idps{testIDP: p} })
		_, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{Binding: saml.BindingPOST})
		assert.Equal(t, ok, err == nil, "%s: %v", location, err)
	}
}

// Text in an option is text in the request, whatever it looks like.
func TestSAML56XMLIsNotInjected(t *testing.T) {
	t.Parallel()
	const nasty = `x"/><samlp:Extensions><evil/></samlp:Extensions><!--&quot;]]>`
	c := client(t)
	count := 1
	login, err := c.BeginLogin(t.Context(), saml.AuthorizeOptions{
		Binding:               saml.BindingPOST,
		NameIDPolicy:          &saml.NameIDPolicy{Format: nasty, SPNameQualifier: nasty},
		RequestedAuthnContext: &saml.RequestedAuthnContext{Classes: []string{nasty}},
		Scoping:               &saml.Scoping{ProxyCount: &count, IDPs: []string{nasty}, RequesterIDs: []string{nasty}},
	})
	require.NoError(t, err)
	text, err := base64.StdEncoding.DecodeString(login.Form.Get("SAMLRequest"))
	require.NoError(t, err)
	root := tree(t, string(text)).Root()
	assert.Empty(t, root.FindElements("//evil"))
	assert.Empty(t, root.FindElements("//Extensions"))
	assert.Equal(t, nasty, root.FindElement("//NameIDPolicy").SelectAttrValue("Format", ""))
	assert.Equal(t, nasty, root.FindElement("//AuthnContextClassRef").Text())
	assert.Equal(t, nasty, root.FindElement("//RequesterID").Text())
	octets, err := foreign(t, root, key(t, "sp"))
	require.NoError(t, err, "goxmldsig validates what we signed")
	assert.Contains(t, octets, "evil")
	assert.Equal(t, login.RequestID, root.SelectAttrValue("ID", ""))
}
