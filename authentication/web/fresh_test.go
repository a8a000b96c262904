package web_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// demanding adds a page that demands freshness to the application of a world.
func (w *world) demanding(f web.Freshness) *world {
	fresh := w.site.RequireFresh(f)(w.app)
	w.network[appOrigin].(*http.ServeMux).Handle("/fresh/", fresh)
	return w
}

// A login that is too old is repeated at the server, and the browser comes back to the page, by each protocol that can.
func TestRequireFreshLogsInAgain(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "saml", "cas"} {
		w := newWorld(t).open().demanding(web.Freshness{MaxAge: 10 * time.Minute})
		u := w.person("")
		w.loggedIn(u, flow, "/")
		w.advance(15 * time.Minute)
		before := u.jar.find(sessionCookie).Value
		p := u.click(appOrigin + "/fresh/page?a=1")
		require.Equal(t, http.StatusOK, p.StatusCode, "%s: %s", flow, p.body)
		assert.Contains(t, p.body, "/fresh/page?a=1: hello", flow)
		assert.NotEqual(t, before, u.jar.find(sessionCookie).Value, "it is a new login")
		assert.Len(t, w.happened(web.EventLogin), 2)

		w.advance(10 * time.Minute)
		p = u.click(appOrigin + "/fresh/page")
		assert.Len(t, p.passed, 1, "it is fresh")
		assert.Nil(t, u.jar.find("__Host-Http-session.fresh"))
		w.advance(2 * time.Minute)
		p = u.click(appOrigin + "/fresh/page")
		assert.Contains(t, p.body, "/fresh/page: hello", "a minute is for the clocks, and then again")
		assert.Len(t, w.happened(web.EventLogin), 3, flow)
	}
}

// Nobody is sent to the login first, as by RequireLogin, and a demand for nothing is RequireLogin.
func TestRequireFreshOfNobody(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	h := g.site.RequireFresh(web.Freshness{MaxAge: time.Minute})(hello)
	assert.Equal(t, "/auth/login?return=%2Fa", ask(h, "GET", "/a", nil, navigating...).Header().Get("Location"))
	assert.Equal(t, "hello alice", ask(h, "GET", "/a", g.signIn()).Body.String())
	assert.Equal(t, http.StatusNotFound, ask(h, "GET", "/auth/x", nil).Code)
	id := alice(g.now())
	id.AuthTime, id.ACR = time.Time{}, ""
	assert.Equal(t, "hello alice", ask(g.site.RequireFresh(web.Freshness{})(hello), "GET", "/a", g.site.SignIn(t, "", id)).Body.String())
}

// What is no navigation is told to log in again; a frame gets the page for the whole window.
func TestRequireFreshOfScripts(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	cookie := g.signIn()
	h := g.site.RequireFresh(web.Freshness{ACRValues: "gold silver"})(hello)
	assert.Equal(t, http.StatusOK, ask(h, "GET", "/a", cookie, fetching...).Code)
	h = g.site.RequireFresh(web.Freshness{ACRValues: "gold silver2"})(hello)
	w := ask(h, "POST", "/a", cookie, fetching...)
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Equal(t, "fresh_login_required", problemOf(t, w).Code)
	assert.Empty(t, w.Result().Cookies())
	w = ask(h, "POST", "/a", cookie, append([]string{"Cookie", "__Host-Http-session.fresh=another.session"}, fetching...)...)
	assert.Equal(t, http.StatusUnauthorized, w.Code, "the note of another demand says nothing")
	w = ask(h, "GET", "/a?b", cookie, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe")
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Contains(t, w.Body.String(), `href="/a?b" target="_top"`)
	assert.Empty(t, w.Result().Cookies())
}

// A server that logs the user in again and not as demanded: an error and no loop. The user may try again.
func TestRequireFreshIsNoLoop(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open().demanding(web.Freshness{ACRValues: "urn:gold"}) // the fake server does not know classes
	u := w.person("")
	w.loggedIn(u, "oidc", "/")
	for n := range 2 {
		p := u.click(appOrigin + "/fresh/page")
		assert.Equal(t, http.StatusForbidden, p.StatusCode)
		assert.Contains(t, p.body, "This sign-in is not enough")
		assert.Len(t, w.happened(web.EventLogin), 2+n)
		assert.Nil(t, u.jar.find("__Host-Http-session.fresh"))
		events := w.happened(web.EventError)
		require.Len(t, events, 1+n)
		require.ErrorIs(t, events[n].Err, authentication.ErrDenied)
	}
	assert.Equal(t, http.StatusOK, u.click(appOrigin+"/private/").StatusCode, "the session goes on")
}

// A login that the user gives up is no login: the next click begins another one.
func TestRequireFreshGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open().demanding(web.Freshness{MaxAge: 10 * time.Minute})
	u := w.person("")
	w.loggedIn(u, "oidc", "/")
	w.advance(time.Hour)
	u.hold = func(r *http.Request) bool { return originOf(r.URL) == idOrigin }
	require.NotNil(t, u.click(appOrigin+"/fresh/page").held)
	require.NotNil(t, u.jar.find("__Host-Http-session.fresh"))
	u.hold, u.at = nil, appOrigin
	p := u.click(appOrigin + "/fresh/page")
	assert.Contains(t, p.body, "/fresh/page: hello")
}

