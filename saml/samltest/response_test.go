package samltest_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"html"
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

func policy(format string) string { return `<samlp:NameIDPolicy Format="` + format + `"/>` }

func contexts(comparison string, classes ...string) string {
	text := `<samlp:RequestedAuthnContext Comparison="` + comparison + `">`
	for _, class := range classes {
		text += "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:" + class + "</saml:AuthnContextClassRef>"
	}
	return text + "</samlp:RequestedAuthnContext>"
}

func TestNames(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{Realm: &idptest.Realm{Users: []idptest.User{{Username: "ada", Password: "p", Email: "ada@example.com"}, {Username: "bob", Password: "p"}}}})
	ask := func(user, children string) *reply {
		callback, err := j.idp.Login(t.Context(), j.ssoURL(j.ask(toACS, children)), user)
		require.NoError(t, err)
		p, _ := received(t, callback)
		return p
	}
	assert.Equal(t, "ada", ask("ada", "").one().Subject.NameID.Value)
	assert.Equal(t, "ada", ask("ada", policy(samltest.Unspecified)).one().Subject.NameID.Value)
	email := ask("ada", policy(samltest.EmailAddress)).one().Subject.NameID
	assert.Equal(t, samltest.EmailAddress+" ada@example.com", email.Format+" "+email.Value)
	assert.Equal(t, "Requester InvalidNameIDPolicy", ask("bob", policy(samltest.EmailAddress)).status(), "bob has none")
	first, second := ask("ada", policy(samltest.Persistent)).one().Subject.NameID, ask("ada", policy(samltest.Persistent)).one().Subject.NameID
	assert.Equal(t, first, second)
	assert.Equal(t, j.url+" "+spEntity, first.NameQualifier+" "+first.SPNameQualifier)
	assert.NotEqual(t, first.Value, ask("bob", policy(samltest.Persistent)).one().Subject.NameID.Value)
	first, second = ask("ada", policy(samltest.Transient)).one().Subject.NameID, ask("ada", policy(samltest.Transient)).one().Subject.NameID
	assert.NotEqual(t, first.Value, second.Value)
	for _, refused := range []string{policy("urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos"), `<samlp:NameIDPolicy SPNameQualifier="https://other.example"/>`} {
		p := ask("ada", refused)
		assert.Equal(t, "Requester InvalidNameIDPolicy", p.status())
		assert.Empty(t, p.Assertions)
		assert.Equal(t, "_request", p.InResponseTo)
	}
	assert.Equal(t, "Success ", ask("ada", `<samlp:NameIDPolicy SPNameQualifier="`+spEntity+`" AllowCreate="true"/>`).status())
}

func TestContexts(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	for children, want := range map[string]string{
		contexts("exact", "Password"):                                         "Password",
		contexts("exact", "Kerberos", "PasswordProtectedTransport"):           "PasswordProtectedTransport",
		contexts("minimum", "Password"):                                       "PasswordProtectedTransport",
		contexts("maximum", "Password"):                                       "Password",
		contexts("better", "Password"):                                        "PasswordProtectedTransport",
		contexts("better", "PasswordProtectedTransport"):                      "",
		contexts("exact", "Kerberos"):                                         "",
		strings.Replace(contexts("exact", "x"), ` Comparison="exact"`, "", 1): "",
	} {
		p := j.sso(toACS, children)
		assert.Equal(t, want, lastWord(":"+p.one().AuthnStatement.Class), children)
		assert.Equal(t, want == "", p.status() == "Responder NoAuthnContext", children)
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &samltest.Server{Realm: clock.realm(), Apps: []samltest.App{{SessionLifetime: 2 * time.Hour, Lifetime: time.Minute}}})
	b, err := j.idp.Browser("")
	require.NoError(t, err)
	open := func(attributes string) (*reply, bool) {
		logins := j.idp.Requests("/sso")
		callback, err := b.Open(t.Context(), j.ssoURL(j.ask(attributes, "")), nil)
		require.NoError(t, err)
		require.Equal(t, logins+1, j.idp.Requests("/sso"))
		p, _ := received(t, callback)
		return p, p.status() == "Success "
	}
	p, ok := open(toACS + ` IsPassive="true"`)
	assert.False(t, ok)
	assert.Equal(t, "Responder NoPassive", p.status())
	first, ok := open(toACS)
	require.True(t, ok)
	assert.Equal(t, "2026-01-02T05:04:05.000Z", first.one().AuthnStatement.SessionNotOnOrAfter)
	assert.Equal(t, clock.now().Add(time.Minute), first.one().Conditions.NotOnOrAfter)
	began := clock.now()
	clock.advance(5 * time.Minute)
	again, ok := open(toACS + ` IsPassive="1"`)
	require.True(t, ok)
	assert.Equal(t, began, again.one().AuthnStatement.AuthnInstant, "the session is the same")
	assert.Equal(t, first.one().AuthnStatement.SessionIndex, again.one().AuthnStatement.SessionIndex)
	forced, ok := open(toACS + ` ForceAuthn="true"`)
	require.True(t, ok)
	assert.Equal(t, clock.now(), forced.one().AuthnStatement.AuthnInstant)
	p, ok = open(toACS + ` ForceAuthn="true" IsPassive="true"`)
	assert.False(t, ok, p.status())
}

