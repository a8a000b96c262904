package web_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// What each kind of request of nobody gets, and that the same request of somebody gets the page.
func TestRequireLoginByKindOfRequest(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	h := g.site.RequireLogin(hello)
	const html = "text/html,*/*;q=0.8"
	for name, c := range map[string]struct {
		method, address string
		header          []string
		status          int
		login           string
	}{
		"a navigation":                {"GET", "/a%2Fb/c?x=1&y=%20", navigating, 303, "/auth/login?return=%2Fa%252Fb%2Fc%3Fx%3D1%26y%3D%2520"},
		"a navigation to the start":   {"GET", "/", navigating, 303, "/auth/login"},
		"of an old browser":           {"GET", "/a", []string{"Accept", html}, 303, "/auth/login?return=%2Fa"},
		"a long one":                  {"GET", "/a?" + strings.Repeat("x", 400), navigating, 303, "/auth/login"},
		"not clean":                   {"GET", "/a//b", navigating, 303, "/auth/login"},
		"a form":                      {"POST", "/a", navigating, 303, "/auth/login"},
		"a frame":                     {"GET", "/a", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, 401, ""},
		"a script's":                  {"GET", "/a", fetching, 401, "/auth/login"},
		"a script's, with its page":   {"GET", "/a", append([]string{"Referer", appOrigin + "/page?q=1#top"}, fetching...), 401, "/auth/login?return=%2Fpage%3Fq%3D1"},
		"of another site's page":      {"GET", "/a", []string{"Referer", "https://evil.example/page", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, 401, "/auth/login"},
		"of a similar site's page":    {"GET", "/a", []string{"Referer", appOrigin + ".evil.example/page"}, 401, "/auth/login"},
		"HEAD":                        {"HEAD", "/a", navigating, 401, "/auth/login"},
		"a prefetch":                  {"GET", "/a", append([]string{"Sec-Purpose", "prefetch"}, navigating...), 401, "/auth/login"},
		"a WebSocket":                 {"GET", "/a", []string{"Upgrade", "websocket", "Connection", "Upgrade", "Sec-Fetch-Mode", "websocket"}, 401, "/auth/login"},
		"events":                      {"GET", "/a", []string{"Accept", "text/event-stream"}, 401, "/auth/login"},
		"a program":                   {"GET", "/a", nil, 401, "/auth/login"},
		"PUT":                         {"PUT", "/a", navigating, 401, "/auth/login"},
		"a preflight":                 {"OPTIONS", "/a", []string{"Origin", "https://other.example", "Access-Control-Request-Method", "PUT", "Sec-Fetch-Mode", "cors"}, 401, "/auth/login"},
		"a request with a bad handle": {"GET", "/a", append([]string{"Cookie", cookie.Name + "=bad"}, fetching...), 401, "/auth/login"},
	} {
		w := ask(h, c.method, c.address, nil, c.header...)
		assert.Equal(t, c.status, w.Code, name)
		assert.Empty(t, w.Result().Cookies(), name)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), name)
		assert.Contains(t, w.Header().Values("Vary"), "Cookie", name)
		assert.NotContains(t, w.Body.String(), "hello", name)
		for name := range w.Header() {
			assert.NotContains(t, name, "Access-Control", name)
		}
		switch {
		case c.status == http.StatusSeeOther:
			assert.Equal(t, c.login, w.Header().Get("Location"), name)
			assert.Empty(t, w.Header().Get("WWW-Authenticate"), name)
		case c.login != "":
			p := problemOf(t, w)
			assert.Equal(t, "login_required", p.Code, name)
			assert.Equal(t, c.login, p.Login, name)
			fallthrough
		default:
			assert.Equal(t, "Login", w.Header().Get("WWW-Authenticate"), name)
			assert.Empty(t, w.Header().Get("Location"), name)
		}
		if strings.Contains(name, "handle") {
			continue
		}
		w = ask(h, c.method, c.address, cookie, c.header...)
		assert.Equal(t, http.StatusOK, w.Code, name)
		assert.Equal(t, "hello alice", w.Body.String(), name)
		assert.Equal(t, "private, no-cache", w.Header().Get("Cache-Control"), name)
		assert.Equal(t, []string{"Cookie"}, w.Header().Values("Vary"), name)
	}
}

