package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

func TestS1SessionIsRenewedAtLogin(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	attacker, victim := s.person(), s.person()
	attacker.login()
	planted := attacker.cookie()
	home, err := url.Parse(s.origin)
	require.NoError(t, err)
	victim.client.Jar.SetCookies(home, []*http.Cookie{{Name: "saml-session", Value: planted}})
	victim.login()
	assert.NotEqual(t, planted, victim.cookie())
	assert.True(t, victim.loggedIn())
	assert.False(t, attacker.loggedIn(), "the planted session ended")
}

func TestS5SessionCookie(t *testing.T) {
	t.Parallel()
	for home, want := range map[string]string{"http://localhost:3000/": "saml-session", "https://app.example/": "__Host-saml-session"} {
		w := httptest.NewRecorder()
		newSessions(home).start(w, httptest.NewRequest(http.MethodGet, "/", nil), &authentication.Identity{})
		c := w.Result().Cookies()[0]
		assert.Equal(t, want, c.Name)
		assert.Equal(t, want != "saml-session", c.Secure)
		assert.True(t, c.HttpOnly)
		assert.Equal(t, http.SameSiteLaxMode, c.SameSite)
		assert.Equal(t, "/", c.Path)
	}
}

// S9: a page of another site cannot press the button, and a link cannot do it.
func TestS9ForeignPost(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	who.login()
	assert.Equal(t, http.StatusForbidden, who.send(http.MethodPost, "/logout", "Sec-Fetch-Site", "cross-site").status)
	assert.Equal(t, http.StatusForbidden, who.send(http.MethodPost, "/logout", "Origin", "http://evil.example").status)
	assert.Equal(t, http.StatusMethodNotAllowed, who.get("/logout").status)
	assert.True(t, who.loggedIn())
	assert.Equal(t, http.StatusSeeOther, who.press("/logout").status)
	assert.False(t, who.loggedIn())
}

func TestS11Lifetime(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	s, now := newSessions("http://localhost/"), start
	s.now = func() time.Time { return now }
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	s.start(w, r, &authentication.Identity{})
	r.AddCookie(w.Result().Cookies()[0])
	now = start.Add(lifetime)
	assert.NotNil(t, s.find(r))
	now = now.Add(time.Second)
	assert.Nil(t, s.find(r))
	assert.Empty(t, s.byID)
}

func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	s, now := newSessions("http://localhost/"), time.Unix(1_800_000_000, 0)
	s.now = func() time.Time { now = now.Add(time.Microsecond); return now }
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	first := httptest.NewRecorder()
	s.start(first, r, &authentication.Identity{})
	var last *httptest.ResponseRecorder
	for range maxSessions {
		last = httptest.NewRecorder()
		s.start(last, r, &authentication.Identity{})
	}
	assert.Len(t, s.byID, maxSessions)
	newest := r.Clone(t.Context())
	newest.AddCookie(last.Result().Cookies()[0])
	assert.NotNil(t, s.find(newest))
	r.AddCookie(first.Result().Cookies()[0])
	assert.Nil(t, s.find(r), "the oldest left")
}

// A logout of another server or protocol with the same session name.
func TestLogoutOfAnotherServer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		notice authentication.LogoutNotice
		left   int
	}{
		{authentication.LogoutNotice{Protocol: "saml", Issuer: "https://b.example", SessionIDs: []string{"s1"}}, 1},
		{authentication.LogoutNotice{Protocol: "oidc", Issuer: "https://a.example", SessionIDs: []string{"s1"}}, 1},
		{authentication.LogoutNotice{Protocol: "saml", Issuer: "https://a.example", SessionIDs: []string{"s2"}}, 1},
		{authentication.LogoutNotice{Protocol: "saml", Issuer: "https://a.example", SessionIDs: []string{"s2", "s1"}}, 0},
	} {
		s := newSessions("http://localhost/")
		s.start(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil),
			&authentication.Identity{Protocol: "saml", Issuer: "https://a.example", SessionID: "s1"})
		s.endNamed(&test.notice)
		assert.Len(t, s.byID, test.left)
	}
}
