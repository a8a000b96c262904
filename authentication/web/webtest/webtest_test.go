package webtest_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/authentication/web/webtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const base = "https://app.example"

func client(t testing.TB) *authentication.Client {
	t.Helper()
	c, err := authentication.NewClient(authentication.Options{AppID: authtest.AppID, Secret: authtest.Secret, AppHost: "https://id.example"})
	require.NoError(t, err)
	return c
}

func newSite(t testing.TB, change func(*web.Config)) *web.Site {
	t.Helper()
	config := web.Config{BaseURL: base, Flow: client(t), OnEvent: func(context.Context, web.Event) {}}
	if change != nil {
		change(&config)
	}
	site, err := web.New(config)
	require.NoError(t, err)
	return site
}

func alice() *authentication.Identity {
	return &authentication.Identity{
		Protocol: "oidc", Issuer: "https://id.example", Subject: "alice",
		Claims: map[string]any{"name": "Alice"}, Token: &oauth.Token{AccessToken: "alice-access"},
	}
}

func request(from ...*http.Request) *http.Request {
	r := httptest.NewRequest(http.MethodGet, base+"/orders", nil)
	for _, f := range from {
		for _, c := range f.Cookies() {
			r.AddCookie(c)
		}
	}
	return r
}

// answer is what an application behind RequireLogin says.
func answer(site *web.Site, r *http.Request) (int, string) {
	w := httptest.NewRecorder()
	site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := web.Identity(r.Context())
		token, err := web.Token(r.Context())
		fmt.Fprint(w, id.Subject, " ", id.Claims["name"], " ", token != nil && token.AccessToken == "alice-access", " ", err)
	})).ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestLogin(t *testing.T) {
	t.Parallel()
	site := newSite(t, nil)
	r := request()
	code, _ := answer(site, r)
	assert.Equal(t, http.StatusUnauthorized, code)

	require.NoError(t, webtest.Login(r, site, "", alice()))
	code, body := answer(site, r)
	assert.Equal(t, http.StatusOK, code)
	assert.Equal(t, "alice Alice true <nil>", body)

	_, body = answer(site, request(r))
	assert.Equal(t, "alice Alice true <nil>", body, "a further request with these cookies")
	code, _ = answer(newSite(t, nil), request(r))
	assert.Equal(t, http.StatusUnauthorized, code, "another Site has other sessions")
}

// Nothing is weaker than after a login at the server.
func TestLoginIsOneAsAnyOther(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	site := newSite(t, func(c *web.Config) {
		c.Now = func() time.Time { return now }
		c.OnLogin = func(_ context.Context, in *web.LoggedIn) error {
			if in.Identity.Subject == "mallory" {
				return fmt.Errorf("not here: %w", authentication.ErrDenied)
			}
			in.Identity.Claims["name"] = "Alice of OnLogin"
			return nil
		}
	})

	mallory := alice()
	mallory.Subject = "mallory"
	r := request()
	assert.ErrorIs(t, webtest.Login(r, site, "", mallory), authentication.ErrDenied)
	assert.Empty(t, r.Cookies())

	first := alice()
	require.NoError(t, webtest.Login(r, site, "", first))
	assert.Equal(t, "Alice", first.Claims["name"], "the caller's own Identity stays as it is")
	_, body := answer(site, request(r))
	assert.Equal(t, "alice Alice of OnLogin true <nil>", body)

	before := request(r)
	r.AddCookie(&http.Cookie{Name: "theme", Value: "dark"})
	require.NoError(t, webtest.Login(r, site, "", alice()))
	code, _ := answer(site, before)
	assert.Equal(t, http.StatusUnauthorized, code, "a login ends the session before it")
	code, _ = answer(site, request(r))
	assert.Equal(t, http.StatusOK, code)
	assert.Len(t, r.CookiesNamed("theme"), 1, "other cookies stay")
	assert.Len(t, r.Cookies(), 2)

	require.NoError(t, site.EndSessions(t.Context(), "https://id.example", "alice"))
	code, _ = answer(site, request(r))
	assert.Equal(t, http.StatusUnauthorized, code, "EndSessions")

	now = now.Add(time.Second)
	require.NoError(t, webtest.Login(r, site, "", alice()))
	code, _ = answer(site, request(r))
	assert.Equal(t, http.StatusOK, code)
	now = now.Add(25 * time.Hour)
	code, _ = answer(site, request(r))
	assert.Equal(t, http.StatusUnauthorized, code, "Config.Idle")

	over := alice()
	over.SessionExpiry = now
	assert.ErrorIs(t, webtest.Login(r, site, "", over), authentication.ErrRefused)
	over.SessionExpiry = now.Add(time.Second)
	assert.NoError(t, webtest.Login(r, site, "", over))
}

func TestLoginByNameAndHost(t *testing.T) {
	t.Parallel()
	site := newSite(t, func(c *web.Config) {
		c.MoreBaseURLs = []string{"https://tenant.example"}
		c.Flows = map[string]authentication.LoginFlow{"named": client(t)}
	})
	r := httptest.NewRequest(http.MethodGet, "https://tenant.example/", nil)
	require.NoError(t, webtest.Login(r, site, "named", alice()))
	code, _ := answer(site, r)
	assert.Equal(t, http.StatusOK, code)
	code, _ = answer(site, request(r))
	assert.Equal(t, http.StatusUnauthorized, code, "a session is of one host")

	assert.ErrorIs(t, webtest.Login(request(), site, "other", alice()), web.ErrNoFlow)
	r = httptest.NewRequest(http.MethodGet, "https://other.example/", nil)
	assert.ErrorContains(t, webtest.Login(r, site, "", alice()), "MoreBaseURLs")
}

func TestLoginInCookies(t *testing.T) {
	t.Parallel()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	site := newSite(t, func(c *web.Config) { c.Store, c.Keys = web.InCookies, web.Keys{key} })
	r := request()
	require.NoError(t, webtest.Login(r, site, "", alice()))
	_, body := answer(site, request(r))
	assert.Equal(t, "alice Alice true <nil>", body)
}

func TestLoginNeedsAUser(t *testing.T) {
	t.Parallel()
	site := newSite(t, nil)
	for name, change := range map[string]func(*authentication.Identity){
		"Protocol": func(id *authentication.Identity) { id.Protocol = "" },
		"Issuer":   func(id *authentication.Identity) { id.Issuer = "" },
		"Subject":  func(id *authentication.Identity) { id.Subject = "" },
	} {
		id := alice()
		change(id)
		r := request()
		assert.ErrorContains(t, webtest.Login(r, site, "", id), name)
		assert.Empty(t, r.Cookies())
	}
	assert.ErrorIs(t, webtest.Login(request(), site, "", nil), authentication.ErrMisconfigured)
	assert.ErrorIs(t, webtest.Login(request(), nil, "", alice()), authentication.ErrMisconfigured)
}

// A program that is no test opens no session, with the same call.
func TestLoginIsForTestsAlone(t *testing.T) {
	t.Parallel()
	said, err := exec.CommandContext(t.Context(), "go", "run", "./testdata/program").CombinedOutput()
	require.NoError(t, err, "%s", said)
	assert.Equal(t, "webtest: Login works in tests alone, 0 cookies\n", string(said))
}
