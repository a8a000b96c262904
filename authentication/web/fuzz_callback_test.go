package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// S13: whatever comes to a callback, by a browser with or without a pending login, nobody is logged in by it, and the browser
// stays in the application. KEY stands for the key of the pending login.
func FuzzS13SiteCallback(f *testing.F) {
	w := newWorld(f)
	var loggedIn atomic.Bool
	w.config.OnEvent = func(_ context.Context, e web.Event) {
		if e.Kind == web.EventLogin {
			loggedIn.Store(true)
		}
	}
	w.open()
	flows := []string{"", "oidc", "oauth", "saml", "cas"}
	var keys []string
	var cookies []*http.Cookie
	for _, flow := range flows {
		u := w.person("")
		r := w.callbackOf(u, flow, "/private/a")
		require.NoError(f, r.ParseForm())
		keys = append(keys, r.Form.Get("state")+r.Form.Get("RelayState")+r.Form.Get("login"))
		cookies = append(cookies, u.jar.find("__Host-Http-authing-login-"))
	}
	const form = "application/x-www-form-urlencoded"
	f.Add(byte(0), "GET", "", "code=c&state=KEY", "", "", true)
	f.Add(byte(1), "GET", "", "error=access_denied&state=KEY", "", "", true)
	f.Add(byte(1), "POST", "", "", "code=c&state=KEY&iss=x", form, true)
	f.Add(byte(1), "POST", "", "", "logout_token=e30.e30.e30", form, false)
	f.Add(byte(2), "GET", "/", "code=c;state=KEY&%zz", "", "", true)
	f.Add(byte(3), "POST", "", "", "SAMLResponse=PHg%2BPC94Pg%3D%3D&RelayState=KEY", form, true)
	f.Add(byte(3), "GET", "", "SAMLRequest=c&RelayState=KEY", "", "", true)
	f.Add(byte(4), "GET", "", "login=KEY&ticket=ST-1", "", "", true)
	f.Add(byte(4), "POST", "", "login=KEY", "logoutRequest=%3Csamlp%3ALogoutRequest%2F%3E", form, false)
	f.Add(byte(4), "POST", "", "", "--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b", false)
	f.Add(byte(0), "HEAD", "/seen", "login=KEY", "", "", false)
	f.Add(byte(0), "GET", "/seen", "login=KEY", "", "", true)
	f.Fuzz(func(t *testing.T, which byte, method, path, query, body, media string, pending bool) {
		n := int(which) % len(flows)
		target := strings.TrimSuffix("/auth/callback/"+flows[n], "/") + path + "?" + strings.ReplaceAll(query, "KEY", keys[n])
		u, err := url.ParseRequestURI(target)
		if err != nil || len(method) > 10 {
			return // the server of net/http answers it
		}
		r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(strings.ReplaceAll(body, "KEY", keys[n])))
		r.Method, r.URL, r.RequestURI = method, u, target
		r.Header.Set("Content-Type", media)
		if pending {
			r.AddCookie(&http.Cookie{Name: cookies[n].Name, Value: cookies[n].Value})
		}
		out := httptest.NewRecorder()
		w.site.ServeHTTP(out, r)
		for _, c := range out.Result().Cookies() {
			assert.Negative(t, c.MaxAge, c.Name)
		}
		to := out.Header().Get("Location")
		assert.True(t, to == "" || strings.HasPrefix(to, "/auth/callback/seen?login="), to)
		assert.NotContains(t, out.Header().Get("Cache-Control"), "public")
		assert.False(t, loggedIn.Load())
	})
}
