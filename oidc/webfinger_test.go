package oidc_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const issuerRel = "http://openid.net/specs/connect/1.0/issuer"

// finger is a host that answers every question, and what it was asked.
type finger struct {
	status int
	body   string
	asked  []*url.URL
}

func (f *finger) RoundTrip(r *http.Request) (*http.Response, error) {
	f.asked = append(f.asked, r.URL)
	res := httpmock.NewStringResponse(f.status, f.body)
	res.Header.Set("Content-Type", "application/jrd+json")
	if f.status == http.StatusFound {
		res.Header.Set("Location", "https://attacker.example/.well-known/webfinger")
	}
	return res, nil
}

func jrd(links ...map[string]any) string {
	return mustJSON(map[string]any{"subject": "acct:joe@example.com", "links": links})
}

func link(href any) map[string]any { return map[string]any{"rel": issuerRel, "href": href} }

// find asks with a rule that allows every host and the one issuer.
func find(t *testing.T, typed, body string, change func(*oidc.WebFingerConfig)) (string, *finger, error) {
	t.Helper()
	f := &finger{status: http.StatusOK, body: body}
	cfg := oidc.WebFingerConfig{AllowHost: func(string) bool { return true }, Issuers: []string{issuer}, HTTPClient: &http.Client{Transport: f}}
	if change != nil {
		change(&cfg)
	}
	w, err := oidc.NewWebFinger(cfg)
	require.NoError(t, err)
	found, err := w.Issuer(t.Context(), typed)
	return found, f, err
}

// OpenID Connect Discovery §2.1.2 and its examples in §2.2.
func TestWebFingerIdentifiers(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][2]string{ // resource, host
		"joe@example.com":                  {"acct:joe@example.com", "example.com"},
		"acct:joe@example.com":             {"acct:joe@example.com", "example.com"},
		"ACCT:joe@example.com":             {"acct:joe@example.com", "example.com"},
		"joe+a.b@Example.COM":              {"acct:joe+a.b@Example.COM", "example.com"},
		"example.com":                      {"https://example.com/", "example.com"},
		"example.com/":                     {"https://example.com/", "example.com"},
		"example.com:8080":                 {"https://example.com:8080/", "example.com:8080"},
		"example.com:443":                  {"https://example.com:443/", "example.com"},
		"https://example.com":              {"https://example.com/", "example.com"},
		"HTTPS://example.com/joe":          {"https://example.com/joe", "example.com"},
		"https://example.com/joe":          {"https://example.com/joe", "example.com"},
		"https://example.com:8080/joe?a=b": {"https://example.com:8080/joe?a=b", "example.com:8080"},
		"example.com/joe":                  {"https://example.com/joe", "example.com"},
		"example.com?a=b":                  {"https://example.com/?a=b", "example.com"},
		"https://example.com/joe#top":      {"https://example.com/joe", "example.com"},
		"joe@example.com#top":              {"acct:joe@example.com", "example.com"},
		"joe@example.com:8080":             {"https://joe@example.com:8080/", "example.com:8080"},
		"joe@example.com/path":             {"https://joe@example.com/path", "example.com"},
		"joe@example.com?a=b":              {"https://joe@example.com/?a=b", "example.com"},
		"https://joe@example.com/":         {"https://joe@example.com/", "example.com"},
		"acct:juliet%40capulet.example@shopping.example.com": {"acct:juliet%40capulet.example@shopping.example.com", "shopping.example.com"},
		"acct:joe@example.com:8443":                          {"acct:joe@example.com:8443", "example.com:8443"},
		"xn--bcher-kva.example":                              {"https://xn--bcher-kva.example/", "xn--bcher-kva.example"},
		"https://[2001:DB8::1]:8443/joe":                     {"https://[2001:DB8::1]:8443/joe", "[2001:db8::1]:8443"},
		"https://127.0.0.1/joe":                              {"https://127.0.0.1/joe", "127.0.0.1"},
		"https://example.com/a@b/c":                          {"https://example.com/a@b/c", "example.com"},
		"example.com/joe@attacker.example":                   {"https://example.com/joe@attacker.example", "example.com"},
		"example.com?joe@attacker.example":                   {"https://example.com/?joe@attacker.example", "example.com"},
	} {
		allowed := ""
		found, f, err := find(t, typed, jrd(link(issuer)), func(c *oidc.WebFingerConfig) {
			c.AllowHost = func(host string) bool { allowed = host; return true }
		})
		require.NoError(t, err, typed)
		assert.Equal(t, issuer, found)
		require.Len(t, f.asked, 1)
		assert.Equal(t, []string{"https", want[1], "/.well-known/webfinger"}, []string{f.asked[0].Scheme, f.asked[0].Host, f.asked[0].Path}, typed)
		assert.Equal(t, url.Values{"resource": {want[0]}, "rel": {issuerRel}}, f.asked[0].Query(), typed)
		assert.Equal(t, want[1], allowed, "the rule sees the host that is asked")
	}
}