// What a protocol or a setting cannot demand is the operator's fault, and opens no page.
func TestRequireFreshMisconfigured(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flow string
		f    web.Freshness
	}{
		"OAuth":            {"oauth", web.Freshness{MaxAge: time.Minute}},
		"CAS, classes":     {"cas", web.Freshness{ACRValues: "gold"}},
		"half a second":    {"oidc", web.Freshness{MaxAge: time.Second / 2}},
		"a negative age":   {"oidc", web.Freshness{MaxAge: -time.Second}},
		"a class to quote": {"oidc", web.Freshness{ACRValues: `a"b`}},
	} {
		w := newWorld(t).open().demanding(c.f)
		u := w.person("")
		w.loggedIn(u, c.flow, "/")
		w.advance(time.Hour)
		p := u.click(appOrigin + "/fresh/page")
		assert.Equal(t, http.StatusInternalServerError, p.StatusCode, name)
		events := w.happened(web.EventError)
		require.Len(t, events, 1, name)
		require.ErrorIs(t, events[0].Err, authentication.ErrMisconfigured, name)
	}
}

// An application begins a login with options of its own, and the browser comes back to the page; a form comes back to "/".
func TestSiteLoginWithOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	mux := w.network[appOrigin].(*http.ServeMux)
	mux.HandleFunc("/up/", func(out http.ResponseWriter, r *http.Request) {
		if u, err := r.Cookie("up"); err == nil && u.Value == "done" {
			w.site.LoadLogin(w.app).ServeHTTP(out, r)
			return
		}
		http.SetCookie(out, &http.Cookie{Name: "up", Value: "done", Path: "/"})
		w.site.Login(out, r, "oidc", authentication.AuthorizeOptions{MaxAge: time.Minute})
	})
	u := w.person("")
	w.loggedIn(u, "oidc", "/")
	p := u.click(appOrigin + "/up/page?x=1")
	assert.Contains(t, p.body, "/up/page?x=1: hello")
	assert.Len(t, w.happened(web.EventLogin), 2)
	u.jar.drop("up")
	p = u.submit(appOrigin+"/up/page", nil)
	assert.Equal(t, appOrigin+"/", p.Request.URL.String())
	assert.Len(t, w.happened(web.EventLogin), 3)

	u.jar.drop("up")
	p = u.fetch("GET", appOrigin+"/up/page", "")
	assert.Equal(t, http.StatusUnauthorized, p.StatusCode)
}

// A name that does not exist is the application's mistake; a flow that cannot be read now is an outage.
func TestLoginByAFlowThatIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.FlowByName = func(_ context.Context, name string) (authentication.LoginFlow, error) {
		if name == "down" {
			return nil, errors.New("the database is down")
		}
		return nil, web.ErrNoFlow
	}
	w.open()
	w.network[appOrigin] = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.site.Login(out, r, r.URL.Path[1:], authentication.AuthorizeOptions{})
	})
	u := w.person("")
	assert.Equal(t, http.StatusInternalServerError, u.open(appOrigin+"/none").StatusCode)
	assert.Equal(t, http.StatusServiceUnavailable, u.open(appOrigin+"/down").StatusCode)
	told := w.happened(web.EventError)
	require.Len(t, told, 2)
	assert.ErrorIs(t, told[0].Err, authentication.ErrMisconfigured)
	assert.NotErrorIs(t, told[1].Err, authentication.ErrMisconfigured)
}
