package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestMain(m *testing.M) { demotest.Main(m) }

// call is what the page's script does.
func call(t *testing.T, p *demotest.Person) (status int, body map[string]any) {
	t.Helper()
	answer := p.Fetch(http.MethodGet, "/api", "Referer", p.Origin+"/")
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &body), answer.Body)
	return answer.Status, body
}

// The guide's steps, as the program is started: the call is refused, log in, the call works, see the profile, log out.
func TestJourney(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	p := e.Person()
	home := p.Open("/")
	assert.Contains(t, home.Body, `<button id="call">`)
	assert.Contains(t, home.Header.Get("Content-Security-Policy"), "script-src 'self'; connect-src 'self'")
	assert.Equal(t, http.StatusOK, p.Fetch(http.MethodGet, "/static/call.js").Status)
	status, body := call(t, p)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Equal(t, "/auth/login", body["login"], "it comes back to the page of the button")

	home = p.Click(body["login"].(string))
	require.Equal(t, e.Origin+"/", home.URL.String())
	assert.Equal(t, []string{"login"}, home.Asked)
	status, body = call(t, p)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "Hello, Alice Liddell!", body["message"])
	profile := p.Click("/profile")
	assert.Equal(t, http.StatusOK, profile.Status)
	assert.Contains(t, profile.Body, "<dd>"+idptest.Email+"</dd>")
	assert.NotContains(t, profile.Body, "eyJ", "a token is on the page")

	out := p.Press("/auth/logout", nil)
	assert.Equal(t, e.Origin+"/auth/loggedout", out.URL.Scheme+"://"+out.URL.Host+out.URL.Path)
	assert.Contains(t, out.Body, "You are signed out")
	status, _ = call(t, p)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Equal(t, []string{"login"}, p.Open("/profile").Asked, "the server's session has ended too")
}

// The protected route leads to the login, which comes back to it with its query.
func TestReturnToTheRoute(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	profile := e.Person().Open("/profile?tab=%20%26x")
	assert.Equal(t, e.Origin+"/profile?tab=%20%26x", profile.URL.String())
	assert.Contains(t, profile.Body, idptest.Subject)
}

// The login asks for an ID token by a POST, and nothing of it is in an address. S6: its cookie comes with a POST of another
// site, over http to localhost.
func TestS6FormPost(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	p := e.Person()
	p.Hold = func(r *http.Request) bool { return r.URL.Path == "/auth" }
	held := p.Open("/profile").Held
	query := held.URL.Query()
	assert.Equal(t, "id_token", query.Get("response_type"))
	assert.Equal(t, "form_post", query.Get("response_mode"))
	assert.NotEmpty(t, query.Get("state"))
	assert.NotEmpty(t, query.Get("nonce"))
	p.Hold = func(r *http.Request) bool { return r.URL.Path == "/auth/callback" }
	held = p.Click(held.URL.String()).Held
	require.NotNil(t, held)
	assert.Equal(t, http.MethodPost, held.Method)
	assert.Equal(t, "cross-site", held.Header.Get("Sec-Fetch-Site"))
	assert.Empty(t, held.URL.RawQuery)

	other := e.Person()
	stolen := other.Send(held)
	assert.Equal(t, "/auth/callback/seen", pathOf(stolen.Header.Get("Location")), "another browser: to where a session would be")
	assert.Empty(t, other.Cookie("session"))
	answer := p.Send(held)
	assert.Equal(t, "/profile", answer.Header.Get("Location"))
	assert.Len(t, p.Cookie("session"), 43, "no token and no user in the cookie")
	assert.NotContains(t, answer.Body, "eyJ")
}

func pathOf(address string) string {
	return regexp.MustCompile(`^(https?://[^/]*)?([^?]*)`).FindStringSubmatch(address)[2]
}

// A user who opens the API's address, and a script that asks for a page: only the first is sent to the login.
func TestOnlyUsersAreSentToTheLogin(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	p := e.Person()
	assert.Equal(t, http.StatusUnauthorized, p.Fetch(http.MethodGet, "/profile").Status)
	assert.Contains(t, p.Open("/api").Body, "Alice")
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{ClientID: "of-mine"}
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	e := demotest.Start(t, newApp, "AUTH0_ISSUER="+server.URL, "AUTH0_CLIENT_ID=of-mine")
	assert.Contains(t, e.Greeting, "register "+e.Origin+"/auth/callback, and "+e.Origin+"/auth/loggedout for after a logout")
	assert.NotContains(t, e.Greeting, idptest.Password)
	assert.Contains(t, e.Person().Open("/profile").Body, idptest.Subject)
	assert.Zero(t, idp.Requests("/token"), "the ID token comes through the browser alone")

	idp.Break(oidctest.WrongNonce)
	p := e.Person()
	assert.Equal(t, http.StatusUnauthorized, p.Open("/profile").Status)
	assert.Empty(t, p.Cookie("session"))
}

func TestSettings(t *testing.T) {
	t.Parallel()
	require.EqualError(t, demotest.Fails(t, newApp, "AUTH0_CLIENT_ID=x"), "AUTH0_CLIENT_ID is set, so AUTH0_ISSUER must be set too")
	require.ErrorContains(t, demotest.Fails(t, newApp, "AUTH0_CLIENT_ID=x", "AUTH0_ISSUER=http://tenant.example/"), "Issuer")
	require.NoError(t, demotest.Fails(t, newApp, "AUTH0_CLIENT_ID=x", "AUTH0_ISSUER=https://tenant.example/"))
}

func TestUsage(t *testing.T) {
	t.Parallel()
	usage, err := files.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.AppUsage(t, string(usage), newApp)
}
