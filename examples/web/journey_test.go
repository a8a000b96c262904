package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func TestJourney(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{UserInfo: true}, authentication.OAuth{}} {
		t.Run(p.Name(), func(t *testing.T) {
			t.Parallel()
			who := newStage(t, func(s *settings) { s.options.Protocol = p }).person()
			home := who.get("/")
			assert.Contains(t, home.body, `id="login" href="/login"`)
			assert.Equal(t, "/?return=%2Fuser", who.get("/user").location, "without a session there is no account page")
			who.login()

			user := who.get("/user")
			assert.Contains(t, user.body, `<code id="subject">`+idptest.Subject+`</code>`)
			assert.Contains(t, user.body, `id="claims"`)
			assert.Contains(t, user.body, idptest.Email)
			assert.Contains(t, user.body, `id="refresh"`)
			assert.Contains(t, who.get("/session").body, "Access token ends")
			assertNoTokens(t, who)

			before := who.identity().Token
			require.Equal(t, "/user", who.press("/refresh").location)
			require.Equal(t, "/user", who.press("/refresh").location, "the rotated refresh token works too")
			assert.NotEqual(t, before.AccessToken, who.identity().Token.AccessToken)
			assert.Contains(t, who.get("/user").body, "Tokens refreshed 2 times")
			assertNoTokens(t, who)

			out := who.press("/logout")
			require.Equal(t, http.StatusSeeOther, out.status)
			assert.Contains(t, out.location, "/login/profile/logout?redirect_uri="+url.QueryEscape(who.origin+"/"))
			assert.False(t, who.loggedIn())
			assert.Empty(t, who.cookie("session"))
			left, err := follow(t.Context(), out.location)
			require.NoError(t, err)
			defer left.Body.Close()
			assert.Equal(t, who.origin+"/", left.Header.Get("Location"), "the server sends the browser home")
		})
	}
}

// identity is the identity of the only session.
func (s *stage) identity() authentication.Identity {
	s.app.sessions.mu.Lock()
	defer s.app.sessions.mu.Unlock()
	for _, kept := range s.app.sessions.byID {
		return *kept.Identity()
	}
	return authentication.Identity{}
}

func assertNoTokens(t *testing.T, who *person) {
	t.Helper()
	token := who.identity().Token
	require.NotEmpty(t, token.AccessToken)
	for _, path := range []string{"/", "/user", "/session", "/403"} {
		answer := who.get(path)
		for _, secret := range []string{token.AccessToken, token.RefreshToken, token.IDToken} {
			if secret != "" {
				assert.NotContains(t, answer.body, secret, path)
			}
		}
		assert.Equal(t, "no-store", answer.header.Get("Cache-Control"), path)
		assert.Contains(t, answer.header.Get("Content-Security-Policy"), "default-src 'none'", path)
	}
}

func TestExpertLogout(t *testing.T) {
	t.Parallel()
	who := newStage(t, func(s *settings) { s.expertLogout = true }).person()
	who.login()
	hint := who.identity().Token.IDToken
	out := who.press("/logout")
	to, err := url.Parse(out.location)
	require.NoError(t, err)
	assert.Equal(t, "/oidc/session/end", to.Path)
	assert.Equal(t, url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {who.origin + "/"}}, to.Query())
	assert.Equal(t, "no-store", out.header.Get("Cache-Control"))
	assert.NotContains(t, out.body, hint)
	assert.False(t, who.loggedIn())
	assert.Equal(t, "/", who.press("/logout").location, "there is nothing left to end")
}

// After a refresh, with or without a new ID token, the logout still has a hint.
func TestExpertLogoutAfterRefresh(t *testing.T) {
	t.Parallel()
	who := newStage(t, func(s *settings) { s.expertLogout = true }).person()
	who.login()
	require.Equal(t, "/user", who.press("/refresh").location)
	assert.Contains(t, who.press("/logout").location, "id_token_hint=ey")
}

func TestA5CallbackInAnotherBrowser(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	who, other := s.person(), s.person()
	callback := who.begin()
	answer := other.do(callback)
	assert.Equal(t, http.StatusUnauthorized, answer.status)
	assert.False(t, other.loggedIn())
	assert.Equal(t, "/user", who.do(callback).location, "the browser that began it completes it")
}

func TestA2StateChanged(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	callback := who.begin()
	tampered := callback.Clone(t.Context())
	query := tampered.URL.Query()
	query.Set("state", strings.Repeat("x", len(query.Get("state"))))
	tampered.URL.RawQuery = query.Encode()
	assert.Equal(t, http.StatusUnauthorized, who.do(tampered).status)
	query.Del("state")
	tampered.URL.RawQuery = query.Encode()
	assert.Equal(t, http.StatusUnauthorized, who.do(tampered).status)
	assert.False(t, who.loggedIn())
	assert.Equal(t, "/user", who.do(callback).location)
}

// A3: the back button sends the callback again.
func TestA3CallbackTwice(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	callback := who.begin()
	require.Equal(t, "/user", who.do(callback).location)
	session := who.cookie("session")
	answer := who.do(callback)
	assert.Equal(t, http.StatusUnauthorized, answer.status)
	assert.NotContains(t, answer.body, callback.URL.Query().Get("code"))
	assert.Equal(t, session, who.cookie("session"))
	assert.True(t, who.loggedIn(), "an old callback does not end the session")
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	one, two := who.begin(), who.begin()
	assert.Equal(t, "/user", who.do(one).location)
	assert.Equal(t, "/user", who.do(two).location)
	assert.True(t, who.loggedIn())
}

func TestPersonCancels(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	login, err := url.Parse(who.get("/login").location)
	require.NoError(t, err)
	refusal := url.Values{"error": {"access_denied"}, "error_description": {"<b>no</b>"}, "state": {login.Query().Get("state")}}
	answer := who.get(callbackPath + "?" + refusal.Encode())
	require.Equal(t, "/403", answer.location)
	denied := who.get("/403")
	assert.Equal(t, http.StatusForbidden, denied.status)
	assert.Contains(t, denied.body, `id="login"`)
	assert.NotContains(t, denied.body+answer.body, "no</b>")
	assert.False(t, who.loggedIn())
	who.login()
}

func TestServerDown(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	callback := who.begin()
	who.idp.Break(idptest.Unavailable)
	answer := who.do(callback)
	assert.Equal(t, http.StatusServiceUnavailable, answer.status)
	assert.False(t, who.loggedIn())
	who.idp.Break()
	who.login()
	who.idp.Break(idptest.Unavailable)
	assert.Equal(t, http.StatusServiceUnavailable, who.press("/refresh").status)
	assert.True(t, who.loggedIn(), "a missing answer does not end the session")
	who.idp.Break()
	assert.Equal(t, "/user", who.press("/refresh").location, "and does not use up the refresh token")
}
