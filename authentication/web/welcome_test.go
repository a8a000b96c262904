package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// OnLogin sees who logs in and where they go; it may refuse them, change their claims and where they go.
func TestSiteOnLogin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do     func(*web.LoggedIn) error
		status int
		path   string
		kind   error
	}{
		"accepts":       {func(*web.LoggedIn) error { return nil }, 200, "/private/a", nil},
		"adds a claim":  {func(in *web.LoggedIn) error { in.Identity.Claims = map[string]any{"role": "admin"}; return nil }, 200, "/private/a", nil},
		"sends to":      {func(in *web.LoggedIn) error { in.Return = "/welcome"; return nil }, 200, "/welcome", nil},
		"sends outside": {func(in *web.LoggedIn) error { in.Return = "https://evil.test/"; return nil }, 200, "/", nil},
		"refuses":       {func(*web.LoggedIn) error { return fmt.Errorf("not invited: %w", authentication.ErrDenied) }, 403, "", authentication.ErrDenied},
		"fails":         {func(*web.LoggedIn) error { return errors.New("no database") }, 503, "", nil},
		"other user":    {func(in *web.LoggedIn) error { in.Identity.Subject = "bob"; return nil }, 500, "", authentication.ErrMisconfigured},
		"other issuer":  {func(in *web.LoggedIn) error { in.Identity.Issuer = "https://evil.test"; return nil }, 500, "", authentication.ErrMisconfigured},
		"no user":       {func(in *web.LoggedIn) error { in.Identity = nil; return nil }, 500, "", authentication.ErrMisconfigured},
	} {
		w := newWorld(t)
		var seen web.LoggedIn
		w.config.OnLogin = func(_ context.Context, in *web.LoggedIn) error {
			seen = *in
			return c.do(in)
		}
		w.app = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			id := web.Identity(r.Context())
			fmt.Fprint(out, id.Subject, id.Claims["role"])
		})
		w.open()
		u := w.person("")
		p := u.open(appOrigin + "/auth/login/oidc?return=/private/a")
		assert.Equal(t, c.status, p.StatusCode, name)
		assert.Equal(t, "oidc /private/a", seen.Flow+" "+seen.Return)
		if c.status == http.StatusOK {
			assert.Equal(t, c.path, p.Request.URL.Path, name)
			assert.Contains(t, p.body, idptest.Subject, name)
			assert.Equal(t, name == "adds a claim", p.body == idptest.Subject+"admin", p.body)
			continue
		}
		assert.Nil(t, u.jar.find(sessionCookie), name)
		require.Len(t, w.happened(web.EventLoginFailed), 1, name)
		e := w.happened(web.EventLoginFailed)[0]
		assert.Equal(t, idptest.Subject, e.Subject, "the log says whom")
		if c.kind != nil {
			assert.ErrorIs(t, e.Err, c.kind, name)
		}
	}
}

// The end that the server sets for its session ends the session here, and one that has passed begins none.
func TestS11SessionNotOnOrAfter(t *testing.T) {
	t.Parallel()
	for lifetime, want := range map[time.Duration]int{0: http.StatusOK, time.Hour: http.StatusOK, 30 * time.Minute: http.StatusUnauthorized} {
		w := newWorld(t)
		w.saml.Apps[0].SessionLifetime = lifetime
		w.open()
		u := w.person("")
		w.loggedIn(u, "saml", "/private/a")
		w.advance(31 * time.Minute)
		assert.Equal(t, want, u.fetch(http.MethodGet, "/private/a", "").StatusCode, lifetime)
	}
	w := newWorld(t)
	w.saml.Apps[0].SessionLifetime = time.Minute
	w.open()
	u := w.person("")
	r := w.callbackOf(u, "saml", "/private/a")
	w.advance(time.Minute) // within the clock skew of the client
	p := u.navigate(r)
	assert.Equal(t, http.StatusUnauthorized, p.StatusCode)
	assert.Nil(t, u.jar.find(sessionCookie))
	assert.ErrorIs(t, w.happened(web.EventLoginFailed)[0].Err, authentication.ErrRefused)
}

// session_expiry ends every session, and the end of an Identity one without tokens: the end of tokens ends no session.
func TestS11SessionExpiryAtLogin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		expiry, session time.Duration // after the login; 0 is none
		token           *oauth.Token
		want            int
	}{
		"session_expiry":             {time.Hour, 30 * time.Minute, &oauth.Token{}, http.StatusUnauthorized},
		"a later session_expiry":     {time.Hour, time.Hour, &oauth.Token{}, http.StatusOK},
		"without tokens":             {time.Hour, 30 * time.Minute, nil, http.StatusUnauthorized},
		"the end of the tokens":      {30 * time.Minute, 0, &oauth.Token{}, http.StatusOK},
		"the end without tokens":     {30 * time.Minute, 0, nil, http.StatusUnauthorized},
		"the end before the other":   {30 * time.Minute, time.Hour, nil, http.StatusUnauthorized},
		"a later end without tokens": {time.Hour, 0, nil, http.StatusOK},
	} {
		w := newWorld(t)
		id := &authentication.Identity{Protocol: "oidc", Issuer: "i", Subject: "s", Token: c.token, Expiry: w.now().Add(c.expiry)}
		if c.session > 0 {
			id.SessionExpiry = w.now().Add(c.session)
		}
		w.config.Flow = nobody{w.oidcFlow(), id}
		w.open()
		u := w.person("")
		w.loggedIn(u, "", "/private/a")
		w.advance(31 * time.Minute)
		assert.Equal(t, c.want, u.fetch(http.MethodGet, "/private/a", "").StatusCode, name)
	}
}

// A store that fails when the session begins is 503, and the old session goes on.
func TestSiteLoginStoreFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &faultyStore{Store: web.NewMemory(w.now)}
	w.config.Store = store
	w.open()
	u := w.person("")
	w.loggedIn(u, "", "/private/a")
	old := u.jar.find(sessionCookie).Value
	r := w.callbackOf(u, "", "/private/b")
	store.fail.Store(true)
	p := u.navigate(r)
	assert.Equal(t, http.StatusServiceUnavailable, p.StatusCode)
	assert.NotEmpty(t, p.Header.Get("Retry-After"))
	store.fail.Store(false)
	assert.Equal(t, old, u.jar.find(sessionCookie).Value)
	assertAt(t, u.open(appOrigin+"/private/c"), appOrigin+"/private/c")
	require.NotEmpty(t, w.happened(web.EventStore))
}
