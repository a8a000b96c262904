package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

// The user signs out at the server, which tells the application: by the browser (SAML), or by itself (CAS). Another user's
// session stays.
func TestLogoutAtTheServer(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	server := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(e.Greeting)
	for protocol, ends := range map[string]bool{"saml": true, "cas": true, "oidc": false} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			p, another := e.Person(), e.Person()
			login(t, p, protocol)
			login(t, another, protocol)
			p.Open(server + "/login/profile/logout")
			assert.Equal(t, ends, !loggedIn(p), "Authing has no such message in OpenID Connect")
			assert.True(t, loggedIn(another))
			login(t, p, protocol)
			assert.True(t, loggedIn(p))
		})
	}
}

// CAS-16: a message that names a ticket ends its session and no other.
func TestCAS16LogoutRequests(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	ticketOf := func(p *demotest.Person) string {
		callback := held(t, p, "cas")
		require.Equal(t, "/user", p.Send(callback).Header.Get("Location"))
		return callback.URL.Query().Get("ticket")
	}
	say := func(message string, header ...string) *demotest.Page {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.Origin+"/auth/callback/cas?login=x", strings.NewReader(url.Values{"logoutRequest": {message}}.Encode()))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return e.Person().Send(r)
	}
	naming := func(ticket string) string {
		return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x" Version="2.0" IssueInstant="2026-01-01T00:00:00Z">` +
			`<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">alice</saml:NameID>` +
			`<samlp:SessionIndex>` + html.EscapeString(ticket) + `</samlp:SessionIndex></samlp:LogoutRequest>`
	}
	one, two := e.Person(), e.Person()
	first := ticketOf(one)
	ticketOf(two)
	for _, refused := range []string{"<x/>", "<!DOCTYPE x>" + naming(first), naming(first) + strings.Repeat(" ", 1<<16)} {
		answer := say(refused)
		assert.Equal(t, http.StatusUnauthorized, answer.Status)
		assert.NotContains(t, answer.Body, first)
	}
	assert.Equal(t, http.StatusOK, say(naming("ST-nobody")).Status, "which tells nobody what exists")
	assert.True(t, loggedIn(one))
	assert.Equal(t, http.StatusOK, say(naming(first)).Status)
	assert.False(t, loggedIn(one))
	assert.True(t, loggedIn(two))
	assert.Equal(t, http.StatusOK, say(naming(first)).Status, "a repetition does no harm")
}

// SAML-53: no other sender ends sessions.
func TestSAML53LogoutByNobody(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	p := e.Person()
	login(t, p, "saml")
	for _, query := range []string{"", "?SAMLRequest=x", "?SAMLResponse=x", "?SAMLResponse=x&RelayState=y", "?SAMLRequest=x&SAMLResponse=y"} {
		page := p.Open("/auth/slo/saml" + query)
		assert.Contains(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotFound}, page.Status, query)
	}
	p.Press("/auth/slo/saml", url.Values{"SAMLRequest": {"PHg+"}})
	assert.True(t, loggedIn(p))
}

// AUTHING_LOGOUT chooses Authing's page, or the logout of OpenID Connect with the ID token as the hint, also of a refresh.
func TestExpertLogout(t *testing.T) {
	t.Parallel()
	for mode, path := range map[string]string{"authing": "/login/profile/logout", "expert": "/oidc/session/end"} {
		e := demotest.Start(t, newApp, "AUTHING_LOGOUT="+mode)
		p := e.Person()
		login(t, p, "oidc")
		p.Press("/refresh", nil)
		p.Hold = func(r *http.Request) bool { return r.URL.Host != strings.TrimPrefix(e.Origin, "http://") }
		leaves := p.Press("/auth/logout", nil).Held
		require.NotNil(t, leaves)
		assert.Equal(t, path, leaves.URL.Path)
		assert.Equal(t, mode == "expert", strings.HasPrefix(leaves.URL.Query().Get("id_token_hint"), "ey"))
		assert.Contains(t, leaves.URL.RawQuery, url.QueryEscape(e.Origin+"/auth/loggedout/oidc"))
		assert.Contains(t, p.Press("/auth/logout", nil).Body, "You are signed out", "there is nothing left to end")
	}
}

// The metadata is available for an identity provider that needs it, and not for other protocols.
func TestMetadata(t *testing.T) {
	t.Parallel()
	p := demotest.Start(t, newApp, "SAML_ENTITY_ID=urn:me").Person()
	page := p.Open("/auth/metadata/saml")
	assert.Equal(t, "application/samlmetadata+xml", page.Header.Get("Content-Type"))
	for _, part := range []string{"urn:me", "/auth/callback/saml", "/auth/slo/saml"} {
		assert.Contains(t, page.Body, part)
	}
	assert.Equal(t, http.StatusNotFound, p.Open("/auth/metadata/oidc").Status)
	login(t, p, "saml")
}

// A page that needs a fresh login goes to the server where that did not say when the user gave the password. CAS cannot say
// it, and asks for the password; OpenID Connect says it now; SAML has said it. The second time nothing is asked.
func TestConfirm(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for protocol, asked := range map[string][]string{"oidc": {"consent"}, "saml": nil, "cas": {"login"}} {
		p := e.Person()
		page := login(t, p, protocol)
		assert.Contains(t, page.Body, `href="/confirm"`)
		assert.Equal(t, protocol == "saml", part(page, "auth-time") != "", protocol)
		for _, want := range [][]string{asked, nil} {
			page = p.Click("/confirm")
			assert.Equal(t, http.StatusOK, page.Status, protocol)
			assert.Equal(t, e.Origin+"/confirm", page.URL.String(), protocol)
			assert.Equal(t, want, page.Asked, protocol)
			assert.NotEmpty(t, part(page, "auth-time"))
		}
	}
	assert.NotContains(t, login(t, e.Person(), "oauth").Body, `href="/confirm"`, "OAuth cannot")
}
