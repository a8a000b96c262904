package web_test

import (
	"bufio"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// behind is a proxy that ends TLS for https://h.example/app and sends requests to 127.0.0.1 by http, without X-Forwarded
// headers. It may strip /app.
func behind(app http.Handler, strip bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address := r.URL.RequestURI()
		if strip {
			address = "/" + strings.TrimPrefix(strings.TrimPrefix(address, "/app"), "/")
		}
		in := httptest.NewRequest(r.Method, address, r.Body).WithContext(r.Context())
		in.Header, in.Host = r.Header, "127.0.0.1:8080"
		app.ServeHTTP(w, in)
	})
}

// An application below a path and behind a proxy: the base URL alone decides addresses and cookies.
func TestSite8BaseURLWithAPath(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		strip bool
		mount func(w *world) http.Handler
	}{
		"a proxy that strips":   {true, func(w *world) http.Handler { return w.site.RequireLogin(w.app) }},
		"a proxy that does not": {false, func(w *world) http.Handler { return w.site.RequireLogin(w.app) }},
		"StripPrefix": {false, func(w *world) http.Handler {
			return http.StripPrefix("/app", w.site.RequireLogin(w.app))
		}},
		"a mux below": {false, func(w *world) http.Handler {
			mux, outer := http.NewServeMux(), http.NewServeMux()
			mux.Handle("/", w.site.RequireLogin(w.app))
			mux.Handle("/auth/", w.site)
			outer.Handle("/app/", http.StripPrefix("/app", mux))
			return outer
		}},
		"the Site alone": {false, func(w *world) http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/app/auth/", w.site)
			mux.Handle("/app/", w.site.RequireLogin(w.app))
			return mux
		}},
	} {
		w := newWorld(t)
		w.config.BaseURL = "https://h.example/app"
		a, err := w.config.Addresses("")
		require.NoError(t, err)
		assert.Equal(t, "https://h.example/app/auth/callback", a.Callback)
		w.oidc.RedirectURIs = []string{a.Callback}
		w.open()
		w.network["https://h.example"] = behind(c.mount(w), c.strip)
		u := w.person("")
		p := u.open("https://h.example/app/deep/page?x=%2F&y")
		link := regexp.MustCompile(`href="(/app/auth/login\?flow=&amp;return=[^"]*)"`).FindStringSubmatch(p.body)
		require.NotNil(t, link, "%s: %s", name, p.body)
		p = u.click(html.UnescapeString(link[1]))
		require.Equal(t, http.StatusOK, p.StatusCode, name)
		assert.Equal(t, "https://h.example/app/deep/page?x=%2F&y", p.Request.URL.String(), name)
		assert.Contains(t, p.body, "hello", name)
		for _, r := range p.passed {
			assert.True(t, strings.HasPrefix(r.URL.Path, "/app/"), "%s: %s", name, r.URL)
			for _, c := range r.Cookies() {
				assert.True(t, strings.HasPrefix(c.Name, "__Host-Http-"), "%s: %s", name, c.Name)
			}
		}
		assert.Empty(t, u.jar.dropped, name)
		assert.Equal(t, http.StatusOK, u.fetch("GET", "https://h.example/app/auth/session", "", "X-Requested-With", "x").StatusCode, name)
	}
}

