package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// toServer stops at the server: its address is the request of the login.
func toServer(r *http.Request) bool { return originOf(r.URL) == idOrigin }

// returns begins a login in a new browser with this text as its return, and returns where the login ends.
func (w *world) returns(text string) string {
	w.t.Helper()
	return w.person("").open(w.config.BaseURL + "/auth/login?flow=&return=" + url.QueryEscape(text)).Request.URL.String()
}

// A login comes back to a page of the application, and to nothing else.
func TestS2SiteReturn(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("p", 399)
	for base, at := range map[string]*world{"": newWorld(t).open(), "/app": newWorldAt(t, appOrigin+"/app").open()} {
		home := appOrigin + base + "/"
		for text, want := range map[string]string{
			base + "/":                              home,
			base + "/a/b?c=d":                       appOrigin + base + "/a/b?c=d",
			base + "/a?next=https://evil.example/x": appOrigin + base + "/a?next=https://evil.example/x",
			base + "/authors":                       appOrigin + base + "/authors",
			base + "/x/auth/logout":                 appOrigin + base + "/x/auth/logout",
			base + "/é?ü=\"<b>\\":                   appOrigin + base + "/%C3%A9?%C3%BC=%22%3Cb%3E%5C",
			base + long[:400-len(base)]:             appOrigin + base + long[:400-len(base)],
			base + long[:400-len(base)] + "p":       home,
			"":                                      home,
			"a":                                     home,
			"//evil.example":                        home,
			base + "//evil.example":                 home,
			"/\\evil.example":                       home,
			"/\t/evil.example":                      home,
			"https://evil.example/":                 home,
			appOrigin + base + "/a":                 home,
			"https:evil.example":                    home,
			"javascript:alert(1)":                   home,
			"//app.example@evil.example/":           home,
			"/%5cevil.example":                      home,
			base + "/a\r\nSet-Cookie: x=y":          home,
			base + "/../evil":                       home,
			base + "/a/%2e%2e/auth/logout":          home,
			base + "/auth":                          home,
			base + "/auth/logout":                   home,
			base + "/auth?x":                        home,
			base + "/auth#x":                        home,
			base + "/%61uth/logout":                 home,
			base + "/auth%2flogout":                 home,
		} {
			assert.Equal(t, want, at.returns(text), "%q", text)
		}
	}
	below := newWorldAt(t, appOrigin+"/app").open()
	for _, outside := range []string{"/", "/a", "/app", "/application", "/auth/logout", "/%61pp/a"} {
		assert.Equal(t, appOrigin+"/app/", below.returns(outside), "%q is not of this application", outside)
	}
}

// A return that makes the cookie too long is left out, so that the login works: a browser would drop the cookie.
func TestS10SiteReturnTooLongForTheCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for text, want := range map[string]string{strings.Repeat("<", 399): "/", strings.Repeat("<", 50): "/" + strings.Repeat("%3C", 50)} {
		assert.Equal(t, appOrigin+want, w.returns("/"+text), "JSON writes six bytes for each of them")
	}
}

