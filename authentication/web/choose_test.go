package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// The address of logins goes straight to the only flow, and to the chooser where there are several.
func TestSiteChooser(t *testing.T) {
	t.Parallel()
	const login = "/auth/login?return=/private/a"
	for name, c := range map[string]struct {
		change func(*web.Config)
		want   string // a path of the application, or the callback that the server is told
	}{
		"Flow alone":            {func(c *web.Config) { c.Flows = nil }, "/auth/callback"},
		"one named":             {func(c *web.Config) { c.Flow = nil; delete(c.Flows, "cas") }, "/auth/callback/oidc"},
		"several named":         {func(c *web.Config) { c.Flow = nil }, login},
		"Flow and named":        {func(*web.Config) {}, login},
		"several and a page":    {func(c *web.Config) { c.LoginPage = "/welcome" }, "/welcome?return=%2Fprivate%2Fa"},
		"Flow and by name":      {func(c *web.Config) { c.Flows, c.FlowByName = nil, noTenant }, "/auth/callback"},
		"Flow, by name, a page": {func(c *web.Config) { c.Flows, c.FlowByName, c.LoginPage = nil, noTenant, "/welcome" }, "/welcome?return=%2Fprivate%2Fa"},
		"by name and a page":    {func(c *web.Config) { c.Flow, c.Flows, c.FlowByName, c.LoginPage = nil, nil, noTenant, "/welcome" }, "/welcome?return=%2Fprivate%2Fa"},
	} {
		w := newWorld(t)
		w.config.Flow = w.oidcFlow()
		w.config.Flows = map[string]authentication.LoginFlow{"oidc": w.oidcFlow(), "cas": w.casFlow()}
		c.change(&w.config)
		w.serve()
		u := w.person("")
		u.hold = toServer
		p := u.open(appOrigin + login)
		if p.held != nil {
			assert.Equal(t, appOrigin+c.want, p.held.URL.Query().Get("redirect_uri"), name)
			continue
		}
		assertAt(t, p, appOrigin+c.want)
	}
}

func noTenant(context.Context, string) (authentication.LoginFlow, error) { return nil, web.ErrNoFlow }

// The built-in chooser has a link for each flow, which keeps the address to return to; each logs in.
func TestSiteChooserPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.Flow = w.oidcFlow()
	w.config.Flows = map[string]authentication.LoginFlow{"cas": w.casFlow(), "oauth": w.oauthFlow()}
	w.serve()
	u := w.person("")
	p := u.open(appOrigin + "/auth/login?return=" + url.QueryEscape("/private/a?b=<c>&d"))
	require.Equal(t, http.StatusOK, p.StatusCode)
	assert.Contains(t, p.body, `<html lang="en">`)
	assert.Contains(t, p.body, `<a href="/auth/login?flow=&amp;return=%2Fprivate%2Fa%3Fb%3D%3Cc%3E%26d">Standard sign-in</a>`)
	assert.Contains(t, p.body, `<a href="/auth/login/cas?return=%2Fprivate%2Fa%3Fb%3D%3Cc%3E%26d">cas</a>`)
	assert.Contains(t, p.body, `<a href="/auth/login/oauth?return=%2Fprivate%2Fa%3Fb%3D%3Cc%3E%26d">oauth</a>`)
	assert.Equal(t, "no-store", p.Header.Get("Cache-Control"))
	assert.Regexp(t, `^default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'sha256-[^']*'$`, p.Header.Get("Content-Security-Policy"))
	assert.Empty(t, p.Header["Set-Cookie"])
	assertAt(t, u.click("/auth/login?flow=&return=%2Fprivate%2Fa%3Fb%3D%3Cc%3E%26d"), appOrigin+"/private/a?b=%3Cc%3E&d")
	assertAt(t, u.click("/auth/login/cas?return=%2Fprivate%2Fb"), appOrigin+"/private/b")

	u.header.Set("Accept-Language", "zh-CN,zh;q=0.9")
	p = u.open(appOrigin + "/auth/login?return=https://evil.test/")
	assert.Contains(t, p.body, `<html lang="zh-CN">`)
	assert.Contains(t, p.body, `<a href="/auth/login/cas">cas</a>`)
	assert.NotContains(t, p.body, "evil")

	u.at = appOrigin
	for _, p := range []*page{u.load("image", "/auth/login"), u.fetch(http.MethodGet, "/auth/login", "")} {
		assert.Equal(t, http.StatusUnauthorized, p.StatusCode)
		assert.Contains(t, p.body, `"login":"/auth/login"`)
	}
	assert.Equal(t, http.StatusMethodNotAllowed, u.submit("/auth/login", url.Values{}).StatusCode)
}

// A flow that is added at run time logs in; an unknown one is 404, and one that cannot be read now is 503.
func TestSiteFlowByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.oidc.RedirectURIs = append(w.oidc.RedirectURIs, appOrigin+"/auth/callback/tenant-1")
	w.config.Flow = w.oidcFlow()
	w.config.FlowByName = func(_ context.Context, name string) (authentication.LoginFlow, error) {
		switch name {
		case "tenant-1":
			return w.oidcFlow(), nil
		case "down":
			return nil, errors.New("the database is down")
		}
		return nil, web.ErrNoFlow
	}
	w.serve()
	for path, want := range map[string]int{
		"login/tenant-1": http.StatusOK, "login/tenant-2": http.StatusNotFound, "login/down": http.StatusServiceUnavailable,
		"callback/tenant-2": http.StatusNotFound, "login/TENANT-1": http.StatusNotFound, "login/tenant-1/": http.StatusNotFound,
	} {
		u := w.person("")
		p := u.open(appOrigin + "/auth/" + path)
		assert.Equal(t, want, p.StatusCode, path)
		assert.Equal(t, want == http.StatusOK, u.jar.find(sessionCookie) != nil)
	}
}

// A login of one flow is not completed at the callback of another (A18).
func TestA18SiteCallbackOfAnotherFlow(t *testing.T) {
	t.Parallel()
	for _, other := range []bool{true, false} {
		w := newWorld(t).open()
		u := w.person("")
		r := w.callbackOf(u, "oidc", "/private/a")
		if other {
			r.URL.Path = "/auth/callback" // the same server, by another name
		}
		p := u.navigate(r)
		assert.Equal(t, other, p.StatusCode == http.StatusUnauthorized, p.StatusCode)
		assert.Equal(t, other, u.jar.find(sessionCookie) == nil)
		if other {
			assert.ErrorIs(t, w.happened(web.EventLoginFailed)[0].Err, web.LostState)
			assert.Zero(t, w.realm.Requests("/oidc/token"))
		}
	}
}
