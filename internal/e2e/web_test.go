//go:build interop

package e2e

import (
	"cmp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWeb(t *testing.T) {
	b := startBrowser(t)
	for server, s := range sites(t) {
		t.Run(server, func(t *testing.T) {
			for _, test := range []struct {
				name string
				run  func(*testing.T, *site, *browser)
			}{
				{"login", testLogin},
				{"refresh", testRefresh},
				{"logout and login again", testLogout},
				{"not logged in", testNotLoggedIn},
				{"person cancels", testCancel},
				{"state changed", testStateChanged},
				{"callback in another browser", testCallbackElsewhere},
				{"callback twice", testCallbackTwice},
				{"two tabs", testTwoTabs},
				{"back button", testBackButton},
				{"logout by another site", testForeignLogout},
			} {
				t.Run(test.name, func(t *testing.T) { test.run(t, s, b) })
			}
		})
	}
}

func testLogin(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	s.begin(who)
	who.shoot("login")
	before := who.cookies()
	s.look()
	s.server.signIn(who)
	who.see("#subject")
	who.shoot("user")
	s.crosses(t, s.callback)

	assert.Equal(t, s.subject, who.text("#subject"))
	assert.Contains(t, who.text("#claims"), cmp.Or(s.claim, s.subject))
	assert.NotContains(t, who.location(), "code=")
	assert.NotContains(t, who.location(), "state=")
	assert.NotContains(t, who.html(), "eyJ", "the page contains a token")
	after := sessionCookies(t, who)
	require.Len(t, after, 1, "only the session cookie stays, not the pending login")
	for name, c := range after {
		assert.True(t, c.HTTPOnly, name)
		assert.Equal(t, network.CookieSameSiteLax, c.SameSite, name)
		if old := before[name]; old != nil {
			assert.NotEqual(t, old.Value, c.Value, "the session was not renewed at the login")
		}
	}
}

// sessionCookies are the application's own, without the marker that a login leaves for 10 seconds.
func sessionCookies(t *testing.T, b *tab) map[string]*network.Cookie {
	t.Helper()
	own := map[string]*network.Cookie{}
	for name, c := range b.cookies() {
		if c.Domain == "localhost" && !strings.HasSuffix(c.Name, ".new") {
			own[name] = c
		}
	}
	return own
}

func testRefresh(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	s.login(who)
	for range 2 { // the second uses the refresh token of the first
		before := who.text("#token-print")
		who.click("#refresh")
		who.changes("#token-print", before)
		assert.Equal(t, s.subject, who.text("#subject"))
	}
	who.shoot("refreshed")
}

func testLogout(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	s.login(who)
	s.logout(who)
	require.False(t, s.loggedIn(who))
	s.login(who) // the server asks again: its session ended too
	assert.Equal(t, s.subject, who.text("#subject"))
}

func testNotLoggedIn(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	assert.False(t, s.loggedIn(who))
	assert.Empty(t, sessionCookies(t, who))
}

func testTwoTabs(t *testing.T, s *site, b *browser) {
	one := b.profile(t)
	s.begin(one)
	two := one.another()
	s.begin(two)
	s.server.signIn(one)
	one.see("#subject")
	if !s.server.follows {
		s.server.signIn(two)
	}
	two.see("#subject")
	assert.Equal(t, s.subject, two.text("#subject"))
	assert.True(t, s.loggedIn(one))
}

func testBackButton(t *testing.T, s *site, b *browser) {
	who := b.profile(t)
	s.begin(who)
	who.back()
	s.begin(who) // a second login in the same tab
	s.server.signIn(who)
	who.see("#subject")
	who.back() // into the server's pages, which are stale now
	who.rest()
	assert.True(t, s.loggedIn(who))
}
