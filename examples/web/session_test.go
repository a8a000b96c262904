package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestS1SessionIsRenewedAtLogin(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	attacker, victim := s.person(), s.person()
	attacker.login()
	planted := attacker.cookie("session")
	home, err := url.Parse(s.origin)
	require.NoError(t, err)
	victim.client.Jar.SetCookies(home, []*http.Cookie{{Name: "session", Value: planted}})
	victim.login()
	assert.NotEqual(t, planted, victim.cookie("session"))
	assert.True(t, victim.loggedIn())
	assert.False(t, attacker.loggedIn(), "the planted session ended")
}

func TestS5SessionCookie(t *testing.T) {
	t.Parallel()
	for home, want := range map[string]string{"http://localhost:3000/": "session", "https://app.example/": "__Host-session"} {
		w := httptest.NewRecorder()
		newSessions(home).start(w, httptest.NewRequest(http.MethodGet, "/", nil), &authentication.Identity{})
		c := w.Result().Cookies()[0]
		assert.Equal(t, want, c.Name)
		assert.Equal(t, want != "session", c.Secure)
		assert.True(t, c.HttpOnly)
		assert.Equal(t, http.SameSiteLaxMode, c.SameSite)
		assert.Equal(t, "/", c.Path)
	}
}

// S9, and the same for a refresh: a page of another site cannot press the buttons, and a link cannot do it.
func TestS9ForeignPost(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	who.login()
	for _, path := range []string{"/logout", "/refresh"} {
		assert.Equal(t, http.StatusForbidden, who.send(http.MethodPost, path, "Sec-Fetch-Site", "cross-site").status)
		assert.Equal(t, http.StatusForbidden, who.send(http.MethodPost, path, "Sec-Fetch-Site", "same-site").status)
		assert.Equal(t, http.StatusForbidden, who.send(http.MethodPost, path, "Origin", "http://evil.example").status)
		assert.Equal(t, http.StatusMethodNotAllowed, who.get(path).status)
	}
	assert.True(t, who.loggedIn())
	assert.Equal(t, http.StatusSeeOther, who.press("/logout").status)
	assert.False(t, who.loggedIn())
}

func TestS11Lifetimes(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	for name, c := range map[string]struct {
		visits []time.Duration
		last   bool
	}{
		"used after a day":      {[]time.Duration{24 * time.Hour}, true},
		"unused for a day":      {[]time.Duration{24*time.Hour + time.Second}, false},
		"used daily for a week": {[]time.Duration{23 * time.Hour, 46 * time.Hour, 69 * time.Hour, 92 * time.Hour, 115 * time.Hour, 138 * time.Hour, 161 * time.Hour, 168 * time.Hour}, true},
		"a week and a second":   {[]time.Duration{23 * time.Hour, 46 * time.Hour, 69 * time.Hour, 92 * time.Hour, 115 * time.Hour, 138 * time.Hour, 161 * time.Hour, 168*time.Hour + time.Second}, false},
	} {
		s, now := newSessions("http://localhost/"), start
		s.now = func() time.Time { return now }
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		s.start(w, r, &authentication.Identity{})
		r.AddCookie(w.Result().Cookies()[0])
		var found *session
		for _, d := range c.visits {
			now = start.Add(d)
			found = s.find(r)
		}
		assert.Equal(t, c.last, found != nil, name)
		assert.Equal(t, c.last, len(s.byID) == 1, name)
	}
}

func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	s := newSessions("http://localhost/")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	first := httptest.NewRecorder()
	s.start(first, r, &authentication.Identity{})
	for range maxSessions + 5 {
		s.start(httptest.NewRecorder(), r, &authentication.Identity{})
	}
	assert.Len(t, s.byID, maxSessions)
	r.AddCookie(first.Result().Cookies()[0])
	assert.Nil(t, s.find(r), "the oldest left")
}

// Two clicks at once: the second refresh uses the token from the first.
func TestRefreshOneAtATime(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	who.login()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { assert.Equal(t, "/user", who.press("/refresh").location) })
	}
	group.Wait()
	assert.Contains(t, who.get("/user").body, "Tokens refreshed 4 times")
}

// Two clicks: the browser cancels the first request for the second, after the server rotated the
// refresh token.
func TestRefreshGivenUpByTheBrowser(t *testing.T) {
	t.Parallel()
	ctx, giveUp := context.WithCancel(t.Context())
	armed := false
	who := newStage(t, func(s *settings) {
		s.options.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
			if !armed || err != nil {
				return answer, err
			}
			armed = false
			giveUp()
			select {
			case <-r.Context().Done():
				_ = answer.Body.Close()
				return nil, r.Context().Err()
			case <-time.After(200 * time.Millisecond): // long after the connection was closed
				return answer, nil
			}
		})}
	}).person()
	who.login()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, who.origin+"/refresh", nil)
	require.NoError(t, err)
	r.Header.Set("Origin", who.origin)
	armed = true
	answer, err := who.client.Do(r)
	if err == nil {
		_ = answer.Body.Close()
	}
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "/user", who.press("/refresh").location)
	assert.True(t, who.loggedIn())
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A refresh that the server refuses ends the session here too.
func TestR2RefreshRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	who := s.person()
	who.login()
	token := who.identity().Token
	require.NoError(t, s.app.client.RevokeToken(t.Context(), token.RefreshToken, oauth.TokenOptions{TokenTypeHint: "refresh_token"}))
	answer := who.press("/refresh")
	assert.Equal(t, http.StatusForbidden, answer.status)
	assert.False(t, who.loggedIn())
}
