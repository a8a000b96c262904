package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestMain(m *testing.M) { demotest.Main(m) }

// The guide's steps, as the program is started: log in, see the user info, call the API, log out.
func TestJourney(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	p := e.Person()
	assert.Contains(t, p.Open("/").Body, "Hi there!")
	home := p.Click("/auth/login")
	require.Equal(t, e.Origin+"/", home.URL.String())
	assert.Equal(t, []string{"login", "consent"}, home.Asked)
	assert.Contains(t, home.Body, "Welcome "+idptest.Email)
	assert.Contains(t, home.Part("json"), `"nickname"`, "what only the user info has")
	assert.NotContains(t, home.Body, "eyJ", "a token is on the page")

	called := p.Click("/call")
	assert.Equal(t, "200 OK", called.Part("status"))
	assert.Contains(t, called.Part("answer"), `"user": "`+idptest.Subject)

	p.Hold = func(r *http.Request) bool { return r.URL.Path == "/session/end" }
	held := p.Press("/auth/logout", nil).Held
	require.NotNil(t, held)
	query := held.URL.Query()
	assert.Empty(t, query.Get("id_token_hint"))
	assert.Equal(t, e.Origin+"/auth/loggedout", query.Get("post_logout_redirect_uri"))
	assert.Empty(t, p.Cookie("session"), "the session here has ended first")
	p.Hold = nil
	out := p.Click(held.URL.String())
	assert.Equal(t, []string{"logout"}, out.Asked, "without a hint the server asks")
	assert.Contains(t, out.Body, "You are signed out")
	assert.Contains(t, p.Open("/").Body, "Hi there!")
	assert.Equal(t, []string{"login", "consent"}, p.Click("/auth/login").Asked, "the server's session has ended too")
}

// The call of the API needs a login, and comes back to it.
func TestCallWithoutLogin(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	called := e.Person().Open("/call")
	assert.Equal(t, e.Origin+"/call", called.URL.String())
	assert.Equal(t, "200 OK", called.Part("status"))
}

// realm is a server and an API that the environment names.
type realm struct {
	*oidctest.Server
	*demotest.Example
	refuses atomic.Int32 // how many user infos are refused from now on
	refused atomic.Bool  // no refresh works from now on
}

func elsewhere(t *testing.T) *realm {
	t.Helper()
	r := &realm{Server: &oidctest.Server{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch {
		case req.URL.Path == "/me" && r.refuses.Add(-1) >= 0:
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			w.WriteHeader(http.StatusUnauthorized)
		case req.URL.Path == "/token" && r.refused.Load():
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"invalid_grant"}`)
		default:
			r.Server.ServeHTTP(w, req)
		}
	}))
	t.Cleanup(server.Close)
	r.AccessTokenAudience = server.URL
	r.Example = demotest.Start(t, newApp, "AUTHGEAR_ENDPOINT="+server.URL, "AUTHGEAR_CLIENT_ID="+oidctest.ClientID, "AUTHGEAR_CLIENT_SECRET="+oidctest.ClientSecret)
	return r
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	r := elsewhere(t)
	assert.Contains(t, r.Greeting, "register "+r.Origin+"/auth/callback, and "+r.Origin+"/auth/loggedout for after a logout")
	assert.NotContains(t, r.Greeting, idptest.Password)
	p := r.Person()
	p.Open("/")
	assert.Equal(t, idptest.Subject, p.Click("/auth/login").Part("subject"))
	assert.Equal(t, "200 OK", p.Click("/call").Part("status"))
}

// A token that the server ended before its time is replaced, once.
func TestFreshToken(t *testing.T) {
	t.Parallel()
	r := elsewhere(t)
	p := r.Person()
	p.Open("/")
	before := p.Click("/auth/login").Part("token-print")
	assert.Equal(t, before, p.Open("/").Part("token-print"))
	r.refuses.Store(1)
	after := p.Open("/").Part("token-print")
	assert.NotEqual(t, before, after)
	assert.Equal(t, after, p.Open("/").Part("token-print"), "and kept")

	r.refuses.Store(2)
	page := p.Open("/")
	assert.Equal(t, http.StatusServiceUnavailable, page.Status, "no loop")
	assert.NotContains(t, page.Body, "invalid_token", "the guide shows the error")
	assert.Empty(t, page.Asked)
}

// A user whose refresh token has ended logs in again, and comes back.
func TestLoginAgain(t *testing.T) {
	t.Parallel()
	r := elsewhere(t)
	p := r.Person()
	p.Open("/")
	before := p.Click("/auth/login").Part("token-print")
	r.refuses.Store(1)
	r.refused.Store(true)
	p.Hold = func(req *http.Request) bool { return req.URL.Path == "/auth" }
	held := p.Open("/").Held
	require.NotNil(t, held)
	r.refused.Store(false)
	p.Hold = nil
	page := p.Click(held.URL.String())
	assert.Equal(t, r.Origin+"/", page.URL.String())
	assert.NotEqual(t, before, page.Part("token-print"))
}

// What the guide does, and this does not.
func TestUnsafeHabits(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp)
	p := e.Person()
	p.Hold = func(r *http.Request) bool { return r.URL.Path == "/auth" }
	query := p.Open("/auth/login").Held.URL.Query()
	assert.NotEmpty(t, query.Get("state"))
	assert.NotEmpty(t, query.Get("nonce"))
	assert.Equal(t, "S256", query.Get("code_challenge_method"))
	p.Hold = nil
	p.Open("/call")
	handle := p.Cookie("session")
	assert.Len(t, handle, 43, "no token and no user in the cookie")
	image := p.Fetch(http.MethodGet, "/auth/logout")
	assert.Empty(t, image.Header.Values("Set-Cookie"), "a link or an image signs nobody out")
	assert.Equal(t, handle, p.Cookie("session"))
	left := p.Press("/auth/logout", url.Values{})
	assert.Empty(t, left.Header.Get("Authorization"))
	p.Plant("session", handle)
	assert.Contains(t, p.Open("/").Body, "Hi there!", "the handle is dead")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	require.EqualError(t, demotest.Fails(t, newApp, "AUTHGEAR_CLIENT_ID=x"), "AUTHGEAR_CLIENT_ID is set, so AUTHGEAR_ENDPOINT, AUTHGEAR_CLIENT_SECRET must be set too")
	require.ErrorContains(t, demotest.Fails(t, newApp, "AUTHGEAR_API_URL=api"), "AUTHGEAR_API_URL is not an address")
	require.NoError(t, demotest.Fails(t, newApp, "AUTHGEAR_API_URL=https://api.example/orders"))
}

func TestUsage(t *testing.T) {
	t.Parallel()
	usage, err := files.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.AppUsage(t, string(usage), newApp)
}