// A request that is not a navigation of the whole window begins nothing, and is told the address of the login.
func TestSiteLoginNavigation(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	calls := w.realm.Requests("/oidc/.well-known/openid-configuration")
	u := w.person("")
	u.at = appOrigin
	const address = "/auth/login?flow=&return=%2Fprivate%2Fa"
	for name, p := range map[string]*page{
		"an image": u.load("image", address), "a script": u.load("script", address), "a fetch": u.fetch(http.MethodGet, address, ""),
		"HEAD":       u.fetch(http.MethodHead, address, "", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"),
		"a prefetch": u.load("document", address, "Sec-Purpose", "prefetch", "Sec-Fetch-Mode", "navigate"),
		"a frame":    u.load("iframe", address), "a fenced frame": u.load("fencedframe", address),
	} {
		assert.Equal(t, http.StatusUnauthorized, p.StatusCode, name)
		assert.Equal(t, "Login", p.Header.Get("WWW-Authenticate"), name)
		assert.Empty(t, p.Header["Set-Cookie"], name)
		assert.Contains(t, p.Header.Get("Cache-Control"), "no-store", name)
		switch {
		case strings.Contains(name, "frame"):
			assert.Contains(t, p.body, `href="/auth/login?flow=&amp;return=%2Fprivate%2Fa" target="_top"`, name)
		default:
			assert.Equal(t, "application/problem+json", p.Header.Get("Content-Type"), name)
			assert.Contains(t, p.body, `"login":"/auth/login?flow=\u0026return=%2Fprivate%2Fa"`, name)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodOptions, http.MethodDelete} {
		p := u.fetch(method, address, "")
		assert.Equal(t, http.StatusMethodNotAllowed, p.StatusCode, method)
		assert.NotEmpty(t, p.Header.Get("Allow"))
	}
	assert.Equal(t, http.StatusMethodNotAllowed, u.submit("/auth/login/oidc", url.Values{"return": {"/private/a"}}).StatusCode, "a form without iss")
	assert.Equal(t, calls, w.realm.Requests("/oidc/.well-known/openid-configuration"), "nothing was begun")
	assertAt(t, u.open(appOrigin+address), appOrigin+"/private/a")
}

// The options of Config.Options go to the server, and those of Login and of a third party before them; RedirectURI is the
// Site's.
func TestSiteLoginOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.Options = func(r *http.Request, flow string) (authentication.AuthorizeOptions, error) {
		if r.URL.Query().Get("return") == "/fails" {
			return authentication.AuthorizeOptions{}, errors.New("the database is down")
		}
		return authentication.AuthorizeOptions{UILocales: "zh-CN", LoginHint: "hint of " + flow, RedirectURI: r.URL.Query().Get("back")}, nil
	}
	w.app = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.site.Login(out, r, "oidc", authentication.AuthorizeOptions{MaxAge: time.Minute, LoginHint: "alice", RedirectURI: r.URL.Query().Get("to")})
	})
	w.open()
	u := w.person("")
	u.hold = toServer
	query := func(address string) url.Values {
		p := u.open(appOrigin + address)
		require.NotNil(t, p.held, "%v", p.Response)
		return p.held.URL.Query()
	}
	asked := query("/auth/login/oidc")
	assert.Equal(t, "zh-CN", asked.Get("ui_locales"))
	assert.Equal(t, "hint of oidc", asked.Get("login_hint"))
	assert.Equal(t, appOrigin+"/auth/callback/oidc", asked.Get("redirect_uri"))
	assert.Equal(t, appOrigin+"/auth/callback", query("/auth/login?flow=").Get("redirect_uri"))
	asked = query("/some/page")
	assert.Equal(t, "zh-CN", asked.Get("ui_locales"))
	assert.Equal(t, "alice", asked.Get("login_hint"))
	assert.Equal(t, "60", asked.Get("max_age"))

	for address, want := range map[string]int{
		"/auth/login/oidc?back=https://evil.test/cb": http.StatusInternalServerError, "/some/page?to=https://evil.test/cb": http.StatusInternalServerError,
		"/auth/login/oidc?return=/fails": http.StatusServiceUnavailable, "/auth/login/nobody": http.StatusNotFound,
	} {
		assert.Equal(t, want, u.open(appOrigin+address).StatusCode, address)
	}
	failed := w.happened(web.EventLoginFailed)
	require.Len(t, failed, 3)
	for _, e := range failed {
		if !strings.Contains(e.Err.Error(), "database") {
			assert.ErrorIs(t, e.Err, authentication.ErrMisconfigured)
			assert.ErrorContains(t, e.Err, "RedirectURI")
		}
	}
}

// A flow that has no such option says so, before the browser leaves.
func TestSiteLoginOptionOfAnotherProtocol(t *testing.T) {
	t.Parallel()
	for flow, want := range map[string]int{"oidc": 0, "cas": http.StatusInternalServerError} {
		w := newWorld(t)
		w.config.Options = withOptions(authentication.AuthorizeOptions{LoginHint: "alice"})
		w.open()
		u := w.person("")
		u.hold = toServer
		p := u.open(appOrigin + "/auth/login/" + flow)
		if want == 0 {
			require.NotNil(t, p.held)
			continue
		}
		assert.Equal(t, want, p.StatusCode)
		assert.ErrorContains(t, w.happened(web.EventLoginFailed)[0].Err, "LoginHint")
	}
}
