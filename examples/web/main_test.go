package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

var protocols = []string{"oidc", "oauth", "saml", "cas"}

// embedded is the program with its own server, for the tests that change no setting. A user has at most 20 sessions, so
// those with many logins start their own.
var embedded = demotest.Shared(newApp)

// login is a login from the chooser.
func login(t *testing.T, p *demotest.Person, protocol string) *demotest.Page {
	t.Helper()
	p.Open("/")
	page := p.Click("/auth/login/" + protocol + "?return=/user")
	require.Equal(t, http.StatusOK, page.Status, page.Body)
	require.Equal(t, p.Origin+"/user", page.URL.String())
	return page
}

func loggedIn(p *demotest.Person) bool {
	return strings.Contains(p.Open("/").Body, `id="subject"`)
}

// part is the text of an element.
func part(page *demotest.Page, id string) string {
	found := regexp.MustCompile(`id="` + id + `"[^>]*>([^<]*)<`).FindStringSubmatch(page.Body)
	if found == nil {
		return ""
	}
	return found[1]
}

// Each protocol, as the program is started: choose, log in, see the account, log out.
func TestJourney(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	require.Contains(t, e.Greeting, "sign in as "+idptest.Username+" with the password "+idptest.Password)
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			p := e.Person()
			assert.Contains(t, p.Open("/").Body, `id="login-`+protocol+`" href="/auth/login/`+protocol+`"`)
			page := login(t, p, protocol)
			assert.Contains(t, []string{idptest.Subject, idptest.Username}, part(page, "subject"))
			assert.Contains(t, part(page, "issuer"), "http://127.0.0.1:")
			assert.Contains(t, page.Body, idptest.Email)
			assert.Contains(t, page.Body, "<dd>Alice Liddell</dd>")
			assert.Equal(t, protocol == "oidc" || protocol == "oauth", part(page, "token-expiry") != "")
			assert.NotContains(t, page.Body, "eyJ", "a token is on the page")
			assert.Equal(t, "no-store", page.Header.Get("Cache-Control"))
			assert.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
			assert.Contains(t, p.Open("/").Body, `id="subject"`, "the home page too")

			out := p.Press("/auth/logout", nil)
			assert.Equal(t, e.Origin, out.URL.Scheme+"://"+out.URL.Host, "the server sends the browser back")
			assert.Contains(t, out.Body, "You are signed out")
			assert.Empty(t, p.Cookie("session"))
			assert.False(t, loggedIn(p))
			assert.Contains(t, login(t, p, protocol).Asked, "login", "the server's session has ended too")
		})
	}
}

// A page that needs a session leads to the chooser, and the login comes back to it with its query.
func TestDeepLink(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for _, protocol := range protocols {
		p := e.Person()
		const deep = "/user?tab=%20%26x"
		chooser := p.Open(deep)
		assert.Equal(t, e.Origin+"/?return="+url.QueryEscape(deep), chooser.URL.String())
		link := regexp.MustCompile(`id="login-` + protocol + `" href="([^"]*)"`).FindStringSubmatch(chooser.Body)
		require.Len(t, link, 2, chooser.Body)
		assert.Equal(t, e.Origin+deep, p.Click(strings.ReplaceAll(link[1], "&amp;", "&")).URL.String())
	}
}

// S2: a planted link does not lead to another site.
func TestS2DeepLinkElsewhere(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	for _, bad := range []string{"//evil.example", "/\\evil.example", "https://evil.example/", "/.//evil.example", "javascript:alert(1)"} {
		p := e.Person()
		link := regexp.MustCompile(`id="login-oidc" href="([^"]*)"`).FindStringSubmatch(p.Open("/?return=" + url.QueryEscape(bad)).Body)
		require.Len(t, link, 2, bad)
		assert.Equal(t, e.Origin+"/", p.Click(strings.ReplaceAll(link[1], "&amp;", "&")).URL.String(), bad)
	}
}

// With one protocol there is nothing to choose: a page that needs a session leads straight to the server.
func TestOneProtocol(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp, "AUTHING_PROTOCOL=saml")
	p := e.Person()
	assert.NotContains(t, p.Open("/").Body, "login-oidc")
	assert.Equal(t, e.Origin+"/user", p.Open("/user").URL.String())
	assert.True(t, loggedIn(p))
}

func TestFormPost(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp, "OIDC_RESPONSE_MODE=form_post")
	p := e.Person()
	p.Hold = func(r *http.Request) bool { return r.URL.Path == "/auth/callback/oidc" }
	p.Open("/")
	held := p.Click("/auth/login/oidc?return=/user").Held
	require.NotNil(t, held)
	assert.Equal(t, http.MethodPost, held.Method)
	assert.Equal(t, "cross-site", held.Header.Get("Sec-Fetch-Site"))
	assert.Equal(t, "/user", p.Send(held).Header.Get("Location"))
	assert.True(t, loggedIn(p))
}

// A login by one protocol ends the session of another; the server asks for the password only once.
func TestOneProtocolAfterAnother(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	p := e.Person()
	for _, want := range []string{"oidc", "saml", "cas", "oauth", "oidc"} {
		before := p.Cookie("session")
		page := login(t, p, want)
		assert.Equal(t, before == "", slices.Contains(page.Asked, "login"), want)
		assert.Equal(t, map[string]string{"oidc": "OpenID Connect", "oauth": "OAuth 2.0", "saml": "SAML 2.0", "cas": "CAS"}[want], part(page, "protocol"))
		now := p.Cookie("session")
		assert.NotEqual(t, before, now, "S1")
		old := e.Person()
		old.Plant("session", before)
		assert.False(t, loggedIn(old))
	}
}

// What the page's script shows is in the session's JSON, which needs a header and has no token.
func TestSession(t *testing.T) {
	t.Parallel()
	p := embedded(t).Person()
	assert.Equal(t, http.StatusUnauthorized, p.Fetch(http.MethodGet, "/auth/session", "X-Requested-With", "fetch").Status)
	page := login(t, p, "oidc")
	assert.Equal(t, http.StatusForbidden, p.Fetch(http.MethodGet, "/auth/session").Status)
	answer := p.Fetch(http.MethodGet, "/auth/session", "X-Requested-With", "fetch")
	require.Equal(t, http.StatusOK, answer.Status)
	assert.NotContains(t, answer.Body, "eyJ")
	var session map[string]any
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &session))
	places := regexp.MustCompile(`data-time="([a-z_]+)"`).FindAllStringSubmatch(page.Body, -1)
	require.Len(t, places, 3)
	for _, place := range places {
		text, _ := session[place[1]].(string)
		_, err := time.Parse(time.RFC3339, text)
		assert.NoError(t, err, place[1])
	}
}

// Each response to a user is a page of the application, never plain text.
func TestNoBareText(t *testing.T) {
	t.Parallel()
	p := embedded(t).Person()
	for _, path := range []string{"/none", "/user/x", "/refresh", "/logout", "/static/none", "/static/"} {
		page := p.Open(path)
		assert.Equal(t, http.StatusNotFound, page.Status, path)
		assert.Contains(t, page.Header.Get("Content-Type"), "text/html", path)
		assert.Contains(t, page.Body, `<a class="button" href="/">`, path)
	}
	for _, file := range []string{"style.css", "icon.svg", "session.js"} {
		page := p.Open("/static/" + file)
		assert.Equal(t, http.StatusOK, page.Status, file)
		assert.Equal(t, "nosniff", page.Header.Get("X-Content-Type-Options"))
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	usage, err := files.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.AppUsage(t, string(usage), newApp)
}
