//go:build interop

package e2e

import (
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func TestSAML(t *testing.T) {
	b := startBrowser(t)
	for server, s := range samlSites(t) {
		t.Run(server, func(t *testing.T) {
			t.Run("login", func(t *testing.T) { testSAMLLogin(t, s, b) })
			t.Run("password again", func(t *testing.T) { testSAMLAgain(t, s, b) })
			t.Run("response elsewhere and twice", func(t *testing.T) { testPosted(t, s.site, b) })
			t.Run("logout at the server", func(t *testing.T) { testSAMLLeave(t, s, b) })
			if s.at != nil {
				t.Run("logout of two", func(t *testing.T) { testSAMLLogoutOfTwo(t, s, b) })
			}
			for _, test := range []struct {
				name string
				run  func(*testing.T, *site, *browser)
			}{
				{"logout and login again", testLogout},
				{"not logged in", testNotLoggedIn},
				{"two tabs", testTwoTabs},
				{"back button", testBackButton},
				{"logout by another site", testForeignLogout},
			} {
				t.Run(test.name, func(t *testing.T) { test.run(t, s.site, b) })
			}
		})
	}
}

func testSAMLLogin(t *testing.T, s *samlSite, b *browser) {
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
	assert.Equal(t, s.origin+"/user", who.location())
	after := sessionCookies(t, who)
	require.Len(t, after, 1, "only the session cookie stays, not the pending login")
	for name, c := range after {
		assert.True(t, c.HTTPOnly, name)
		assert.Equal(t, network.CookieSameSiteLax, c.SameSite, name)
	}
}

// A user with a session at the identity provider is not asked again, also where the application wants a fresh login and
// this one is. Each login has a new session.
func testSAMLAgain(t *testing.T, s *samlSite, b *browser) {
	who := b.profile(t)
	s.login(who)
	first := sessionValue(t, who)
	who.open(s.origin + "/auth/login/saml?return=/user")
	who.at(s.origin + "/user")
	assert.NotEqual(t, first, sessionValue(t, who))

	who.open(s.origin + "/confirm") // the login is of this minute
	who.see("#subject")
	assert.Equal(t, s.origin+"/confirm", who.location())
	assert.True(t, s.loggedIn(who))
}

// The user signs out in another tab, at the identity provider, which redirects that tab through the application.
// Another user's session stays.
func testSAMLLeave(t *testing.T, s *samlSite, b *browser) {
	who, other := b.profile(t), b.profile(t)
	s.begin(who)
	at, err := url.Parse(who.location())
	require.NoError(t, err)
	s.server.signIn(who)
	who.see("#subject")
	s.login(other)

	away := who.another()
	away.open(s.leave(at.Scheme + "://" + at.Host))
	away.shoot("away")
	assert.False(t, s.loggedIn(who))
	assert.True(t, s.loggedIn(other))
	s.login(who)
}

// Each of two applications begins a logout; then the other one fails to end its session.
func testSAMLLogoutOfTwo(t *testing.T, s *samlSite, b *browser) {
	q, who := s.at.sp(t, nil, nil), b.profile(t)
	both := func() {
		t.Helper()
		s.login(who)
		who.open(q.origin + "/login")
		q.hasUser(who)
	}
	both()
	who.click("#logout")
	who.see("#notice")
	assert.False(t, s.loggedIn(who))
	assert.False(t, q.loggedIn(who))

	both()
	who.open(s.origin + "/user")
	s.logout(who)
	assert.False(t, q.loggedIn(who))
	assert.False(t, s.loggedIn(who))

	q.answers = saml.PartialLogout
	both()
	who.open(s.origin + "/user")
	who.click("#logout")
	who.read("main p", "You may still be signed in at the sign-in service")
	who.shoot("left")
	assert.False(t, s.loggedIn(who))
}
