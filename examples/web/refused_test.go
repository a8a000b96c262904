package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

// held logs in up to the callback, which is not sent.
func held(t *testing.T, p *demotest.Person, protocol string) *http.Request {
	t.Helper()
	p.Hold = func(r *http.Request) bool { return r.URL.Path == "/auth/callback/"+protocol }
	p.Open("/")
	callback := p.Click("/auth/login/" + protocol + "?return=/user").Held
	require.NotNil(t, callback)
	p.Hold = nil
	return callback
}

// A5, SAML-47, CAS-22: a callback in a browser that began no login, or another one.
func TestA5CallbackInAnotherBrowser(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for _, protocol := range protocols {
		p, other := e.Person(), e.Person()
		callback, foreign := held(t, p, protocol), held(t, other, protocol)
		// SAML's POST without its login goes on to a page that looks for a session.
		for _, refused := range []*demotest.Page{e.Person().Send(callback), p.Send(foreign)} {
			if refused.Status == http.StatusSeeOther {
				refused = p.Open(refused.Header.Get("Location"))
			}
			assert.Equal(t, http.StatusUnauthorized, refused.Status, protocol)
		}
		assert.False(t, loggedIn(p))
		assert.Equal(t, "/user", p.Send(callback).Header.Get("Location"), "the browser that began it completes it")
		assert.True(t, loggedIn(p))
	}
}

// A3, CAS-18: the back button sends the callback again: it ends where the login ended, and changes nothing.
func TestA3CallbackTwice(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for _, protocol := range protocols {
		p := e.Person()
		callback := held(t, p, protocol)
		require.Equal(t, "/user", p.Send(callback).Header.Get("Location"))
		session := p.Cookie("session")
		again := p.Send(callback)
		require.Equal(t, http.StatusSeeOther, again.Status, protocol)
		assert.Equal(t, e.Origin+"/user", p.Open(again.Header.Get("Location")).URL.String(), protocol)
		assert.Equal(t, session, p.Cookie("session"))
		assert.True(t, loggedIn(p))
	}
}

func TestA2StateChanged(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for _, protocol := range []string{"oidc", "oauth"} {
		p := e.Person()
		callback := held(t, p, protocol)
		tampered := callback.Clone(t.Context())
		query := tampered.URL.Query()
		query.Set("state", strings.Repeat("x", len(query.Get("state"))))
		tampered.URL.RawQuery = query.Encode()
		assert.Equal(t, http.StatusUnauthorized, p.Send(tampered).Status)
		query.Del("state")
		tampered.URL.RawQuery = query.Encode()
		assert.Equal(t, http.StatusUnauthorized, p.Send(tampered).Status)
		assert.False(t, loggedIn(p))
		assert.Equal(t, "/user", p.Send(callback).Header.Get("Location"))
	}
}

func TestPersonCancels(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for _, protocol := range []string{"oidc", "oauth"} {
		p := e.Person()
		p.Cancels = true
		p.Open("/")
		page := p.Click("/auth/login/" + protocol)
		assert.Equal(t, http.StatusForbidden, page.Status)
		assert.Contains(t, page.Body, "cancelled or refused")
		assert.False(t, loggedIn(p))
		p.Cancels = false
		login(t, p, protocol)
	}
	p := e.Person()
	p.Open("/")
	p.Hold = func(r *http.Request) bool { return strings.HasPrefix(r.URL.Host, "127.0.0.1") }
	state := p.Click("/auth/login/oidc").Held.URL.Query().Get("state")
	p.Hold = nil
	refusal := url.Values{"error": {"access_denied"}, "error_description": {"<b>no</b>"}, "state": {state}}
	page := p.Open("/auth/callback/oidc?" + refusal.Encode())
	assert.Equal(t, http.StatusForbidden, page.Status)
	assert.NotContains(t, page.Body, "no</b>")
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for _, protocol := range protocols {
		p := e.Person()
		one, two := held(t, p, protocol), held(t, p, protocol)
		assert.Equal(t, "/user", p.Send(one).Header.Get("Location"))
		assert.Equal(t, "/user", p.Send(two).Header.Get("Location"))
		assert.True(t, loggedIn(p))
	}
}