// The page in a frame opens the login in the whole window, without a script, and in any page's frame.
func TestFramePage(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	w := ask(g.site.RequireLogin(hello), "GET", "/a?b=%22", nil, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe", "Accept-Language", "zh")
	assert.Contains(t, w.Body.String(), `<a href="/auth/login?return=%2Fa%3Fb%3D%2522" target="_top">在整个窗口中打开</a>`)
	assert.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Equal(t, "zh-CN", w.Header().Get("Content-Language"))
	policy := w.Header().Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.NotContains(t, policy, "frame-ancestors")
	assert.NotContains(t, w.Body.String(), "<script")
}

// A handler gets the ResponseWriter itself, and may change the headers.
func TestResponseWriterIsNotWrapped(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	h := g.site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, flushes := w.(http.Flusher)
		_, hijacks := w.(http.Hijacker)
		assert.True(t, flushes && hijacks)
		w.Header().Set("Cache-Control", "public")
		w.Header().Add("Vary", "Accept")
		w.(http.Flusher).Flush()
	}))
	w := &hijacker{ResponseRecorder: httptest.NewRecorder()}
	w.Header().Set("Vary", "Accept-Encoding")
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(g.signIn())
	h.ServeHTTP(w, r)
	assert.True(t, w.Flushed)
	assert.Equal(t, "public", w.Header().Get("Cache-Control"))
	assert.Equal(t, []string{"Accept-Encoding", "Cookie", "Accept"}, w.Header().Values("Vary"))
}

type hijacker struct{ *httptest.ResponseRecorder }

func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, nil }

// A login that has just ended and no session: an error page, and no second login; a moment later the login.
func TestLoginThatLeftNoSession(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	h := g.site.RequireLogin(hello)
	marker := &http.Cookie{Name: "__Host-Http-session.new", Value: "1"}
	w := ask(h, "GET", "/a", marker, navigating...)
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Empty(t, w.Header().Get("Location"))
	assert.Equal(t, []web.EventKind{web.EventError}, g.kinds())
	require.ErrorIs(t, g.events[0].Err, authentication.ErrRefused)
	assert.Equal(t, http.StatusSeeOther, ask(h, "GET", "/a", nil, navigating...).Code)
}

// A login has just ended, and a logout has ended its session since: no cookie is lost, and a login is right.
func TestLogoutSoonAfterALogin(t *testing.T) {
	t.Parallel()
	marker := &http.Cookie{Name: "__Host-Http-session.new", Value: "1"}
	for _, header := range [][]string{navigating, fetching} {
		g := newGuarded(t)
		h, cookie := g.site.RequireLogin(hello), g.signIn()
		header = append([]string{"Cookie", marker.String()}, header...)
		assert.Equal(t, http.StatusOK, ask(h, "GET", "/a", cookie, header...).Code)
		require.NoError(t, g.site.EndSessions(t.Context(), idOrigin, "alice"))
		w := ask(h, "GET", "/a", cookie, header...)
		if header[3] == "navigate" {
			assert.Equal(t, http.StatusSeeOther, w.Code)
		}
		var deleted []string
		for _, c := range w.Result().Cookies() {
			assert.Negative(t, c.MaxAge)
			deleted = append(deleted, c.Name)
		}
		assert.Contains(t, deleted, marker.Name)
	}
}

