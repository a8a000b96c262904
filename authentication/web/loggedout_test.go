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

// The way back from a logout at the server counts with the state of this browser's logout alone.
func TestL10PostLogoutState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(url.Values)
		says   string
		failed bool
	}{
		"right":     {func(url.Values) {}, confirmedOut, false},
		"different": {func(q url.Values) { q.Set("state", "another") }, signedOut, true},
		"missing":   {func(q url.Values) { q.Del("state") }, signedOut, false},
		"twice":     {func(q url.Values) { q.Add("state", q.Get("state")) }, signedOut, true},
	} {
		w := newWorld(t).open()
		u := w.signedIn("", "oidc")
		u.at = appOrigin
		u.hold = func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/auth/loggedout") }
		back := u.click("/auth/logout").held
		require.NotNil(t, back)
		u.hold = nil
		query := back.URL.Query()
		c.change(query)
		back.URL.RawQuery = query.Encode()
		p := u.navigate(back)
		assert.Equal(t, http.StatusOK, p.StatusCode, name)
		assert.Contains(t, p.body, c.says, name)
		events := w.happened(web.EventLogout)
		require.NoError(t, events[0].Err, name)
		if c.failed {
			require.Len(t, events, 2, name)
			assert.ErrorIs(t, events[1].Err, authentication.ErrRefused, name)
		}
		assert.False(t, u.alive(), name)
	}

	// Another browser's state.
	w := newWorld(t).open()
	u, other := w.signedIn("", "oidc"), w.signedIn("", "oidc")
	u.at = appOrigin
	u.hold = func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/auth/loggedout") }
	back := u.click("/auth/logout").held
	require.NotNil(t, back)
	assert.NotContains(t, other.open(back.URL.String()).body, confirmedOut)
}

// The page says that the user is signed out only when it is so: another site, or the button "back", leads there too.
func TestLoggedOutPageWithASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.signedIn("", "oidc")
	u.at = "https://evil.test"
	p := u.click(appOrigin + "/auth/loggedout")
	assert.NotContains(t, p.body, "You are signed out")
	assert.Contains(t, p.body, `<form method="post" action="/auth/logout"><button>Sign out</button></form>`)
	assert.True(t, u.alive())
	u.at = appOrigin
	assert.Contains(t, u.submit("/auth/logout", url.Values{}).body, confirmedOut)
	assert.Contains(t, u.open(appOrigin+"/auth/loggedout").body, signedOut)
	assert.Contains(t, w.person("").open(appOrigin+"/auth/loggedout/saml").body, signedOut)
	assert.Equal(t, http.StatusNotFound, u.open(appOrigin+"/auth/loggedout/nobody").StatusCode)

	u.header.Set("Accept-Language", "zh")
	p = u.open(appOrigin + "/auth/loggedout")
	assert.Contains(t, p.body, "您已退出登录")
	assert.Equal(t, "zh-CN", p.Header.Get("Content-Language"))
	assert.Equal(t, "no-store", p.Header.Get("Cache-Control"))
}

// A page of the application comes after the logout, with BaseURL's own path.
func TestLoggedOutPageOfTheApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.LoggedOutPage = "/bye"
	w.open()
	for _, flow := range []string{"oidc", "oauth", "saml", "cas"} {
		u := w.signedIn("", flow)
		u.at = appOrigin
		assert.Contains(t, u.click("/auth/logout").body, "/bye: hello nobody", flow)
		assert.False(t, u.alive(), flow)
	}
}

// A HEAD or a prefetch does not use up the state.
func TestLoggedOutIdle(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.signedIn("", "oidc")
	u.at = appOrigin
	u.hold = func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/auth/loggedout") }
	back := u.click("/auth/logout").held
	require.NotNil(t, back)
	u.hold = nil
	head := copyOf(t, back)
	head.Method = http.MethodHead
	assert.Equal(t, http.StatusNoContent, u.send(head, "none", sameSite, false).StatusCode)
	u.at = appOrigin
	assert.Equal(t, http.StatusServiceUnavailable, u.load("document", back.URL.String(), "Sec-Purpose", "prefetch").StatusCode)
	assert.Contains(t, u.navigate(back).body, confirmedOut)
}