func TestWebFingerRefusesOtherIdentifiers(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"", "=example", "@example", "!1234", "xri://=example", "http://example.com", "ftp://example.com", "javascript://example.com", "mailto:joe@example.com",
		"acct:joe", "acct:@example.com", "acct:joe@", "joe@", "@", "acct:joe@example.com@attacker.example", "joe@example.com@attacker.example",
		"acct:a/b@example.com", "acct:a:b@example.com", "https://joe:secret@example.com", "https://", "https:///joe", "https://example.com:0", "https://example.com:65536", "https://example.com:",
		"example.com:08", "example.com:http", "joe smith@example.com", "joe@example.com\r\nHost: attacker.example", "joe@ex\x00ample.com", "jo\u00eb@example.com", "bücher.example",
		"joe@example..com", "joe@.example.com", "joe@example.com.", "joe@exa_mple.com", "joe@[example.com]", "https://exa%6Dple.com", "https://example.com\\@attacker.example", "https://::1/", "::1", "https://[::1", "https://[fe80::1%25en0]/",
		"https://example.com%2F@attacker.example:x", strings.Repeat("a", 1013) + "@example.com",
	} {
		found, f, err := find(t, typed, jrd(link(issuer)), nil)
		require.ErrorIs(t, err, oauth.DiscoveryIdentifier, typed)
		assert.Empty(t, found)
		assert.Empty(t, f.asked, "nothing is sent for %q", typed)
		assert.NotContains(t, err.Error(), "attacker.example", "what was typed is not repeated")
	}
	_, _, err := find(t, strings.Repeat("a", 1012)+"@example.com", jrd(link(issuer)), nil)
	require.NoError(t, err, "1024 bytes")
}

func TestWebFingerAsksAllowedHostsAlone(t *testing.T) {
	t.Parallel()
	only := func(hosts ...string) func(*oidc.WebFingerConfig) {
		return func(c *oidc.WebFingerConfig) { c.AllowHost, c.Hosts = nil, hosts }
	}
	for typed, allowed := range map[string]bool{
		"joe@example.com": true, "joe@EXAMPLE.com": true, "https://example.com:443/": true, "joe@other.example:8443": true,
		"joe@example.com.attacker.example": false, "joe@sub.example.com": false, "example.com:8443": false, "other.example": false, "https://attacker.example/example.com": false,
		"https://example.com@attacker.example/": false, "https://attacker.example#@example.com": false, "https://attacker.example/?@example.com": false,
	} {
		found, f, err := find(t, typed, jrd(link(issuer)), only("example.com", "other.example:8443"))
		if allowed {
			require.NoError(t, err, typed)
			continue
		}
		require.ErrorIs(t, err, oauth.DiscoveryHost, typed)
		assert.Empty(t, found)
		assert.Empty(t, f.asked)
	}
	_, f, err := find(t, "joe@example.com", jrd(link(issuer)), func(c *oidc.WebFingerConfig) { c.AllowHost = func(string) bool { return false } })
	require.EqualError(t, err, "oauth: discovery refused (host): WebFingerConfig does not allow to ask example.com")
	assert.Empty(t, f.asked)
}