func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	const artifact, post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	assert.Equal(t, "Responder UnsupportedBinding", j.sso(toACS+` ProtocolBinding="`+artifact+`"`, "").status())
	assert.Equal(t, "Success ", j.sso(toACS+` ProtocolBinding="`+post+`"`, "").status())
	scope := func(id string) string {
		return `<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID="` + id + `"/></samlp:IDPList></samlp:Scoping>`
	}
	assert.Equal(t, "Responder NoSupportedIDP", j.sso(toACS, scope("https://other.example")).status())
	assert.Equal(t, "Success ", j.sso(toACS, scope(j.url)).status())
	// The person who presses Cancel comes back as well.
	response, _ := j.visit(j.ssoURL(j.ask(toACS, "")))
	_, page := j.do(http.MethodPost, j.url+response.Header.Get("Location"), form("action", "cancel"))
	message, err := base64.StdEncoding.DecodeString(html.UnescapeString(between(t, page, `name="SAMLResponse" value="`, `"`)))
	require.NoError(t, err)
	assert.Contains(t, string(message), "status:AuthnFailed")
}

// Nobody asked: the first address of the application is where it goes.
func TestFromTheServer(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{Apps: []samltest.App{{EntityID: spEntity, ACSURLs: []string{acsURL}}}})
	callback, err := j.idp.Login(t.Context(), j.url+"/sso"+"?RelayState=deep", "")
	require.NoError(t, err)
	assert.Equal(t, acsURL, callback.URL.String())
	p, relayState := received(t, callback)
	assert.Equal(t, "deep", relayState)
	assert.NotContains(t, p.text, "InResponseTo")
	assert.Equal(t, []string{spEntity}, p.one().Conditions.Audience)
}

// The form may be posted by its own script alone.
func TestPage(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	response, _ := j.visit(j.ssoURL(j.ask(toACS, "")))
	response, _ = j.do(http.MethodPost, j.url+response.Header.Get("Location"), form("username", idptest.Username, "password", idptest.Password, "action", "login"))
	require.Equal(t, http.StatusOK, response.StatusCode)
	response, page := j.visit(j.ssoURL(j.ask(toACS, "")))
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, page, `<form id="saml-form" method="post" action="`+acsURL+`" autocomplete="off">`)
	assert.Contains(t, page, `<input type="hidden" name="RelayState" value="">`)
	assert.Contains(t, response.Header.Get("Content-Security-Policy"), "script-src 'nonce-")
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	users := []idptest.User{{Username: "ada", Password: "p", Email: "a&b@example.com", Claims: map[string]any{"groups": []any{"x<y", nil, "z"}, "level": 7, "title": nil}}}
	apps := []samltest.App{
		{}, {ID: "more", ACSURLs: []string{acsURL}, Attributes: []string{"groups", "level", "roles", "title", "preferred_username"}},
		{ID: "none", ACSURLs: []string{acsURL}, Attributes: []string{"roles"}},
	}
	j := start(t, &samltest.Server{Realm: &idptest.Realm{Users: users}, Apps: apps})
	read := func(p *reply) map[string][]string {
		all := map[string][]string{}
		for _, a := range p.one().Attributes {
			assert.Equal(t, "urn:oasis:names:tc:SAML:2.0:attrname-format:basic", a.NameFormat)
			all[a.Name] = a.Values
		}
		return all
	}
	from := func(app string) *reply {
		callback, err := j.idp.Login(t.Context(), j.url+"/"+app+"/sso", "")
		require.NoError(t, err)
		p, _ := received(t, callback)
		return p
	}
	p := j.sso(toACS, "")
	assert.Equal(t, map[string][]string{"email": {"a&b@example.com"}, "username": {"ada"}}, read(p), "there is no name and no phone")
	assert.Equal(t, map[string][]string{"groups": {"x<y", "null", "z"}, "level": {"7"}, "title": {"null"}, "preferred_username": {"ada"}}, read(from("more")))
	assert.NotContains(t, from("none").text, "AttributeStatement", "an empty one is not valid")

	// A realm may say null of what it does not know.
	known := func(*idptest.User) map[string]any {
		return map[string]any{"name": nil, "phone_number": nil, "email": []string{}, "username": "lovelace", "preferred_username": "ada"}
	}
	j = start(t, &samltest.Server{Realm: &idptest.Realm{Users: users, Profile: known}})
	p = j.sso(toACS, "")
	assert.Equal(t, map[string][]string{"email": nil, "name": {""}, "username": {"lovelace"}, "phone": {"null"}}, read(p))
	assert.Contains(t, p.text, `<saml:AttributeValue xsi:type="xs:string">null</saml:AttributeValue>`)
}

