//go:build interop

package e2e

import (
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
)

func TestCAS(t *testing.T) {
	b := startBrowser(t)
	for server, s := range casSites(t) {
		t.Run(server, func(t *testing.T) {
			t.Run("login", func(t *testing.T) { testCASLogin(t, s, b) })
			t.Run("renew", func(t *testing.T) { testCASRenew(t, s, b) })
			t.Run("logout at the server", func(t *testing.T) { testBackChannelLogout(t, s, b) })
			for _, test := range []struct {
				name string
				run  func(*testing.T, *site, *browser)
			}{
				{"logout and login again", testLogout},
				{"not logged in", testNotLoggedIn},
				{"callback in another browser", testCallbackElsewhere},
				{"callback twice", testCallbackTwice},
				{"two tabs", testTwoTabs},
				{"back button", testBackButton},
				{"logout by another site", testForeignLogout},
			} {
				t.Run(test.name, func(t *testing.T) { test.run(t, s.site, b) })
			}
		})
	}
}

func testCASLogin(t *testing.T, s *casSite, b *browser) {
	who := b.profile(t)
	who.open(s.origin + "/")
	who.shoot("home")
	s.begin(who)
	who.shoot("login")
	s.look()
	s.server.signIn(who)
	who.see("#subject")
	who.shoot("user")
	s.crosses(t, s.callback)

	assert.Equal(t, s.subject, who.text("#subject"))
	for _, value := range s.attributes {
		assert.Contains(t, who.text("#claims"), value)
	}
	assert.Equal(t, s.origin+"/user", who.location(), "the ticket left the address")
	assert.NotContains(t, who.html(), "ST-", "the page contains a ticket")
	after := sessionCookies(t, who)
	require.Len(t, after, 1, "only the session cookie stays, not the pending login")
	for name, c := range after {
		assert.True(t, c.HTTPOnly, name)
		assert.Equal(t, network.CookieSameSiteLax, c.SameSite, name)
	}
}

// A user with a session at the server is not asked again, unless the application wants a fresh login and the server does not
// say that this one is. Each login has a new session.
func testCASRenew(t *testing.T, s *casSite, b *browser) {
	who := b.profile(t)
	s.login(who)
	first := sessionValue(t, who)
	who.open(s.origin + "/auth/login/cas?return=/user")
	require.Equal(t, s.origin+"/user", who.location())
	assert.NotEqual(t, first, sessionValue(t, who))

	who.click("#confirm")
	if s.timeless {
		who.shoot("renew")
		s.server.signIn(who)
	}
	who.at(s.origin + "/confirm")
	assert.True(t, s.loggedIn(who))
}

func sessionValue(t *testing.T, b *tab) string {
	t.Helper()
	for _, c := range sessionCookies(t, b) {
		return c.Value
	}
	return ""
}

// The user signs out in another tab, at the server, which notifies the application. Another user's session stays.
func testBackChannelLogout(t *testing.T, s *casSite, b *browser) {
	who, other := b.profile(t), b.profile(t)
	s.begin(who)
	at, err := url.Parse(who.location())
	require.NoError(t, err)
	s.server.signIn(who)
	who.see("#subject")
	s.login(other)

	away := who.another()
	if s.base != "" {
		away.open(s.base + "/logout")
	} else {
		away.open("http://" + at.Host + "/cas-idp/" + authtest.AppID + "/logout")
	}
	away.shoot("away")
	assert.False(t, s.loggedIn(who))
	assert.Empty(t, sessionCookies(t, who), "the cookie of the ended session goes")
	assert.True(t, s.loggedIn(other))
	s.login(who)
}