func TestWebFingerIssuerMustBeAllowed(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"https://attacker.example", issuer + "/", "https://OP.example", "http://op.example", "http://localhost", issuer + "?a=b", issuer + "#a", "https://u:p@op.example", "op.example", "javascript:alert(1)", issuer + "\n",
	} {
		found, _, err := find(t, "joe@example.com", jrd(link(bad)), nil)
		require.ErrorIs(t, err, oauth.DiscoveryIssuer, bad)
		assert.NotContains(t, err.Error(), "\n")
		assert.Empty(t, found)
	}
	found, _, err := find(t, "joe@example.com", jrd(link("https://tenant.op.example")), func(c *oidc.WebFingerConfig) {
		c.Issuers, c.AllowIssuer = nil, func(iss string) bool { return strings.HasSuffix(iss, ".op.example") }
	})
	require.NoError(t, err)
	assert.Equal(t, "https://tenant.op.example", found)
	_, _, err = find(t, "joe@example.com", jrd(link("https://tenant.attacker.example")), func(c *oidc.WebFingerConfig) {
		c.Issuers, c.AllowIssuer = nil, func(iss string) bool { return strings.HasSuffix(iss, ".op.example") }
	})
	require.ErrorIs(t, err, oauth.DiscoveryIssuer)
	for _, bad := range []string{"http://op.example", "http://localhost", "https://u:p@op.example", issuer + "#a", issuer + "?a=b", "op.example"} {
		_, _, err = find(t, "joe@example.com", jrd(link(bad)), func(c *oidc.WebFingerConfig) { c.AllowIssuer = func(string) bool { return true } })
		require.ErrorIs(t, err, oauth.DiscoveryIssuer, "%s, whatever the rule says", bad)
	}
}

func TestWebFingerDocuments(t *testing.T) {
	t.Parallel()
	other := map[string]any{"rel": "http://webfinger.example/rel/avatar", "href": 7}
	for name, body := range map[string]string{
		"alone": jrd(link(issuer)), "among others": jrd(other, link(issuer), other), "twice the same": jrd(link(issuer), link(issuer)),
		"another subject": `{"subject":"acct:x@y.example","links":[{"rel":"` + issuerRel + `","href":"` + issuer + `"}],"aliases":7,"properties":{"a":null}}`,
	} {
		_, _, err := find(t, "joe@example.com", body, nil)
		require.NoError(t, err, name)
	}
	for name, body := range map[string]string{
		"no JSON": "{", "a list": "[]", "no links": `{"subject":"acct:joe@example.com"}`, "links null": `{"links":null}`, "empty": `{"links":[]}`, "links an object": `{"links":{"rel":"` + issuerRel + `","href":"` + issuer + `"}}`,
		"a link that is a text": `{"links":["` + issuer + `"]}`, "no rel": `{"links":[{"href":"` + issuer + `"}]}`, "no href": `{"links":[{"rel":"` + issuerRel + `"}]}`, "an empty href": jrd(link("")), "an empty href beside another": jrd(link(""), link(issuer)), "href a number": jrd(link(7)),
		"two issuers": jrd(link(issuer), link("https://attacker.example")), "links twice": `{"links":[],"links":[{"rel":"` + issuerRel + `","href":"` + issuer + `"}]}`,
		"another case": `{"Links":[{"Rel":"` + issuerRel + `","Href":"` + issuer + `"}]}`, "rel in another case": `{"links":[{"rel":"HTTP://openid.net/specs/connect/1.0/issuer","href":"` + issuer + `"}]}`,
		"half a pair": `{"links":[{"rel":"` + issuerRel + `","href":"\ud800"}]}`, "invalid UTF-8": "{\"links\":[],\"a\":\"\xff\"}",
	} {
		found, _, err := find(t, "joe@example.com", body, nil)
		require.ErrorIs(t, err, oauth.DiscoveryDocument, name)
		assert.Empty(t, found)
	}
}

