package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

// The button gets another access token, each time with the refresh token of the time before.
func TestRefresh(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	for _, protocol := range []string{"oidc", "oauth"} {
		p := e.Person()
		page := login(t, p, protocol)
		seen := map[string]bool{part(page, "token-print"): true}
		for range 2 {
			page = p.Press("/refresh", nil)
			require.Equal(t, e.Origin+"/user", page.URL.String(), page.Body)
			assert.False(t, seen[part(page, "token-print")], "it is another token")
			seen[part(page, "token-print")] = true
			assert.Contains(t, page.Body, idptest.Email, "the claims stay")
			assert.NotContains(t, page.Body, "eyJ")
		}
	}
	for _, protocol := range []string{"saml", "cas"} {
		p := e.Person()
		page := login(t, p, protocol)
		assert.NotContains(t, page.Body, `id="refresh"`)
		assert.NotEmpty(t, part(page, "no-token"))
	}
}

// S9: a page of another site cannot press the buttons, and a link cannot do it.
func TestS9ForeignPost(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	p := e.Person()
	before := part(login(t, p, "oidc"), "token-print")
	for _, header := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example"} {
		for _, path := range []string{"/refresh", "/auth/logout"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.Origin+path, nil)
			require.NoError(t, err)
			name, value, _ := strings.Cut(header, ": ")
			r.Header.Set(name, value)
			r.Header.Set("Accept", "text/html")
			answer := p.Send(r)
			if path == "/refresh" {
				assert.Equal(t, http.StatusForbidden, answer.Status, header)
			} else {
				assert.Contains(t, answer.Body, "<button", "%s: the user is asked", header)
			}
		}
	}
	p.Open("/auth/logout")
	p.Open("/refresh")
	assert.Equal(t, before, part(p.Open("/user"), "token-print"), "nothing was done")
	p.Press("/auth/logout", nil)
	assert.False(t, loggedIn(p))
}

// Two clicks at once are one refresh, or one after the other; none fails.
func TestRefreshTwice(t *testing.T) {
	t.Parallel()
	e := embedded(t)
	p := e.Person()
	before := part(login(t, p, "oidc"), "token-print")
	cookie := p.Cookie("session")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			tab := e.Person()
			tab.Plant("session", cookie)
			tab.Open("/")
			assert.Equal(t, e.Origin+"/user", tab.Press("/refresh", nil).URL.String())
		})
	}
	group.Wait()
	assert.NotEqual(t, before, part(p.Open("/user"), "token-print"))
}

// R2: a user whose refresh token the server refuses logs in again, and comes back with new tokens.
func TestR2RefreshRefused(t *testing.T) {
	t.Parallel()
	idp := &authtest.Server{}
	var refuses atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oidc/token" && refuses.Swap(false) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
			return
		}
		idp.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p := demotest.Start(t, newApp, "AUTHING_APP_ID="+authtest.AppID, "AUTHING_APP_SECRET="+authtest.Secret, "AUTHING_APP_HOST="+server.URL).Person()
	before := login(t, p, "oidc")
	session := p.Cookie("session")
	refuses.Store(true)
	page := p.Press("/refresh", nil)
	assert.Equal(t, p.Origin+"/user", page.URL.String(), page.Body)
	assert.Equal(t, []string{"consent"}, page.Asked, "the server's session lives")
	assert.NotEqual(t, part(before, "token-print"), part(page, "token-print"))
	assert.NotEqual(t, session, p.Cookie("session"))
}

// A server that does not answer ends nothing, and uses nothing up.
func TestServerDown(t *testing.T) {
	t.Parallel()
	idp, _, env := authing(t, "oidc")
	p := demotest.Start(t, newApp, env...).Person()
	p.Hold = func(r *http.Request) bool { return r.URL.Path == "/auth/callback/oidc" }
	callback := p.Open("/user").Held
	require.NotNil(t, callback)
	p.Hold = nil
	idp.Break(idptest.Unavailable)
	assert.Equal(t, http.StatusServiceUnavailable, p.Send(callback).Status)
	assert.False(t, loggedIn(p))
	idp.Break()
	before := part(login(t, p, "oidc"), "token-print")
	idp.Break(idptest.Unavailable)
	assert.Equal(t, http.StatusServiceUnavailable, p.Press("/refresh", nil).Status)
	assert.Equal(t, before, part(p.Open("/user"), "token-print"))
	idp.Break()
	assert.NotEqual(t, before, part(p.Press("/refresh", nil), "token-print"))
}
