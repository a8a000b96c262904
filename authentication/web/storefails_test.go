package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// A store that fails for five seconds: no page, no login, no lost cookie; then the same session goes on.
func TestSite10StoreFails(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	guard := g.site.RequireLogin(hello)
	load := g.site.LoadLogin(hello)
	nested := g.site.LoadLogin(g.site.RequireLogin(hello))
	require.Equal(t, "hello alice", ask(guard, "GET", "/", cookie, navigating...).Body.String())

	g.store.fail.Store(true)
	for name, h := range map[string]http.Handler{"RequireLogin": guard, "RequireLogin inside LoadLogin": nested} {
		for _, header := range [][]string{navigating, fetching} {
			w := ask(h, "GET", "/", cookie, header...)
			assert.Equal(t, http.StatusServiceUnavailable, w.Code, name)
			assert.Equal(t, "5", w.Header().Get("Retry-After"), name)
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), name)
			assert.Empty(t, w.Result().Cookies(), name)
			assert.Empty(t, w.Header().Get("Location"), name)
			assert.NotContains(t, w.Body.String(), errStore.Error(), name)
		}
	}
	w := ask(g.site, "GET", "/auth/session", cookie, "X-Requested-With", "fetch")
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	ask(g.site.LoadLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := web.Token(r.Context())
		require.ErrorIs(t, err, errStore)
		require.NotErrorIs(t, err, web.ErrNoSession, "nobody knows")
	})), "GET", "/", cookie)
	w = ask(load, "GET", "/", cookie, navigating...)
	assert.Equal(t, "hello nobody", w.Body.String())
	assert.Empty(t, w.Result().Cookies())
	assert.Equal(t, http.StatusSeeOther, ask(guard, "GET", "/", nil, navigating...).Code, "without a cookie nothing is read")
	for _, kind := range g.kinds() {
		assert.Equal(t, web.EventStore, kind)
	}
	require.ErrorIs(t, g.events[0].Err, errStore)

	g.advance(5 * time.Second)
	g.store.fail.Store(false)
	for name, h := range map[string]http.Handler{"RequireLogin": guard, "LoadLogin": load, "both": nested} {
		assert.Equal(t, "hello alice", ask(h, "GET", "/", cookie, navigating...).Body.String(), name)
	}
}

// A store that cannot write when the last request came is no reason to refuse the request.
func TestLastSeenCannotBeWritten(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	g.advance(2 * time.Minute)
	g.store.failCommit.Store(true)
	assert.Equal(t, http.StatusOK, ask(g.site.RequireLogin(hello), "GET", "/", cookie).Code)
	assert.Equal(t, []web.EventKind{web.EventStore}, g.kinds())
	g.store.failCommit.Store(false)
	commits := g.store.commits.Load()
	assert.Equal(t, http.StatusOK, ask(g.site.RequireLogin(hello), "GET", "/", cookie).Code)
	assert.Equal(t, commits+1, g.store.commits.Load(), "the next request writes it")
	assert.Equal(t, http.StatusOK, ask(g.site.RequireLogin(hello), "GET", "/", cookie).Code)
	assert.Equal(t, commits+1, g.store.commits.Load(), "and the next one need not")
}

// OnError answers a failing store too, with the reason.
func TestStoreFailsWithOnError(t *testing.T) {
	t.Parallel()
	var got error
	g := newGuarded(t, func(g *guarded) {
		g.config.OnError = func(w http.ResponseWriter, _ *http.Request, err error) {
			got = err
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	cookie := g.signIn()
	g.store.fail.Store(true)
	w := ask(g.site.RequireLogin(hello), "GET", "/", cookie)
	assert.Equal(t, http.StatusBadGateway, w.Code)
	assert.Equal(t, "5", w.Header().Get("Retry-After"))
	require.ErrorIs(t, got, errStore)
}