// No redirect is followed, and an outage is no refusal. A name of a person is in no error.
func TestWebFingerReplies(t *testing.T) {
	t.Parallel()
	for status, check := range map[int]error{404: oauth.DiscoveryStatus, 400: oauth.DiscoveryStatus, 204: oauth.DiscoveryStatus, 302: oauth.DiscoveryRedirect, 503: nil, 429: nil} {
		synctest.Test(t, func(t *testing.T) {
			f := &finger{status: status, body: jrd(link(issuer))}
			w, err := oidc.NewWebFinger(oidc.WebFingerConfig{Hosts: []string{"example.com"}, Issuers: []string{issuer}, HTTPClient: &http.Client{Transport: f}})
			require.NoError(t, err)
			_, err = w.Issuer(t.Context(), "joe.secret@example.com")
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "joe.secret")
			var refused *oauth.DiscoveryError
			if check == nil {
				require.NotErrorAs(t, err, &refused)
				assert.Len(t, f.asked, 3, "retried")
				return
			}
			require.ErrorIs(t, err, check)
			assert.True(t, strings.HasPrefix(err.Error(), "oauth: discovery refused ("+check.Error()+"): GET https://example.com/.well-known/webfinger: "), err.Error())
			assert.Len(t, f.asked, 1)
		})
	}
	broken := &http.Client{Transport: handlerFunc(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("no route to joe.secret@example.com")
	})}
	synctest.Test(t, func(t *testing.T) {
		w, err := oidc.NewWebFinger(oidc.WebFingerConfig{Hosts: []string{"example.com"}, Issuers: []string{issuer}, HTTPClient: broken})
		require.NoError(t, err)
		_, err = w.Issuer(t.Context(), "joe.secret@example.com")
		require.ErrorContains(t, err, "oidc: WebFinger: GET https://example.com/.well-known/webfinger: ")
		assert.NotContains(t, err.Error(), "joe.secret")
	})
}

type handlerFunc func(*http.Request) (*http.Response, error)

func (f handlerFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWebFingerNeedsItsRules(t *testing.T) {
	t.Parallel()
	hosts, issuers := []string{"example.com"}, []string{issuer}
	for why, c := range map[string]oidc.WebFingerConfig{
		"needs Hosts or AllowHost":                        {Issuers: issuers},
		"needs Issuers or AllowIssuer":                    {Hosts: hosts},
		"WebFingerConfig.Hosts has \"Example.com\"":       {Hosts: []string{"Example.com"}, Issuers: issuers},
		"WebFingerConfig.Hosts has \"example.com:443\"":   {Hosts: []string{"example.com:443"}, Issuers: issuers},
		"WebFingerConfig.Hosts has \"https://example.c":   {Hosts: []string{"https://example.com"}, Issuers: issuers},
		"WebFingerConfig.Hosts has \"\"":                  {Hosts: []string{""}, Issuers: issuers},
		"MaxReply is negative":                            {Hosts: hosts, Issuers: issuers, MaxReply: -1},
		"RefusePrivateAddresses needs an *http.Transport": {Hosts: hosts, Issuers: issuers, RefusePrivateAddresses: true, HTTPClient: &http.Client{Transport: handlerFunc(nil)}},
	} {
		_, err := oidc.NewWebFinger(c)
		require.ErrorContains(t, err, why)
	}
	c := oidc.WebFingerConfig{Hosts: hosts, Issuers: issuers, HTTPClient: &http.Client{Transport: &finger{status: 200, body: jrd(link(issuer))}}}
	w, err := oidc.NewWebFinger(c)
	require.NoError(t, err)
	hosts[0], issuers[0] = "attacker.example", "https://attacker.example"
	_, err = w.Issuer(t.Context(), "joe@attacker.example")
	require.ErrorIs(t, err, oauth.DiscoveryHost, "the lists are copied")
	_, err = w.Issuer(t.Context(), "joe@example.com")
	require.NoError(t, err)
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err = w.Issuer(nil, "joe@example.com")
	require.EqualError(t, err, "oidc: the context is nil")
	for _, none := range []*oidc.WebFinger{nil, {}} {
		_, err = none.Issuer(t.Context(), "joe@example.com")
		require.EqualError(t, err, "oidc: the WebFinger was not made by NewWebFinger")
	}
}

// D11: a host that the rule allows and that has a private address is not asked.
func TestD11WebFingerAtAPrivateAddress(t *testing.T) {
	t.Parallel()
	w, err := oidc.NewWebFinger(oidc.WebFingerConfig{
		AllowHost: func(string) bool { return true }, Issuers: []string{issuer}, RefusePrivateAddresses: true,
		HTTPClient: &http.Client{Transport: &http.Transport{}},
	})
	require.NoError(t, err)
	for _, typed := range []string{"joe@localhost:1", "https://127.0.0.1:1/joe", "https://[::1]:1/", "https://169.254.169.254/latest"} {
		_, err = w.Issuer(t.Context(), strings.Replace(typed, "joe@localhost", "acct:joe@localhost", 1))
		require.ErrorIs(t, err, oauth.DiscoveryAddress, typed)
	}
}

func FuzzWebFingerIdentifier(f *testing.F) {
	for _, seed := range []string{"joe@example.com", "acct:joe@example.com:8443", "https://example.com:8080/joe?a#b", "https://[::1]:1/", "example.com", "=x", "a@b@c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		var allowed []string
		g := &finger{status: http.StatusOK, body: jrd(link(issuer))}
		w, err := oidc.NewWebFinger(oidc.WebFingerConfig{
			AllowHost: func(host string) bool { allowed = append(allowed, host); return true }, Issuers: []string{issuer}, HTTPClient: &http.Client{Transport: g},
		})
		require.NoError(t, err)
		_, err = w.Issuer(t.Context(), typed)
		if err != nil {
			require.ErrorIs(t, err, oauth.DiscoveryIdentifier, typed)
			require.Empty(t, g.asked)
			return
		}
		require.Len(t, g.asked, 1)
		require.Equal(t, allowed, []string{g.asked[0].Host}, "the host that the rule saw is the one that is asked")
		require.Equal(t, "https", g.asked[0].Scheme)
		require.Nil(t, g.asked[0].User)
	})
}

