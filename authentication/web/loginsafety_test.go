package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A handle that an attacker planted, or one of an old session, is not that of the new session (session fixation).
func TestS1SiteFixation(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "saml", "cas"} {
		w := newWorld(t).open()
		attacker := w.person("")
		w.loggedIn(attacker, flow, "/private/a")
		planted := *attacker.jar.find(sessionCookie)
		for name, value := range map[string]string{"a session of the attacker": planted.Value, "an invented one": strings.Repeat("A", len(planted.Value))} {
			u := w.person("")
			cookie := planted
			cookie.Value = value
			u.jar.set(mustParse(t, appOrigin), []*http.Cookie{&cookie}, false)
			w.loggedIn(u, flow, "/private/b")
			assert.NotEqual(t, value, u.jar.find(sessionCookie).Value, name)
			attacker.jar.find(sessionCookie).Value = value
			assert.Equal(t, http.StatusUnauthorized, attacker.fetch(http.MethodGet, appOrigin+"/private/a", "").StatusCode, name)
		}
	}
}

// A login that comes back by POST needs a Secure cookie: https, or http to a loopback host. The twin by GET works on plain
// http where that is allowed.
func TestS6SiteFormPost(t *testing.T) {
	t.Parallel()
	for base, formPost := range map[string]int{appOrigin: http.StatusOK, "http://localhost:3000": http.StatusOK, "http://app.example": http.StatusInternalServerError} {
		for mode, want := range map[oauth.ResponseMode]int{"": http.StatusOK, oauth.ResponseModeFormPost: formPost} {
			w := newWorldAt(t, base)
			w.config.InsecureAllowHTTP = strings.HasPrefix(base, "http://app")
			w.config.Options = withOptions(authentication.AuthorizeOptions{ResponseMode: mode})
			for _, name := range []string{"oidc", "oauth", "saml", "cas"} {
				w.config.Flows[name] = nobody{} // these clients refuse plain http
			}
			w.open()
			u := w.person("")
			p := u.open(base + "/auth/login?flow=&return=/private/a")
			assert.Equal(t, want, p.StatusCode, "%s %s", base, mode)
			assert.Empty(t, u.jar.dropped, base)
			if want != http.StatusOK {
				e := w.happened(web.EventLoginFailed)[0]
				require.ErrorIs(t, e.Err, authentication.ErrMisconfigured)
				assert.ErrorContains(t, e.Err, "Config.BaseURL must begin with https")
				continue
			}
			assert.Equal(t, base+"/private/a", p.Request.URL.String())
		}
	}
}

// The addresses and the cookies go by BaseURL, whatever Host and X-Forwarded say.
func TestS7SiteHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.person("")
	u.hold = toServer
	for _, header := range []string{"X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Forwarded-Prefix", "X-Original-Url"} {
		u.header = http.Header{header: {"evil.test"}}
		p := u.open(appOrigin + "/auth/login?flow=")
		assert.Equal(t, appOrigin+"/auth/callback", p.held.URL.Query().Get("redirect_uri"), header)
	}
	for _, host := range []string{"evil.test", "127.0.0.1:8080", "localhost", ""} {
		r := httptest.NewRequest(http.MethodGet, "/auth/login?flow=", nil)
		r.Host = host
		r.Header.Set("Accept", acceptsPage)
		out := httptest.NewRecorder()
		w.site.ServeHTTP(out, r)
		require.Equal(t, http.StatusSeeOther, out.Code)
		assert.Equal(t, appOrigin+"/auth/callback", mustParse(t, out.Header().Get("Location")).Query().Get("redirect_uri"))
		for _, c := range out.Result().Cookies() {
			assert.True(t, c.Secure && strings.HasPrefix(c.Name, "__Host-"), c.Name)
		}
	}
}

// With several base URLs the Host chooses among them alone: each has its own redirect URI and its own sessions.
func TestS7SiteTenants(t *testing.T) {
	t.Parallel()
	const tenant = "https://tenant.example"
	w := newWorld(t)
	w.config.MoreBaseURLs = []string{tenant}
	w.oidc.RedirectURIs = append(w.oidc.RedirectURIs, tenant+"/auth/callback")
	w.open()
	w.network[tenant] = w.network[appOrigin]
	w.network["https://unknown.example"] = w.network[appOrigin]
	u := w.person("")
	p := u.open(tenant + "/auth/login?flow=&return=/private/a")
	assertAt(t, p, tenant+"/private/a")
	handle := *u.jar.find(sessionCookie)
	assert.Equal(t, http.StatusMisdirectedRequest, u.open("https://unknown.example/auth/login?flow=").StatusCode)

	other := w.person("")
	for host, want := range map[string]int{appOrigin: http.StatusUnauthorized, tenant: http.StatusOK} {
		other.jar.set(mustParse(t, host), []*http.Cookie{&handle}, false)
		assert.Equal(t, want, other.fetch(http.MethodGet, host+"/private/a", "").StatusCode, host)
	}
}