// A mark that ends each new session at once must not send the browser around for ever.
func TestMarkThatEndsEveryLogin(t *testing.T) {
	t.Parallel()
	marker := []string{"Cookie", (&http.Cookie{Name: "__Host-Http-session.new", Value: "1"}).String()}
	for ahead, status := range map[time.Duration]int{0: http.StatusSeeOther, time.Minute: http.StatusUnauthorized} {
		g := newGuarded(t)
		h, cookie := g.site.RequireLogin(hello), g.signIn()
		config := g.config
		config.Now = func() time.Time { return g.now().Add(ahead) }
		other, err := web.New(config)
		require.NoError(t, err)
		require.NoError(t, other.EndSessions(t.Context(), idOrigin, "alice"))
		w := ask(h, "GET", "/a", cookie, append(marker, navigating...)...)
		assert.Equal(t, status, w.Code, ahead)
	}
}

// Nobody demands a login, and the Site's own addresses are served.
func TestLoadLogin(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	h := g.site.LoadLogin(hello)
	assert.Equal(t, "hello nobody", ask(h, "GET", "/", nil, navigating...).Body.String())
	assert.Equal(t, "hello alice", ask(h, "GET", "/", g.signIn(), navigating...).Body.String())
	assert.Equal(t, http.StatusNotFound, ask(h, "GET", "/auth/nothing", nil, navigating...).Code)
	assert.Contains(t, ask(h, "GET", "/", nil).Header().Values("Vary"), "Cookie", "the page depends on it")
}

// Handlers of a router without http.Handler.
func TestAdmit(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	for _, in := range []bool{false, true} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		if in {
			r.AddCookie(cookie)
		}
		inner, ok := g.site.Admit(w, r)
		assert.Equal(t, in, ok)
		if in {
			assert.Equal(t, "alice", web.Identity(inner.Context()).Subject)
			assert.Nil(t, web.Identity(r.Context()), "the request itself is not changed")
		} else {
			assert.Nil(t, inner)
			assert.Equal(t, http.StatusUnauthorized, w.Code)
		}
	}
}

// Guards inside guards read the session once; another Site's user is another user.
func TestGuardsInsideGuards(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	once := g.store.finds.Load()
	ask(g.site.RequireLogin(hello), "GET", "/", cookie)
	once = g.store.finds.Load() - once
	before := g.store.finds.Load()
	w := ask(g.site.LoadLogin(g.site.RequireLogin(g.site.RequireLogin(hello))), "GET", "/", cookie)
	assert.Equal(t, "hello alice", w.Body.String())
	assert.Equal(t, once, g.store.finds.Load()-before)

	type key struct{}
	between := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "kept")))
		})
	}
	ask(g.site.LoadLogin(between(g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "kept", r.Context().Value(key{}), "what stands between keeps its values")
	})))), "GET", "/", cookie)

	other := newGuarded(t, func(o *guarded) { o.config.Name = "other" })
	assert.Equal(t, http.StatusUnauthorized, ask(g.site.RequireLogin(other.site.RequireLogin(hello)), "GET", "/", cookie).Code)
	assert.Equal(t, "hello nobody", ask(g.site.RequireLogin(other.site.LoadLogin(hello)), "GET", "/", cookie).Body.String())
}

// A session whose flow was removed ends: its server could not end it any more.
func TestSessionOfARemovedFlow(t *testing.T) {
	t.Parallel()
	with := newGuarded(t, func(g *guarded) { g.config.Flows = map[string]authentication.LoginFlow{"b": deaf{}} })
	cookie := with.site.SignIn(t, "b", alice(with.now()))
	assert.Equal(t, http.StatusOK, ask(with.site.RequireLogin(hello), "GET", "/", cookie).Code)
	without := newGuarded(t, func(g *guarded) { g.config.Store = with.store })
	w := ask(without.site.RequireLogin(hello), "GET", "/", cookie, navigating...)
	assert.Equal(t, http.StatusSeeOther, w.Code)
	require.Len(t, w.Result().Cookies(), 1)
	assert.Negative(t, w.Result().Cookies()[0].MaxAge, "the cookie is deleted")
	assert.Equal(t, []web.EventKind{web.EventEnded}, without.kinds())
	assert.Equal(t, "alice", without.events[0].Subject)
	assert.Equal(t, http.StatusUnauthorized, ask(with.site.RequireLogin(hello), "GET", "/", cookie).Code, "it has ended everywhere")
}

