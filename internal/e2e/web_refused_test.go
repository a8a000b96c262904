//go:build interop

package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testCancel(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	s.begin(who)
	res, err := chromedp.RunResponse(who.ctx, chromedp.Click(s.server.cancel))
	require.NoError(t, err)
	assert.Contains(t, []int64{http.StatusUnauthorized, http.StatusForbidden}, res.Status)
	who.shoot("cancelled")
	assert.NotContains(t, who.html(), "eyJ")
	assert.False(t, s.loggedIn(who))
	s.login(who)
}

// held logs in up to the callback, which it holds back and returns.
func held(s *site, b *tab) string {
	b.t.Helper()
	return b.intercept(s.callback, func() {
		s.begin(b)
		s.server.signIn(b)
	})
}

// deliver opens a callback by hand and returns the status of the page.
func deliver(b *tab, callback string) int64 {
	b.t.Helper()
	res := run(b, "open the callback", chromedp.NavigateResponse(callback))
	require.NotNil(b.t, res)
	return res.Status
}

func testStateChanged(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	callback, err := url.Parse(held(s, who))
	require.NoError(t, err)
	right := callback.String()
	query := callback.Query()
	query.Set("state", strings.Repeat("x", len(query.Get("state"))))
	callback.RawQuery = query.Encode()

	assert.EqualValues(t, http.StatusUnauthorized, deliver(who, callback.String()))
	who.shoot("refused")
	assert.False(t, s.loggedIn(who))
	assert.EqualValues(t, http.StatusOK, deliver(who, right))
	assert.True(t, s.loggedIn(who))
}

func testCallbackElsewhere(t *testing.T, s *site, b *browser) {
	who, other := b.profile(t), b.profile(t)
	callback := held(s, who)
	assert.EqualValues(t, http.StatusUnauthorized, deliver(other, callback))
	assert.False(t, s.loggedIn(other))
	assert.EqualValues(t, http.StatusOK, deliver(who, callback))
	assert.True(t, s.loggedIn(who))
}

func testCallbackTwice(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	callback := held(s, who)
	require.EqualValues(t, http.StatusOK, deliver(who, callback))
	assert.EqualValues(t, http.StatusOK, deliver(who, callback), "it ends where the login ended")
	assert.Equal(t, s.origin+"/user", who.location())
	assert.True(t, s.loggedIn(who), "a stale callback must not end the session")
}

// A page of another site posts to the application: the user stays logged in.
func testForeignLogout(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	s.login(who)
	foreign := who.another()
	foreign.open(strings.Replace(s.origin, "localhost", "127.0.0.1", 1) + "/")
	res, err := chromedp.RunResponse(foreign.ctx, chromedp.Evaluate[chromedp.Void](
		`(() => { const f = document.createElement("form"); f.method = "post"; f.action = "`+s.origin+`/auth/logout"; document.body.append(f); f.submit() })()`))
	require.NoError(t, err)
	assert.EqualValues(t, http.StatusOK, res.Status, "a page with a button, which changes nothing")
	assert.True(t, s.loggedIn(who))
	s.logout(who) // the same request from the application's own page
	assert.False(t, s.loggedIn(who))
}
