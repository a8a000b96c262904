package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// mailbox keeps what a server posts to an address of the application, until it is delivered.
type mailbox struct {
	http.Handler
	path string
	mu   sync.Mutex
	form []string
}

func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, m.path) {
		m.Handler.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.form = append(m.form, string(body))
}

// holdPosts puts a mailbox in front of the application.
func (w *world) holdPosts(path string) *mailbox {
	m := &mailbox{Handler: w.network[appOrigin], path: path}
	w.network[appOrigin] = m
	return m
}

// one is what came, once.
func (m *mailbox) one(t testing.TB) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	require.Len(t, m.form, 1)
	defer func() { m.form = nil }()
	return m.form[0]
}

// post is a request of a server, without a browser.
func (w *world) post(path, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, appOrigin+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range change {
		c(r)
	}
	out := httptest.NewRecorder()
	w.site.ServeHTTP(out, r)
	return out
}

// The server's own logout ends the session, by each protocol: no cookie comes with it.
func TestServerLogout(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "cas"} {
		w := newWorld(t).open()
		u, other := w.signedIn("", flow), w.signedIn("", "oauth")
		_, err := w.realm.EndSessions(t.Context(), "")
		require.NoError(t, err)
		assert.False(t, u.alive(), flow)
		assert.True(t, other.alive(), "a session of another server")
		events := w.happened(web.EventNotice)
		require.Len(t, events, 1)
		assert.NoError(t, events[0].Err)
		assert.Equal(t, flow, events[0].Flow)
		assert.Len(t, w.happened(web.EventEnded), 1)
		u.login(flow)
		assert.True(t, u.alive(), "a session that began later")
	}
}

// Requests to the back channel that are none: 400, not to be stored.
func TestL9BackChannelRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.Flows["leaver"] = &leaver{LoginFlow: w.oidcFlow()}
	w.open()
	u := w.signedIn("", "oidc")
	box := w.holdPosts("/auth/backchannel")
	_, err := w.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	form := box.one(t)
	front := "/auth/backchannel/oidc?iss=" + url.QueryEscape(idOrigin+"/oidc") + "&sid=1"
	for name, refused := range map[string]func() *httptest.ResponseRecorder{
		"a GET": func() *httptest.ResponseRecorder {
			return w.post("/auth/backchannel/oidc?"+form, "", func(r *http.Request) { r.Method = http.MethodGet })
		},
		"a front channel's GET": func() *httptest.ResponseRecorder {
			return w.post(front, "", func(r *http.Request) { r.Method = http.MethodGet })
		},
		"a PUT": func() *httptest.ResponseRecorder {
			return w.post("/auth/backchannel/oidc", form, func(r *http.Request) { r.Method = http.MethodPut })
		},
		"JSON": func() *httptest.ResponseRecorder {
			return w.post("/auth/backchannel/oidc", form, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
		},
		"no type": func() *httptest.ResponseRecorder {
			return w.post("/auth/backchannel/oidc", form, func(r *http.Request) { r.Header.Del("Content-Type") })
		},
		"no token":     func() *httptest.ResponseRecorder { return w.post("/auth/backchannel/oidc", "token=1") },
		"no body":      func() *httptest.ResponseRecorder { return w.post("/auth/backchannel/oidc", "") },
		"in the query": func() *httptest.ResponseRecorder { return w.post("/auth/backchannel/oidc?"+form, "") },
		"twice":        func() *httptest.ResponseRecorder { return w.post("/auth/backchannel/oidc", form+"&"+form) },
		"no JWT":       func() *httptest.ResponseRecorder { return w.post("/auth/backchannel/oidc", "logout_token=a.b.c") },
	} {
		out := refused()
		assert.Equal(t, http.StatusBadRequest, out.Code, name)
		assert.Equal(t, "no-store", out.Header().Get("Cache-Control"), name)
		assert.JSONEq(t, `{"error":"invalid_request"}`, out.Body.String(), name)
		assert.True(t, u.alive(), name)
	}
	for _, e := range w.happened(web.EventNotice) {
		assert.ErrorIs(t, e.Err, authentication.ErrRefused)
		assert.NotContains(t, e.Err.Error(), strings.Split(form, ".")[1])
	}
	assert.Equal(t, http.StatusNotFound, w.post("/auth/backchannel/oauth", form).Code, "a flow without logouts of the server")
	assert.Equal(t, http.StatusNotFound, w.post("/auth/backchannel/nobody", form).Code)
	assert.Equal(t, http.StatusNotFound, w.post("/auth/backchannel/leaver", form).Code, "a flow with our logouts only")
	require.True(t, u.alive())

	out := w.post("/auth/backchannel/oidc", form) // the twin
	assert.Equal(t, http.StatusOK, out.Code)
	assert.Equal(t, "no-store", out.Header().Get("Cache-Control"))
	assert.Empty(t, out.Body.String())
	assert.False(t, u.alive())
	assert.Equal(t, http.StatusBadRequest, w.post("/auth/backchannel/oidc", form).Code, "it was used")
}