// Requests keep a session alive until Absolute; a script that asks who the user is does not.
func TestIdleAndAbsolute(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(g *guarded) { g.config.Idle, g.config.Absolute = time.Hour, 3*time.Hour })
	h := g.site.RequireLogin(hello)
	active, quiet := g.signIn(), g.signIn()
	for range 3 {
		g.advance(50 * time.Minute)
		assert.Equal(t, http.StatusOK, ask(h, "GET", "/", active).Code)
	}
	g.advance(29 * time.Minute)
	assert.Equal(t, http.StatusOK, ask(h, "GET", "/", active).Code)
	g.advance(time.Minute)
	assert.Equal(t, http.StatusUnauthorized, ask(h, "GET", "/", active).Code, "Absolute")
	assert.Equal(t, http.StatusUnauthorized, ask(h, "GET", "/", quiet).Code, "Idle")

	watched := g.signIn()
	g.advance(50 * time.Minute)
	assert.Equal(t, http.StatusOK, ask(h, "GET", "/auth/session", watched, "X-Requested-With", "fetch").Code)
	g.advance(50 * time.Minute)
	assert.Equal(t, http.StatusUnauthorized, ask(h, "GET", "/auth/session", watched, "X-Requested-With", "fetch").Code)
}

// The application's own pages of the Site need no session: a login would lead there again.
func TestPagesOfTheSiteAreNotGuarded(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(g *guarded) { g.config.LoginPage, g.config.LoggedOutPage = "/choose", "/bye" })
	h := g.site.RequireLogin(hello)
	for address, want := range map[string]int{
		"/choose": 200, "/choose?return=%2Fa": 200, "/bye": 200, "/choose/": 401, "/choose/x": 401, "/Choose": 401, "/cho%6Fse": 401, "/bye2": 401,
		"//choose": 401, "/a/../choose": 401,
	} {
		assert.Equal(t, want, ask(h, "GET", address, nil, fetching...).Code, address)
	}
	cookie := g.signIn()
	assert.Equal(t, "hello alice", ask(h, "GET", "/choose", cookie, navigating...).Body.String())
	g.store.fail.Store(true)
	assert.Equal(t, "hello nobody", ask(h, "GET", "/bye", cookie, navigating...).Body.String())
}

// A session that a mark has ended is deleted: an event, and a navigation loses the cookie. Without the mark it lives.
func TestSessionThatAMarkEnds(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	h := g.site.RequireLogin(hello)
	bob := alice(g.now())
	bob.Subject = "bob"
	cookie, other := g.signIn(), g.site.SignIn(t, "", bob)
	require.NoError(t, g.site.EndSessions(t.Context(), idOrigin, "alice"))
	assert.Equal(t, http.StatusOK, ask(h, "GET", "/", other).Code)
	w := ask(h, "GET", "/a", cookie, fetching...)
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Empty(t, w.Result().Cookies())
	require.Equal(t, []web.EventKind{web.EventEnded}, g.kinds())
	e := g.events[0]
	assert.Equal(t, []string{"alice", idOrigin, ""}, []string{e.Subject, e.Issuer, e.Flow})
	assert.NotEmpty(t, e.Session)
	assert.NotContains(t, cookie.Value, e.Session)
	ask(h, "GET", "/a", cookie, fetching...)
	assert.Len(t, g.kinds(), 1, "it is gone, and not ended again")

	cookie = g.site.SignIn(t, "", alice(g.now()))
	require.NoError(t, g.site.EndSessions(t.Context(), idOrigin, "alice"))
	w = ask(h, "GET", "/a", cookie, navigating...)
	assert.Equal(t, http.StatusSeeOther, w.Code)
	require.Len(t, w.Result().Cookies(), 1)
	assert.Negative(t, w.Result().Cookies()[0].MaxAge)
	g.advance(1)
	assert.Equal(t, http.StatusOK, ask(h, "GET", "/", g.signIn()).Code, "a later session lives")
}
