//go:build interop

package e2e

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// guide is the application of a guide, with its embedded server.
func guide(t *testing.T, name, login string) *site {
	t.Helper()
	f := newFront(t)
	f.run(t, build(t, examples+"/"+name))
	return &site{
		front: f, callback: f.origin + "/auth/callback", page: login, subject: idptest.Subject,
		server: &loginPages{user: "#username", password: "#password", submit: "button[value=login]", name: idptest.Username, secret: idptest.Password},
	}
}

// everywhere are the tests of each guide's application.
func everywhere(t *testing.T, s *site, b *browser) {
	elsewhere := testCallbackElsewhere
	if s.posted {
		elsewhere = testPosted
	}
	for _, test := range []struct {
		name string
		run  func(*testing.T, *site, *browser)
	}{
		{"logout and login again", testLogout},
		{"logout at the server", testLeaveServer},
		{"not logged in", testNotLoggedIn},
		{"callback in another browser", elsewhere},
		{"two tabs", testTwoTabs},
		{"back button", testBackButton},
		{"logout by another site", testForeignLogout},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, s, b) })
	}
}

// The user signs out at the server in another tab, which tells the application. The same user in another browser stays.
func testLeaveServer(t *testing.T, s *site, b *browser) {
	who, other := b.profile(t), b.profile(t)
	s.begin(who)
	at, err := url.Parse(who.location())
	require.NoError(t, err)
	s.server.signIn(who)
	who.see("#subject")
	s.login(other)

	away := who.another()
	away.open(at.Scheme + "://" + at.Host + "/session/end")
	away.click("button[name=logout]")
	away.rest()
	assert.Contains(t, s.paths(), "/auth/backchannel")
	assert.False(t, s.loggedIn(who))
	assert.True(t, s.loggedIn(other))
	s.login(who)
}

func TestAuthgear(t *testing.T) {
	b := startBrowser(t)
	s := guide(t, "authgear", "/auth/login")
	s.server.consent, s.server.allow = "#consent", "button[value=allow]" // for the refresh token
	s.server.logout = "button[name=logout]"                              // nothing says who logs out
	t.Run("login, call, reload", func(t *testing.T) {
		who := b.profile(t)
		who.open(s.origin + "/")
		who.click("#login")
		s.look()
		s.server.signIn(who)
		who.see("#subject")
		who.shoot("user")
		s.crosses(t, s.callback)
		assert.Equal(t, s.subject, who.text("#subject"))
		assert.Contains(t, who.text("#json"), idptest.Email)
		assert.NotContains(t, who.html(), "eyJ", "the page contains a token")
		print := who.text("#token-print")

		who.click("#call")
		who.see("#answer")
		who.shoot("answer")
		assert.Contains(t, who.text("#status"), "200")
		assert.Contains(t, who.text("#answer"), s.subject)
		assert.Contains(t, who.text("#answer"), "cake")
		who.click("#back")
		who.see("#token-print")
		run(who, "reload", chromedp.Reload())
		assert.Equal(t, s.subject, who.text("#subject"))
		assert.Equal(t, print, who.text("#token-print"), "no refresh before its time")
	})
	everywhere(t, s, b)
}

func TestAuth0(t *testing.T) {
	b := startBrowser(t)
	s := guide(t, "auth0", "/profile")
	s.posted = true
	t.Run("call without a login, and with one", func(t *testing.T) {
		who := b.profile(t)
		who.open(s.origin + "/")
		who.click("#call")
		who.see("#login-again")
		who.shoot("refused")
		who.click("#login-again")
		s.look()
		s.server.signIn(who)
		who.see("#logout")
		s.crosses(t, s.callback)
		assert.Equal(t, s.origin+"/", who.location(), "back to the page of the button")
		who.click("#call")
		who.read("#answer", "Hello, Alice Liddell")
		who.shoot("answer")
	})
	t.Run("protected route, reload", func(t *testing.T) {
		who := b.profile(t)
		s.login(who)
		assert.Equal(t, s.origin+"/profile", who.location())
		assert.Contains(t, who.text("#claims"), idptest.Email)
		assert.NotContains(t, who.html(), "eyJ", "the page contains a token")
		who.shoot("profile")
		run(who, "reload", chromedp.Reload())
		assert.Equal(t, s.subject, who.text("#subject"))
	})
	everywhere(t, s, b)
}

func TestCluster(t *testing.T) {
	b := startBrowser(t)
	s := guide(t, "cluster", "/account")
	s.server.consent, s.server.allow = "#consent", "button[value=allow]" // for the refresh token
	t.Run("login, reload at the other instance", func(t *testing.T) {
		who := b.profile(t)
		who.open(s.origin + "/")
		who.click("#login")
		s.look()
		s.server.signIn(who)
		who.see("#subject")
		s.crosses(t, s.callback)
		seen, print := map[string]bool{}, who.text("#token-print")
		for range 20 { // requests for the page's parts take turns too
			who.open(s.origin + "/account")
			require.Equal(t, s.subject, who.text("#subject"))
			assert.Equal(t, print, who.text("#token-print"), "both have the same token")
			if seen[who.text("#instance")] = true; len(seen) == 2 {
				break
			}
		}
		assert.Len(t, seen, 2)
		who.shoot("account")
	})
	everywhere(t, s, b)
}