// What is encrypted is the signed assertion.
func TestEncryption(t *testing.T) {
	t.Parallel()
	key := spKey()
	j := start(t, &samltest.Server{Apps: []samltest.App{{EncryptionKey: &key.PublicKey, Sign: samltest.SignBoth}}})
	p := j.sso(toACS, "")
	assert.Empty(t, p.Assertions)
	assert.NotContains(t, p.text, ">alice", "base64 has no such character, so that it is not there by chance")
	_, err := j.judge(p.text, "Response")
	assert.NoError(t, err)
	document := etree.NewDocument()
	require.NoError(t, document.ReadFromString(p.text))
	var octets [2][]byte
	for i, path := range []string{"//EncryptedKey/CipherData/CipherValue", "//EncryptedData/CipherData/CipherValue"} {
		value := document.FindElement(path)
		require.NotNil(t, value, path)
		octets[i], err = base64.StdEncoding.DecodeString(value.Text())
		require.NoError(t, err)
	}
	secret, err := rsa.DecryptOAEP(sha1.New(), nil, key, octets[0], nil)
	require.NoError(t, err)
	block, err := aes.NewCipher(secret)
	require.NoError(t, err)
	assert.Len(t, secret, 32)
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	plain, err := gcm.Open(nil, octets[1][:12], octets[1][12:], nil)
	require.NoError(t, err)
	signed, err := j.judge(string(plain), "Assertion")
	require.NoError(t, err)
	assert.Equal(t, "alice", signed.FindElement("//NameID").Text())
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{SignMetadata: true})
	response, text := j.visit(j.url + "/metadata")
	assert.Equal(t, "application/samlmetadata+xml", response.Header.Get("Content-Type"))
	assert.Contains(t, text, `entityID="`+j.url+`"`)
	for _, binding := range []samltest.Binding{samltest.BindingRedirect, samltest.BindingPOST} {
		assert.Contains(t, text, `<md:SingleSignOnService Binding="`+string(binding)+`" Location="`+j.url+`/sso"/>`)
		assert.Contains(t, text, `<md:SingleLogoutService Binding="`+string(binding)+`" Location="`+j.url+`/slo"/>`)
	}
	_, err := j.judge(text, "EntityDescriptor")
	assert.NoError(t, err)
	_, err = j.judge(strings.Replace(text, `Location="http`, `Location="HTTP`, 1), "EntityDescriptor")
	assert.Error(t, err)

	before := j.sso(toACS, "")
	require.NoError(t, j.idp.RotateKeys())
	_, text = j.visit(j.url + "/metadata")
	require.Equal(t, 2, strings.Count(text, "<md:KeyDescriptor "), "both are published")
	for _, p := range []*reply{before, j.sso(toACS, "")} {
		_, err := j.judge(p.text, "Assertion")
		assert.NoError(t, err)
	}
	assert.NotEqual(t, certificateOf(before.text), certificateOf(j.sso(toACS, "").text))

	j = start(t, &samltest.Server{NoLogout: true})
	_, text = j.visit(j.url + "/metadata")
	assert.NotContains(t, text, "SingleLogoutService")
	assert.NotContains(t, text, "<ds:Signature ")
	response, _ = j.visit(j.url + "/sso" + "/slo?SAMLRequest=x")
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
	_, err = j.idp.LogoutRequest(t.Context(), "", spEntity)
	assert.ErrorContains(t, err, "NoLogout")
}

// A SessionIndex may be that of everybody.
func TestSessionIndex(t *testing.T) {
	t.Parallel()
	for _, index := range []string{"1", ""} {
		j := start(t, &samltest.Server{Apps: []samltest.App{{SessionIndex: index}}})
		first, second := j.sso(toACS, "").one().AuthnStatement.SessionIndex, j.sso(toACS, "").one().AuthnStatement.SessionIndex
		assert.Equal(t, index != "", first == second, index)
		assert.Equal(t, index != "", first == "1", index)
	}
}
