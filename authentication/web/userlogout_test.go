package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// signedIn is a browser with a session by this flow.
func (w *world) signedIn(name, flow string) *userAgent {
	w.t.Helper()
	u := w.person(name)
	u.login(flow)
	return u
}

func (u *userAgent) login(flow string) {
	u.t.Helper()
	p := u.open(appOrigin + "/auth/login/" + flow + "?return=/private/x")
	require.Equal(u.t, "/private/x", p.Request.URL.Path, flow)
	require.Contains(u.t, p.body, "/private/x: hello", flow)
}

// alive reports whether the browser has a session.
func (u *userAgent) alive() bool {
	u.t.Helper()
	was := u.at
	defer func() { u.at = was }()
	u.at = appOrigin
	status := u.fetch(http.MethodGet, "/private/", "").StatusCode
	require.Contains(u.t, []int{http.StatusOK, http.StatusUnauthorized}, status)
	return status == http.StatusOK
}

const (
	logoutButton = `<form method="post"><button>Sign out</button></form>`
	signedOut    = "You have left this application. You may still be signed in"
	confirmedOut = "You have left this application and the sign-in service."
)

// brittle is a store that can fail, and counts its records.
type brittle struct {
	web.Store
	fails atomic.Bool
	finds atomic.Int64
	last  atomic.Int64 // the Find after which all fail; 0 is none
	keys  atomic.Int64 // commits
}

func newBrittle(now func() time.Time) *brittle { return &brittle{Store: session.NewMemory(now)} }

var errBrittle = errors.New("the store is down")

func (b *brittle) Find(token string) ([]byte, bool, error) {
	if b.fails.Load() {
		return nil, false, errBrittle
	}
	if n, last := b.finds.Add(1), b.last.Load(); last > 0 && n > last {
		return nil, false, errBrittle
	}
	return b.Store.Find(token)
}

func (b *brittle) Commit(token string, value []byte, expiry time.Time) error {
	if b.fails.Load() {
		return errBrittle
	}
	b.keys.Add(1)
	return b.Store.Commit(token, value, expiry)
}

func (b *brittle) Delete(token string) error {
	if b.fails.Load() {
		return errBrittle
	}
	return b.Store.Delete(token)
}

// What does not come from the user of this application changes nothing.
func TestSite7LogoutMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.signedIn("", "oidc")
	bare := func(method string, header ...string) func() *page {
		return func() *page {
			u.at = appOrigin
			r := u.request(method, "/auth/logout", "")
			r.Header.Del("Origin")
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			return u.sendBare(r)
		}
	}
	from := func(at string, do func() *page) func() *page {
		return func() *page { u.at = at; return do() }
	}
	submit := func() *page { return u.submit(appOrigin+"/auth/logout", url.Values{}) }
	click := func() *page { return u.click(appOrigin + "/auth/logout") }
	load := func(dest string, header ...string) func() *page {
		return from(appOrigin, func() *page { return u.load(dest, "/auth/logout", header...) })
	}
	for name, ask := range map[string]func() *page{
		"another site's form":             from("https://evil.test", submit),
		"a sibling's form":                from("https://www.app.example", submit),
		"another site's link":             from("https://evil.test", click),
		"a sibling's link":                from("https://www.app.example", click),
		"a link in a mail":                from("", click),
		"an image":                        load("image"),
		"a frame":                         load("iframe"),
		"a script's GET":                  from(appOrigin, func() *page { return u.fetch(http.MethodGet, "/auth/logout", "") }),
		"a prefetch":                      load("document", "Sec-Fetch-Mode", "navigate", "Sec-Purpose", "prefetch"),
		"a prerender":                     load("document", "Sec-Fetch-Mode", "navigate", "Sec-Purpose", "prefetch;prerender"),
		"a future purpose":                load("document", "Sec-Fetch-Mode", "navigate", "Sec-Purpose", "something"),
		"an old prefetch":                 load("document", "Sec-Fetch-Mode", "navigate", "Purpose", "prefetch"),
		"a GET without Fetch Metadata":    bare(http.MethodGet),
		"a GET of no navigation":          bare(http.MethodGet, "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "document"),
		"a POST without anything":         bare(http.MethodPost),
		"a POST of origin null":           bare(http.MethodPost, "Origin", "null"),
		"a POST of another origin":        bare(http.MethodPost, "Origin", "https://evil.test"),
		"a POST of plain http":            bare(http.MethodPost, "Origin", "http://app.example"),
		"a POST with a Referer alone":     bare(http.MethodPost, "Referer", appOrigin+"/"),
		"a cross-site POST with our name": bare(http.MethodPost, "Origin", appOrigin, "Sec-Fetch-Site", "cross-site"),
		"a HEAD":                          bare(http.MethodHead, "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"),
		"a PUT":                           bare(http.MethodPut, "Sec-Fetch-Site", "same-origin", "Origin", appOrigin),
	} {
		p := ask()
		assert.Equal(t, http.StatusOK, p.StatusCode, name)
		assert.Empty(t, p.Header["Set-Cookie"], name)
		assert.Equal(t, "no-store", p.Header.Get("Cache-Control"), name)
		if p.Request.Method != http.MethodHead {
			assert.Contains(t, p.body, logoutButton, name)
		}
		assert.True(t, u.alive(), name)
	}
	assert.Empty(t, w.happened(web.EventLogout))
	assert.Zero(t, w.realm.Requests("/oidc/session/end"))

	u.at = appOrigin
	p := u.submit("/auth/logout", url.Values{}) // the button's
	assert.Contains(t, p.body, confirmedOut)
	assert.False(t, u.alive())
	assert.Len(t, w.happened(web.EventLogout), 1)
}