// Addresses that resemble the Site's reach no handler without a guard, and nobody reaches a guarded one.
func TestSite8AddressesThatResembleTheSites(t *testing.T) {
	t.Parallel()
	for _, base := range []string{appOrigin, appOrigin + "/app"} {
		g := newGuarded(t, func(g *guarded) { g.config.BaseURL = base })
		reached := false
		h := g.site.RequireLogin(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
		for _, address := range []string{
			"/auth/../x", "//auth/login", "/auth%2flogin", "/auth%2Flogin", "/api/auth/login", "/auth/./x", "/auth//x", "/auth/%2e%2e/x", "/x/../auth/login",
			"/auth", "/auth/", "/AUTH/login", "/auth;a/login", "/auth/login;a", "/auth/login/", "/auth/login%00", "/auth/..%2fx", "/auth\\login", "/authx/login",
			"/%61uth/login", "/auth/callback/seen/x", "/auth/x?return=/y", "/app/auth/../x", "/app//auth/login", "/app/auth%2flogin", "/app/app/auth/login", "/app", "/appx/auth/login",
			"http://other.example/auth/x", "*",
		} {
			for _, header := range [][]string{navigating, fetching} {
				r := httptest.NewRequest("GET", "/", nil)
				r.RequestURI = address
				if u, err := url.ParseRequestURI(address); err == nil {
					r.URL = u
				}
				for i := 0; i < len(header); i += 2 {
					r.Header.Set(header[i], header[i+1])
				}
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				assert.False(t, reached, address)
				assert.Contains(t, []int{303, 401, 404}, w.Code, address)
				if to := w.Header().Get("Location"); to != "" {
					assert.True(t, strings.HasPrefix(base+to, base+strings.TrimPrefix(base, appOrigin)+"/auth/login"), "%s: %s", address, to)
				}
			}
		}
	}
}

// Below Prefix nothing reaches the application, not even for a user who is logged in.
func TestSite8BelowPrefix(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	for _, address := range []string{"/auth", "/auth/", "/auth/x", "/auth/../x", "/auth//x", "/auth/login%2fx", "/auth/%2e%2e/x"} {
		w := ask(g.site.RequireLogin(hello), "GET", "http://app.example"+address, cookie)
		assert.Equal(t, http.StatusNotFound, w.Code, address)
		assert.NotContains(t, w.Body.String(), "hello", address)
	}
	for _, address := range []string{"/authx", "/x/auth/login", "//auth/login", "/auth%2flogin"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RequestURI = address
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		g.site.RequireLogin(hello).ServeHTTP(w, r)
		assert.Equal(t, "hello alice", w.Body.String(), "%s is the application's, and guarded", address)
	}
}

// An unknown host is no address of the application; the sessions of one host are nothing at another.
func TestSeveralHosts(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(g *guarded) { g.config.MoreBaseURLs = []string{"https://tenant.example:8443"} })
	cookie := g.signIn()
	at := func(host string, cookie *http.Cookie) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		if cookie != nil {
			r.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		g.site.RequireLogin(hello).ServeHTTP(w, r)
		return w
	}
	for host, want := range map[string]int{
		"app.example": 200, "APP.example:443": 200, "tenant.example:8443": 401, "tenant.example": 421, "other.example": 421, "": 421, "app.example.": 421,
	} {
		assert.Equal(t, want, at(host, cookie).Code, host)
	}
	one := newGuarded(t)
	r := httptest.NewRequest("GET", "/", nil)
	r.Host = "other.example"
	r.Header.Set("X-Forwarded-Host", "third.example")
	w := httptest.NewRecorder()
	one.site.RequireLogin(hello).ServeHTTP(w, r)
	assert.Equal(t, http.StatusUnauthorized, w.Code, "with one base URL the Host is not read")
	assert.NotContains(t, w.Body.String(), "other.example")
}

// A WebSocket of a user goes through the guard of a real server: the connection can be taken over. Events can be flushed.
func TestUpgradeThroughTheGuard(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(g *guarded) { g.config.BaseURL = "http://localhost" })
	server := httptest.NewServer(g.site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, rw, err := http.NewResponseController(w).Hijack()
		if !assert.NoError(t, err) {
			return
		}
		defer c.Close()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello " + web.Identity(r.Context()).Subject)
		_ = rw.Flush()
	})))
	defer server.Close()
	for _, cookie := range []*http.Cookie{g.signIn(), nil} {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		defer c.Close()
		r, err := http.NewRequest(http.MethodGet, server.URL, nil)
		require.NoError(t, err)
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Upgrade", "websocket")
		if cookie != nil {
			r.AddCookie(cookie)
		}
		require.NoError(t, r.Write(c))
		reader := bufio.NewReader(c)
		res, err := http.ReadResponse(reader, r)
		require.NoError(t, err)
		if cookie == nil {
			assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
			continue
		}
		require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
		greeting := make([]byte, len("hello alice"))
		_, err = reader.Read(greeting)
		require.NoError(t, err)
		assert.Equal(t, "hello alice", string(greeting))
	}
}
