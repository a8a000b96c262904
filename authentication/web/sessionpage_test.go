package web_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page's script reads who the user is and when the session ends, and no token.
func TestSessionPage(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	id := alice(g.now())
	id.SessionExpiry = g.now().Add(time.Hour)
	cookie := g.site.SignIn(t, "", id)
	w := ask(g.site, "GET", "/auth/session", cookie, "X-Requested-With", "fetch")
	require.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	var got map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
	at := func(name string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, got[name].(string))
		require.NoError(t, err, name)
		delete(got, name)
		return v
	}
	assert.True(t, at("created").Equal(g.now()))
	assert.True(t, at("auth_time").Equal(g.now()))
	assert.True(t, at("ends").Equal(id.SessionExpiry))
	assert.True(t, at("idle_ends").Equal(id.SessionExpiry), "never later than the end")
	assert.Equal(t, map[string]any{
		"flow": "", "protocol": "oidc", "issuer": idOrigin, "subject": "alice", "acr": "silver",
		"claims": map[string]any{"name": "Alice", "groups": []any{"a"}},
	}, got)
	for _, secret := range []string{"access-1", "refresh-1", `"data"`, cookie.Value} {
		assert.NotContains(t, w.Body.String(), secret)
	}
}

// Another site's page cannot read it: a request without the header, or with a preflight.
func TestSessionPageRefuses(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	for name, c := range map[string]struct {
		method string
		cookie *http.Cookie
		header []string
		status int
		code   string
	}{
		"without the header": {"GET", cookie, nil, http.StatusForbidden, "header_required"},
		"without a session":  {"GET", nil, []string{"X-Requested-With", "x", "Referer", appOrigin + "/a"}, http.StatusUnauthorized, "login_required"},
		"a form":             {"POST", cookie, []string{"X-Requested-With", "x"}, http.StatusMethodNotAllowed, "method"},
		"a preflight":        {"OPTIONS", nil, []string{"Origin", "https://other.example", "Access-Control-Request-Headers", "x-requested-with"}, http.StatusMethodNotAllowed, "method"},
	} {
		w := ask(g.site, c.method, "/auth/session", c.cookie, c.header...)
		assert.Equal(t, c.status, w.Code, name)
		assert.Equal(t, c.code, problemOf(t, w).Code, name)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), name)
		assert.Empty(t, w.Result().Cookies(), name)
		assert.Empty(t, w.Header().Get("Access-Control-Allow-Origin"), name)
		if c.status == http.StatusUnauthorized {
			assert.Equal(t, "/auth/login?return=%2Fa", problemOf(t, ask(g.site, c.method, "/auth/session", c.cookie, c.header...)).Login)
		}
	}
	assert.Equal(t, http.StatusOK, ask(g.site, "GET", "/auth/session", cookie, "X-Requested-With", "x").Code)
}