// sendBare sends a request with no Fetch Metadata but its own.
func (u *userAgent) sendBare(r *http.Request) *page {
	site := r.Header.Get("Sec-Fetch-Site")
	u.header = http.Header{"Sec-Fetch-Site": nil}
	if site != "" {
		u.header.Set("Sec-Fetch-Site", site)
	}
	defer func() { u.header = http.Header{} }()
	return u.send(r, site, sameSite, false)
}

// The user's own ways to log out.
func TestS9LogoutNeedsTheUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	older := func(u *userAgent, origin string) *page {
		r := u.request(http.MethodPost, appOrigin+"/auth/logout", "")
		r.Header.Set("Origin", origin)
		return u.sendBare(r)
	}
	for name, logout := range map[string]func(*userAgent) *page{
		"the button":       func(u *userAgent) *page { return u.submit("/auth/logout", url.Values{}) },
		"a link":           func(u *userAgent) *page { return u.click("/auth/logout") },
		"a script":         func(u *userAgent) *page { return u.fetch(http.MethodPost, "/auth/logout", "") },
		"the address bar":  func(u *userAgent) *page { u.at = ""; return u.submit(appOrigin+"/auth/logout", url.Values{}) },
		"an older browser": func(u *userAgent) *page { return older(u, appOrigin) },
	} {
		u := w.signedIn("", "oidc")
		require.True(t, u.alive(), name)
		u.at = appOrigin
		logout(u)
		assert.False(t, u.alive(), name)
		assert.Nil(t, u.jar.find(sessionCookie), name)
	}

	// A script's fetch cannot go to the server.
	u := w.signedIn("", "oidc")
	u.at = appOrigin
	p := u.fetch(http.MethodPost, "/auth/logout", "")
	assert.Equal(t, "/auth/loggedout", p.Header.Get("Location"))
	events := w.happened(web.EventLogout)
	assert.ErrorContains(t, events[len(events)-1].Err, "the session at the server goes on")

	u.login("oidc")
	p = older(u, "null")
	assert.Contains(t, p.body, logoutButton)
	// With no-referrer, an older browser would send "Origin: null" with the button's form, again and again.
	assert.Equal(t, "same-origin", p.Header.Get("Referrer-Policy"))
	assert.Contains(t, p.Header.Get("Content-Security-Policy"), "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
	assert.NotContains(t, p.Header.Get("Content-Security-Policy"), "form-action", "it would forbid the way to the server")
	assert.True(t, u.alive())
}

// A route of the application obeys the same rules.
func TestSiteLogoutOfTheApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.app = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/private/bye" {
			w.site.Logout(out, r)
			return
		}
		_, _ = out.Write([]byte(r.URL.String() + ": hello"))
	})
	w.open()
	u := w.signedIn("", "oidc")
	u.at = "https://evil.test"
	assert.Contains(t, u.click(appOrigin+"/private/bye").body, logoutButton, "the form goes to the page's own address")
	assert.True(t, u.alive())
	u.at = appOrigin
	assert.Contains(t, u.click("/private/bye").body, confirmedOut)
	assert.False(t, u.alive())
}

