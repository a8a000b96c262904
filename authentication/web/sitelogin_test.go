package web_test

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

const sessionCookie = "__Host-Http-session"

// loggedIn logs a user in and returns the page where the login went to.
func (w *world) loggedIn(u *userAgent, flow, back string) *page {
	w.t.Helper()
	address := appOrigin + "/auth/login"
	if flow != "" {
		address += "/" + flow
	}
	p := u.open(address + "?flow=&return=" + url.QueryEscape(back))
	require.Equal(w.t, http.StatusOK, p.StatusCode, p.body)
	require.Equal(w.t, appOrigin+back, p.Request.URL.String())
	require.Contains(w.t, p.body, "hello ")
	require.NotContains(w.t, p.body, "nobody")
	require.NotNil(w.t, u.jar.find(sessionCookie))
	return p
}

// A login by each protocol, from the Site's address to the address to return to.
func TestSiteLogin(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"", "oidc", "oauth", "saml", "cas"} {
		w := newWorld(t).open()
		u := w.person("")
		p := w.loggedIn(u, flow, "/deep/page?a=1&b=/auth/logout")
		assert.Contains(t, p.body, " by "+cmp.Or(flow, "oidc"))
		cookie := u.jar.find(sessionCookie)
		assert.True(t, cookie.Secure && cookie.HttpOnly, "S5")
		assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
		assert.Equal(t, "/", cookie.Path)
		assert.Nil(t, u.jar.find("__Host-Http-authing-login-"), "the pending login is used up")
		assert.NotNil(t, u.jar.find("__Host-Http-session.new"))
		assert.Empty(t, u.jar.dropped)
		require.Len(t, w.happened(web.EventLogin), 1, flow)
		e := w.happened(web.EventLogin)[0]
		assert.Equal(t, flow, e.Flow)
		assert.True(t, strings.HasPrefix(e.Issuer, idOrigin), e.Issuer)
		assert.Contains(t, []string{idptest.Subject, idptest.Username}, e.Subject)
		assert.NotEmpty(t, e.Session)
		assert.NotContains(t, cookie.Value, e.Session)
		assert.NoError(t, e.Err)
	}
}