// Ten tabs with long addresses are restored at once: the Cookie header stays under 8 kB, and every tab ends at a page of
// the application.
func TestSite9TenTabs(t *testing.T) {
	t.Parallel()
	for flow, o := range map[string]authentication.AuthorizeOptions{
		"oidc": {ResponseMode: oauth.ResponseModeFormPost}, "saml": {}, "cas": {},
	} {
		for _, deep := range []int{600, 390} {
			w := newWorld(t)
			w.config.Options = withOptions(o)
			w.open()
			u := w.person("")
			path := "/private/" + strings.Repeat("d", deep)
			var tabs []*http.Request
			for range 10 {
				tabs = append(tabs, w.callbackOf(u, flow, path))
				header := 0
				for _, c := range u.jar.get(mustParse(t, appOrigin+"/"), sameSite) {
					header += len(c.String()) + 2
				}
				assert.Less(t, header, 6100, flow)
			}
			assert.Contains(t, []int{1, 2, 3, 4, 5}, u.jar.count("__Host-Http-authing-login-"))
			for i := 9; i >= 0; i-- {
				u.at = idOrigin
				p := u.navigate(tabs[i])
				assert.Equal(t, http.StatusOK, p.StatusCode, "%s: tab %d", flow, i)
				assert.Equal(t, appOrigin, originOf(p.Request.URL))
				assert.Contains(t, p.body, "hello ")
				for _, r := range p.passed {
					assert.Less(t, len(r.Header.Get("Cookie")), 8000)
				}
			}
			assert.Equal(t, 0, u.jar.count("__Host-Http-authing-login-"))
			assert.Empty(t, w.happened(web.EventLoginFailed))
		}
	}
}

// The session's cookie is Lax, so that the first page after the way back from the server has it: with Strict the guard would
// send the browser to the login for ever.
func TestS16SiteSessionIsLax(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "saml"} {
		w := newWorld(t).open()
		u := w.person("")
		p := w.loggedIn(u, flow, "/private/a")
		last := p.passed[len(p.passed)-1]
		assert.Equal(t, "cross-site", last.Header.Get("Sec-Fetch-Site"))
		assert.Len(t, last.CookiesNamed(sessionCookie), 1)
		assert.Equal(t, http.SameSiteLaxMode, u.jar.find(sessionCookie).SameSite)

		// A browser, or a proxy, that makes it Strict gets an error after one login, not a loop.
		u.jar.drop(sessionCookie)
		u.at = idOrigin
		p = u.navigate(u.asked(http.MethodGet, mustParse(t, appOrigin+"/private/a"), ""))
		assert.Equal(t, http.StatusUnauthorized, p.StatusCode)
		assert.Len(t, p.passed, 1)
		w.advance(10 * time.Second)
		p = u.open(appOrigin + "/private/a")
		assert.Equal(t, appOrigin, originOf(p.Request.URL), "later a login is right again")
		assert.NotEqual(t, http.StatusUnauthorized, p.StatusCode)
	}
}

// What the guides for beginners do wrong, and this does not.
func TestSiteUnsafeHabits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.realm.Profile = nil
	w.open()
	u := w.person("")
	u.hold = toServer
	asked := u.open(appOrigin + "/auth/login?flow=&return=/private/a%3Fx%3D1%26y%3D%22%20%23").held.URL.Query()
	u.hold = nil
	assert.GreaterOrEqual(t, len(asked.Get("state")), 22, "a state")
	assert.GreaterOrEqual(t, len(asked.Get("nonce")), 22, "and a nonce")
	assert.Equal(t, "S256", asked.Get("code_challenge_method"))

	// No token and no code in what the application answers, and no user in its cookies.
	var answers []*page
	u.hold = atCallback
	held := u.open(appOrigin + "/auth/login?flow=&return=" + url.QueryEscape(`/private/a?x=1&y=" #`)).held
	u.hold = nil
	answers = append(answers, u.send(held, "cross-site", navigation, false))
	location := answers[0].Header.Get("Location")
	assert.Equal(t, "/private/a?x=1&y=%22%20#", location, "a redirect that is encoded")
	answers = append(answers, u.open(appOrigin+location))
	code := held.URL.Query().Get("code")
	require.NotEmpty(t, code)
	for _, p := range answers {
		text := p.body
		for name, values := range p.Header {
			text += name + strings.Join(values, "\n")
		}
		assert.NotContains(t, text, code)
		assert.NotContains(t, text, "eyJ", "a JWT")
		assert.NotContains(t, text, idptest.Email)
	}
	assert.Len(t, u.jar.find(sessionCookie).Value, 43, "a handle, not the user")

	// No words of an error in the page, for a browser or a program.
	for _, accept := range []string{acceptsPage, "application/json"} {
		u.jar.drop("")
		u.header = http.Header{"Accept": {accept}}
		for _, query := range []string{"error=access_denied&error_description=MARK", "error=MARK&state=MARK", "code=MARK&state=MARK", "MARK=MARK"} {
			p := u.open(appOrigin + "/auth/callback?" + query)
			assert.GreaterOrEqual(t, p.StatusCode, 400)
			assert.NotContains(t, p.body, "MARK")
			assert.NotContains(t, p.Header.Get("Location"), "MARK")
		}
	}
	for _, e := range w.happened(web.EventLoginFailed) {
		assert.NotContains(t, e.Err.Error(), code)
	}
}