// A window that closes at once does not keep the session alive.
func TestLogoutOfAClosedWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.Store = mindful{newBrittle(w.now)}
	w.open()
	u := w.signedIn("", "oidc")
	u.at = appOrigin
	r := u.request(http.MethodPost, "/auth/logout", "")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range u.jar.get(r.URL, sameSite) {
		r.AddCookie(c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	closes := &onDelete{w.config.Store.(mindful), cancel}
	w.config.Store = closes
	site, err := web.New(w.config)
	require.NoError(t, err)
	site.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
	require.Error(t, ctx.Err())
	assert.False(t, u.alive())
}

// mindful is a store that obeys contexts.
type mindful struct{ *brittle }

func (m mindful) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if ctx.Err() != nil {
		return nil, false, ctx.Err()
	}
	return m.Find(token)
}

func (m mindful) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return m.Commit(token, b, expiry)
}

func (m mindful) DeleteCtx(ctx context.Context, token string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return m.Delete(token)
}

// onDelete closes the window when the first record is to be deleted.
type onDelete struct {
	mindful
	cancel context.CancelFunc
}

func (o *onDelete) DeleteCtx(ctx context.Context, token string) error {
	o.cancel()
	return o.mindful.DeleteCtx(ctx, token)
}

// A logout needs no session: twice, by two tabs, by the button "back".
func TestLogoutTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.signedIn("", "oidc")
	u.at = appOrigin
	first := u.click("/auth/logout")
	require.Contains(t, first.body, confirmedOut)
	before := w.realm.Requests("/oidc/session/end")

	second := u.click("/auth/logout") // the other tab
	assert.Contains(t, second.body, signedOut)
	assert.Equal(t, before, w.realm.Requests("/oidc/session/end"), "nobody is left to log out at the server")
	assert.Len(t, w.happened(web.EventLogout), 1)

	again := u.click(first.Request.URL.String()) // back to the page
	assert.Contains(t, again.body, signedOut, "its state is used up")
	assert.NotContains(t, again.body, confirmedOut)
	assert.Contains(t, u.click("/private/").body, "Please choose how you want to sign in", "a navigation goes to the login")
}

// A login that is pending in another tab goes on after a logout, unless the logout ended the session at the server that it
// is of.
func TestLogoutDuringALogin(t *testing.T) {
	t.Parallel()
	for stop, ends := range map[string]bool{idOrigin: false, appOrigin + "/auth/callback": true} {
		w := newWorld(t).open()
		u := w.signedIn("", "oidc")
		u.hold = func(r *http.Request) bool { return strings.HasPrefix(r.URL.String(), stop) }
		tab := u.open(appOrigin + "/auth/login/oidc?return=/private/other")
		require.NotNil(t, tab.held)
		u.at, u.hold = appOrigin, nil
		u.click("/auth/logout")
		require.False(t, u.alive())
		u.at = idOrigin
		p := u.navigate(tab.held)
		assert.Equal(t, !ends, strings.Contains(p.body, "/private/other: hello"), stop)
		assert.Equal(t, !ends, u.alive(), stop)
	}
}

// A store that fails: the cookie goes, and the answer says that not all is done.
func TestLogoutStoreFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := newBrittle(w.now)
	w.config.Store = store
	w.open()
	u := w.signedIn("", "oidc")
	u.at = appOrigin
	store.fails.Store(true)
	p := u.submit("/auth/logout", url.Values{})
	assert.Equal(t, http.StatusServiceUnavailable, p.StatusCode)
	assert.NotEmpty(t, p.Header.Get("Retry-After"))
	assert.Nil(t, u.jar.find("__Host-Http-"))
	require.NotEmpty(t, w.happened(web.EventStore))
	assert.ErrorIs(t, w.happened(web.EventStore)[0].Err, errBrittle)
	store.fails.Store(false)
	assert.False(t, u.alive())

	u.login("oidc") // the twin
	assert.Equal(t, http.StatusOK, u.submit("/auth/logout", url.Values{}).StatusCode)
	assert.False(t, u.alive())
}
