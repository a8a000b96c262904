package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// A third party may begin a login, by GET or by a form, for the configured issuer and a page of the application. It
// changes no session before the login is complete.
func TestA19SiteInitiation(t *testing.T) {
	t.Parallel()
	const issuer = idOrigin + "/oidc"
	long := strings.Repeat("h", 1025)
	for name, c := range map[string]struct {
		path   string
		sent   url.Values
		status int
		end    string
	}{
		"iss alone":               {"/auth/login", url.Values{"iss": {issuer}}, 200, "/"},
		"of a named flow":         {"/auth/login/oidc", url.Values{"iss": {issuer}, "login_hint": {"alice"}}, 200, "/"},
		"a page":                  {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {appOrigin + "/private/a?b=c"}}, 200, "/private/a?b=c"},
		"the port":                {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {"HTTPS://APP.example:443/private/a"}}, 200, "/private/a"},
		"one of the Site's":       {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {appOrigin + "/auth/logout"}}, 200, "/"},
		"two slashes":             {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {appOrigin + "//evil.test"}}, 200, "/"},
		"another site":            {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {"https://evil.test/"}}, 401, ""},
		"another port":            {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {appOrigin + ":8443/"}}, 401, ""},
		"a user in the address":   {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {"https://app.example@evil.test/"}}, 401, ""},
		"a user at this site":     {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {"https://u@app.example/private/a"}}, 401, ""},
		"no address":              {"/auth/login", url.Values{"iss": {issuer}, "target_link_uri": {"/private/a"}}, 401, ""},
		"another issuer":          {"/auth/login", url.Values{"iss": {issuer + "/"}}, 401, ""},
		"an empty issuer":         {"/auth/login", url.Values{"iss": {""}}, 401, ""},
		"twice":                   {"/auth/login", url.Values{"iss": {issuer, issuer}}, 401, ""},
		"a long hint":             {"/auth/login", url.Values{"iss": {issuer}, "login_hint": {long}}, 401, ""},
		"a long hint, one less":   {"/auth/login", url.Values{"iss": {issuer}, "login_hint": {long[1:]}}, 200, "/"},
		"a flow that has no such": {"/auth/login/cas", url.Values{"iss": {issuer}}, 404, ""},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			w := newWorld(t).open()
			u := w.person("")
			w.loggedIn(u, "cas", "/private/a")
			session := u.jar.find(sessionCookie).Value
			begin := func() *page {
				if method == http.MethodGet {
					return u.click(appOrigin + c.path + "?" + c.sent.Encode())
				}
				return u.submit(appOrigin+c.path, c.sent)
			}
			u.at, u.hold = "https://portal.test", toServer
			p := begin()
			assert.Equal(t, session, u.jar.find(sessionCookie).Value, "the session goes on")
			if c.status != http.StatusOK {
				require.Nil(t, p.held, name)
				assert.Equal(t, c.status, p.StatusCode, name)
				assert.Empty(t, p.Header["Set-Cookie"], name)
				continue
			}
			require.NotNil(t, p.held, "%s %s: %v", name, method, p.Response)
			assert.Equal(t, c.sent.Get("login_hint"), p.held.URL.Query().Get("login_hint"))
			u.hold = nil
			assertAt(t, u.navigate(p.held), appOrigin+c.end)
			assert.NotEqual(t, session, u.jar.find(sessionCookie).Value)
		}
	}
}

// Only a navigation of the whole window begins a login for a third party, and a form must be one.
func TestA19SiteInitiationNavigation(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.person("")
	u.at = "https://portal.test"
	iss := "iss=" + url.QueryEscape(idOrigin+"/oidc")
	const form, navigate = "application/x-www-form-urlencoded", "navigate"
	for name, c := range map[string]struct {
		method, query, body string
		header              []string
		want                int
	}{
		"a form":         {http.MethodPost, "", iss, []string{"Content-Type", form, "Sec-Fetch-Mode", navigate, "Sec-Fetch-Dest", "document"}, http.StatusSeeOther},
		"a fetch":        {http.MethodPost, "", iss, []string{"Content-Type", form}, http.StatusUnauthorized},
		"a frame":        {http.MethodPost, "", iss, []string{"Content-Type", form, "Sec-Fetch-Mode", navigate, "Sec-Fetch-Dest", "iframe"}, http.StatusUnauthorized},
		"JSON":           {http.MethodPost, "", iss, []string{"Content-Type", "application/json", "Sec-Fetch-Mode", navigate, "Sec-Fetch-Dest", "document"}, http.StatusMethodNotAllowed},
		"a form's query": {http.MethodPost, "?" + iss, "", []string{"Content-Type", form, "Sec-Fetch-Mode", navigate, "Sec-Fetch-Dest", "document"}, http.StatusMethodNotAllowed},
		"an image":       {http.MethodGet, "?" + iss, "", []string{"Sec-Fetch-Dest", "image", "Sec-Fetch-Mode", "no-cors"}, http.StatusUnauthorized},
		"a PUT":          {http.MethodPut, "?" + iss, "", []string{"Sec-Fetch-Mode", navigate, "Sec-Fetch-Dest", "document"}, http.StatusUnauthorized},
	} {
		p := u.fetch(c.method, appOrigin+"/auth/login/oidc"+c.query, c.body, c.header...)
		assert.Equal(t, c.want, p.StatusCode, name)
		assert.Equal(t, c.want == http.StatusSeeOther, len(p.Header["Set-Cookie"]) > 0, name)
	}
	for _, e := range w.happened(web.EventLoginFailed) {
		assert.ErrorIs(t, e.Err, authentication.ErrRefused)
	}
}