// A store that fails uses nothing up: the server sends the same token again.
func TestL9StoreFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// An error page of the application is none for a server.
	w.config.OnError = func(out http.ResponseWriter, _ *http.Request, _ error) { out.WriteHeader(http.StatusTeapot) }
	out := w.noticeWhileTheStoreFails("oidc", "/auth/backchannel")
	assert.Equal(t, http.StatusBadRequest, out.Code)
	assert.Equal(t, "no-store", out.Header().Get("Cache-Control"))
	assert.JSONEq(t, `{"error":"server_error"}`, out.Body.String())
}

// Other protocols have 503 for it.
func TestNoticeStoreFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out := w.noticeWhileTheStoreFails("cas", "/auth/callback")
	assert.Equal(t, http.StatusServiceUnavailable, out.Code)
	assert.NotEmpty(t, out.Header().Get("Retry-After"))
	require.Len(t, w.happened(web.EventStore), 1)
	assert.ErrorIs(t, w.happened(web.EventStore)[0].Err, errBrittle)
}

// noticeWhileTheStoreFails posts a notice, which leaves the session, and again when the store works, which ends it. It
// returns the answer to the first.
func (w *world) noticeWhileTheStoreFails(protocol, path string) *httptest.ResponseRecorder {
	w.t.Helper()
	store := newBrittle(w.now)
	w.config.Store = store
	w.open()
	u := w.signedIn("", protocol)
	box := w.holdPosts(path)
	_, err := w.realm.EndSessions(w.t.Context(), "")
	require.NoError(w.t, err)
	form := box.one(w.t)
	store.fails.Store(true)
	out := w.post(path+"/"+protocol, form)
	store.fails.Store(false)
	assert.True(w.t, u.alive())
	assert.Equal(w.t, http.StatusOK, w.post(path+"/"+protocol, form).Code)
	assert.False(w.t, u.alive())
	return out
}