// The error says what was wrong, without repeating it.
func TestWebFingerNamesTheMistake(t *testing.T) {
	t.Parallel()
	for typed, why := range map[string]string{
		"": "the identifier is empty", "@example": "the identifier begins like an XRI, which is not supported", "http://example.com": "the identifier has another scheme than https or acct",
		"acct:joe": "the identifier is not user@host", "https://joe:secret@example.com": "the identifier has a password", "example.com:0": "the identifier has no valid port",
		"example.com:": "the identifier has an empty port", "joe@.example.com": "the identifier has no valid host", "joe@127.1": "the identifier has no valid host", "joe@0x7f.1": "the identifier has no valid host", "https://0X7F000001/": "the identifier has no valid host",
		"2130706433": "the identifier has no valid host", "joe@0177.0.0.1:8443": "the identifier has no valid host", "acct:a/b@example.com": "the user's name has a character that must be escaped (RFC 7565 §7)",
		"jo\u00eb@example.com": "the identifier has a space, a control character, or a letter outside ASCII (RFC 3986 §2)",
	} {
		_, _, err := find(t, typed, jrd(link(issuer)), nil)
		require.EqualError(t, err, "oauth: discovery refused (identifier): "+why, typed)
	}
}

// The error says what is wrong with the document.
func TestD10WebFingerNamesTheFaultOfTheDocument(t *testing.T) {
	t.Parallel()
	for body, why := range map[string]string{
		`{`: "the document: ", `[]`: "the document is not a JSON object", `{"links":{}}`: "the document's links ", `{"links":[5]}`: "the document's links ",
		`{"links":[]}`: "the document has no link to an issuer", `{"links":[{"href":"x"}]}`: "the rel of a link ",
	} {
		_, _, err := find(t, "joe@example.com", body, nil)
		require.ErrorIs(t, err, oauth.DiscoveryDocument, body)
		require.ErrorContains(t, err, "/.well-known/webfinger: "+why, body)
	}
}