// A logout in a frame comes without our cookies: iss and sid alone find the session.
func TestL11FrontChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at, err := w.config.Addresses("oidc")
	require.NoError(t, err)
	w.oidc.BackChannelLogoutURI, w.oidc.BackChannelLogoutSessionRequired = "", false
	w.oidc.FrontChannelLogoutURI, w.oidc.FrontChannelLogoutSessionRequired = at.FrontChannel, true
	store := newBrittle(w.now)
	w.config.Store = store
	w.open()
	u, other := w.signedIn("", "oidc"), w.signedIn("", "oidc")
	u.at = idOrigin
	_, err = u.person.Open(t.Context(), idOrigin+"/cas/logout", nil)
	require.NoError(t, err)
	frames := u.person.Frames()
	require.Len(t, frames, 1)
	address := frames[0].URL
	frame := func(change func(url.Values)) *page {
		to := *address
		query := to.Query()
		change(query)
		to.RawQuery = query.Encode()
		u.at = idOrigin
		p := u.load("iframe", to.String())
		assert.Equal(t, "no-store", p.Header.Get("Cache-Control"))
		return p
	}
	before := store.keys.Load()
	for name, c := range map[string]struct {
		change func(url.Values)
		want   int
	}{
		"an unknown sid": {func(q url.Values) { q.Set("sid", "another") }, http.StatusOK},
		"another issuer": {func(q url.Values) { q.Set("iss", "https://evil.test") }, http.StatusBadRequest},
		"no issuer":      {func(q url.Values) { q.Del("iss") }, http.StatusBadRequest},
		"no sid":         {func(q url.Values) { q.Del("sid") }, http.StatusBadRequest},
		"two sids":       {func(q url.Values) { q.Add("sid", "another") }, http.StatusBadRequest},
	} {
		assert.Equal(t, c.want, frame(c.change).StatusCode, name)
		assert.True(t, u.alive(), name)
	}
	assert.Equal(t, http.StatusBadRequest, w.post(address.RequestURI(), "").Code, "a POST")
	assert.Equal(t, before, store.keys.Load(), "nothing was stored")

	store.fails.Store(true)
	assert.Equal(t, http.StatusBadRequest, frame(func(url.Values) {}).StatusCode)
	store.fails.Store(false)
	assert.True(t, u.alive())

	p := frame(func(url.Values) {})
	assert.Equal(t, http.StatusOK, p.StatusCode)
	assert.Equal(t, "default-src 'none'; frame-ancestors "+idOrigin, p.Header.Get("Content-Security-Policy"))
	assert.Empty(t, p.Header.Get("X-Frame-Options"))
	assert.False(t, u.alive())
	assert.True(t, other.alive(), "another session of the same user")
}

// The message of SAML goes from the server by the browser, and its answer back.
func TestSAMLServerLogout(t *testing.T) {
	t.Parallel()
	for _, binding := range []samltest.Binding{samltest.BindingRedirect, samltest.BindingPOST} {
		w := newWorld(t)
		w.saml.Apps[0].SLOBinding = binding
		w.open()
		u, other := w.signedIn("", "saml"), w.signedIn("", "saml")
		r, err := u.person.Open(t.Context(), idOrigin+"/cas/logout", nil)
		require.NoError(t, err)
		require.NotNil(t, r, binding)
		u.at = idOrigin
		u.hold = func(r *http.Request) bool { return originOf(r.URL) == idOrigin }
		back := u.navigate(r).held
		require.NotNil(t, back, binding)
		assert.Equal(t, binding == samltest.BindingPOST, u.jar.find("__Host-Http-session") != nil, "where the cookie comes, it is deleted")
		assert.False(t, u.alive(), binding)
		var form url.Values
		if back.Method == http.MethodPost {
			require.NoError(t, back.ParseForm())
			form = back.PostForm
		}
		done, err := u.person.Open(t.Context(), back.URL.String(), form)
		require.NoError(t, err)
		assert.Nil(t, done)

		r, err = w.signedIn("", "saml").person.Open(t.Context(), idOrigin+"/cas/logout", nil)
		require.NoError(t, err)
		other.at, other.hold = idOrigin, u.hold
		other.navigate(r)
		assert.True(t, other.alive(), "another session's message")
	}
}

// A second logout token, and one of an unknown session, change nothing for others.
func TestServerLogoutOfAnotherSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.signedIn("", "oidc")
	w.oidc.Break(oidctest.WrongSession)
	_, err := w.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	assert.True(t, u.alive())
	for _, e := range w.happened(web.EventNotice) {
		assert.NoError(t, e.Err)
	}
	w.oidc.Break()
	u = w.signedIn("", "oidc")
	w.oidc.Break(oidctest.AlgNone)
	_, err = w.realm.EndSessions(t.Context(), "")
	require.NoError(t, err)
	assert.True(t, u.alive(), "an unsigned token")
}
