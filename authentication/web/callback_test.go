package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// withOptions are the options of every login.
func withOptions(o authentication.AuthorizeOptions) func(*http.Request, string) (authentication.AuthorizeOptions, error) {
	return func(*http.Request, string) (authentication.AuthorizeOptions, error) { return o, nil }
}

// atCallback stops before the request to a callback.
func atCallback(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/auth/callback") }

// callbackOf begins a login and returns the request that the server sends the browser back with; it is not sent.
func (w *world) callbackOf(u *userAgent, flow, back string) *http.Request {
	w.t.Helper()
	u.hold = atCallback
	defer func() { u.hold = nil }()
	address := appOrigin + "/auth/login?flow=&return=" + url.QueryEscape(back)
	if flow != "" {
		address = appOrigin + "/auth/login/" + flow + "?return=" + url.QueryEscape(back)
	}
	p := u.open(address)
	require.NotNil(w.t, p.held, "no callback: %v", p)
	return p.held
}

func assertAt(t *testing.T, p *page, address string) {
	t.Helper()
	assert.Equal(t, http.StatusOK, p.StatusCode, p.body)
	assert.Equal(t, address, p.Request.URL.String())
}

// A form_post login over an old session: that session's handle is dead, and the same callback again ends at the login's
// address without a second token call.
func TestSite4FormPostOverAnOldSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.Options = withOptions(authentication.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost})
	w.open()
	u := w.person("")
	w.loggedIn(u, "", "/private/first")
	old := *u.jar.find(sessionCookie)
	calls := w.realm.Requests("/oidc/token")

	r := w.callbackOf(u, "", "/private/second?x=1")
	require.Equal(t, http.MethodPost, r.Method)
	again := copyOf(t, r)
	p := u.navigate(r)
	require.Empty(t, r.CookiesNamed(sessionCookie), "the POST from the server's site brings no session")
	assertAt(t, p, appOrigin+"/private/second?x=1")
	renewed := u.jar.find(sessionCookie).Value
	assert.NotEqual(t, old.Value, renewed)
	assert.Equal(t, calls+1, w.realm.Requests("/oidc/token"))

	thief := w.person("")
	thief.jar.set(mustParse(t, appOrigin), []*http.Cookie{&old}, false)
	assert.Equal(t, http.StatusUnauthorized, thief.fetch(http.MethodGet, appOrigin+"/private/x", "").StatusCode, "the old handle is dead")
	thief.jar.find(sessionCookie).Value = renewed
	assert.Equal(t, http.StatusOK, thief.fetch(http.MethodGet, appOrigin+"/private/x", "").StatusCode)

	u.at = idOrigin
	p = u.navigate(again)
	assertAt(t, p, appOrigin+"/private/second?x=1")
	assert.Equal(t, calls+1, w.realm.Requests("/oidc/token"), "no second token call")
	assert.Equal(t, renewed, u.jar.find(sessionCookie).Value)
	assert.Len(t, w.happened(web.EventLogin), 2)
	assert.Empty(t, w.happened(web.EventLoginFailed))
}

// The same callback again goes where its login went, another one to the first page, and neither changes the session.
// Without a session both are refused.
func TestSiteCallbackAgain(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "oauth", "saml", "cas"} {
		w := newWorld(t).open()
		u := w.person("")
		r := w.callbackOf(u, flow, "/private/a")
		again, other := copyOf(t, r), w.callbackOf(w.person(""), flow, "/private/b")
		assertAt(t, u.navigate(r), appOrigin+"/private/a")
		session := u.jar.find(sessionCookie).Value

		u.at = idOrigin
		assertAt(t, u.navigate(copyOf(t, again)), appOrigin+"/private/a")
		u.at = "https://evil.test"
		assertAt(t, u.navigate(copyOf(t, other)), appOrigin+"/")
		assert.Equal(t, session, u.jar.find(sessionCookie).Value, flow)
		assert.Empty(t, w.happened(web.EventLoginFailed))

		u.jar.drop(sessionCookie)
		u.at = idOrigin
		for _, r := range []*http.Request{again, other} {
			p := u.navigate(r)
			assert.Equal(t, http.StatusUnauthorized, p.StatusCode, flow)
			assert.Contains(t, p.body, `href="/"`)
		}
		require.Len(t, w.happened(web.EventLoginFailed), 2)
		for _, e := range w.happened(web.EventLoginFailed) {
			assert.ErrorIs(t, e.Err, authentication.ErrRefused)
			assert.ErrorIs(t, e.Err, web.LostCookie)
		}
	}
}

// A login that fails leaves the session that the browser has, and says what the server said only to the log.
func TestSiteFailedLoginKeepsTheSession(t *testing.T) {
	t.Parallel()
	for fault, want := range map[idptest.Fault]int{
		oidctest.RefusedLogin: http.StatusServiceUnavailable, idptest.WrongState: http.StatusOK, oidctest.WrongNonce: http.StatusUnauthorized,
		oidctest.WrongIssuer: http.StatusInternalServerError, idptest.Unavailable: http.StatusServiceUnavailable,
	} {
		w := newWorld(t).open()
		u := w.person("")
		w.loggedIn(u, "", "/private/a")
		session := u.jar.find(sessionCookie).Value
		w.realm.Break(fault)
		p := u.open(appOrigin + "/auth/login?flow=&return=/private/b")
		assert.Equal(t, want, p.StatusCode, "%s: %s", fault, p.body)
		w.realm.Break()
		assert.Equal(t, session, u.jar.find(sessionCookie).Value, fault)
		assertAt(t, u.open(appOrigin+"/private/c"), appOrigin+"/private/c")
		assert.Len(t, w.happened(web.EventLogin), 1)
		if want != http.StatusOK { // a callback of nobody, and a session: it goes to the first page
			require.Len(t, w.happened(web.EventLoginFailed), 1, fault)
		}
	}
}

// The server's no is 403, and its words are for the log alone; the session goes on.
func TestSiteDenied(t *testing.T) {
	t.Parallel()
	for _, session := range []bool{true, false} {
		w := newWorld(t)
		w.config.Options = func(r *http.Request, _ string) (authentication.AuthorizeOptions, error) {
			return authentication.AuthorizeOptions{Prompt: r.URL.Query().Get("prompt")}, nil
		}
		w.open()
		u := w.person("")
		if session {
			w.loggedIn(u, "", "/private/a")
			assertAt(t, u.open(appOrigin+"/auth/login?flow=&return=/private/b&prompt=none"), appOrigin+"/private/b")
		}
		u.person = w.person("").person // whom the server does not know
		p := u.open(appOrigin + "/auth/login?flow=&return=/private/b&prompt=none")
		assert.Equal(t, http.StatusForbidden, p.StatusCode)
		assert.NotContains(t, p.body, "login_required")
		assert.Equal(t, session, u.jar.find(sessionCookie) != nil)
		require.Len(t, w.happened(web.EventLoginFailed), 1)
		e := w.happened(web.EventLoginFailed)[0]
		assert.ErrorIs(t, e.Err, authentication.ErrDenied)
		assert.ErrorContains(t, e.Err, "login_required")
	}
}

// Two tabs log in at once: both end where they wanted to go, and the session of the second replaces the first one's.
func TestSiteTwoTabs(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "saml", "cas"} {
		w := newWorld(t).open()
		u := w.person("")
		one, two := w.callbackOf(u, flow, "/private/1"), w.callbackOf(u, flow, "/private/2")
		assertAt(t, u.navigate(one), appOrigin+"/private/1")
		first := *u.jar.find(sessionCookie)
		u.at = idOrigin
		assertAt(t, u.navigate(two), appOrigin+"/private/2")
		assert.NotEqual(t, first.Value, u.jar.find(sessionCookie).Value)
		assert.Len(t, w.happened(web.EventLogin), 2)
		assert.Nil(t, u.jar.find("__Host-Http-authing-login-"))
	}
}

// A login that another instance sealed with another key is lost, and the log says why.
func TestSiteOtherKeys(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "saml"} {
		for _, same := range []bool{true, false} {
			w := newWorld(t).open()
			u := w.person("")
			r := w.callbackOf(u, flow, "/private/a")
			if !same {
				w.config.Keys = web.Keys{keyB}
			}
			w.serve()
			p := u.navigate(r)
			assert.Equal(t, same, u.jar.find(sessionCookie) != nil)
			failed := w.happened(web.EventLoginFailed)
			if same {
				assertAt(t, p, appOrigin+"/private/a")
				assert.Empty(t, failed)
				continue
			}
			assert.Equal(t, http.StatusUnauthorized, p.StatusCode)
			assert.ErrorIs(t, failed[0].Err, web.LostSeal)
			assert.ErrorIs(t, failed[0].Err, authentication.ErrRefused)
		}
	}
}

// What is no callback changes nothing: neither the pending login nor the session.
func TestSiteNoCallback(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.person("")
	r := w.callbackOf(u, "", "/private/a")
	u.at = ""
	for name, c := range map[string]struct {
		method, address string
		header          []string
		want            int
	}{
		"HEAD":      {http.MethodHead, r.URL.String(), nil, http.StatusNoContent},
		"a preview": {http.MethodGet, r.URL.String(), []string{"Sec-Purpose", "prefetch;prerender"}, http.StatusServiceUnavailable},
		"DELETE":    {http.MethodDelete, r.URL.String(), nil, http.StatusMethodNotAllowed},
		"PUT":       {http.MethodPut, r.URL.String(), nil, http.StatusMethodNotAllowed},
		"no query":  {http.MethodGet, appOrigin + "/auth/callback", nil, http.StatusOK},
		"seen":      {http.MethodPost, appOrigin + "/auth/callback/seen", nil, http.StatusMethodNotAllowed},
	} {
		p := u.fetch(c.method, c.address, "", c.header...)
		assert.Equal(t, c.want, p.StatusCode, name)
		assert.Empty(t, p.Header["Set-Cookie"], name)
		assert.Empty(t, p.Header.Get("Location"), name)
	}
	assertAt(t, u.navigate(r), appOrigin+"/private/a")
}

// The response in the fragment comes by the page that posts it.
func TestSiteFragment(t *testing.T) {
	t.Parallel()
	for _, responseType := range []oauth.ResponseType{oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeCodeIDToken} {
		w := newWorld(t)
		w.config.Options = withOptions(authentication.AuthorizeOptions{ResponseType: responseType, ResponseMode: oauth.ResponseModeFragment})
		w.open()
		u := w.person("")
		p := w.loggedIn(u, "", "/private/a")
		assert.Equal(t, http.MethodPost, p.passed[len(p.passed)-2].Method, responseType)
	}
}

// A response that no login asked for begins a session only when the client allows it, and only once.
func TestSiteUnsolicited(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{true, false} {
		w := newWorld(t)
		w.samlConfig = func(c *saml.Config) { c.AllowUnsolicited = allowed }
		w.open()
		u := w.person("")
		u.hold = atCallback
		r := u.open(idOrigin + "/saml/sso").held
		u.hold = nil
		again := copyOf(t, r)
		p := u.navigate(r)
		if !allowed {
			assert.Equal(t, http.StatusUnauthorized, p.StatusCode)
			assert.Nil(t, u.jar.find(sessionCookie))
			continue
		}
		assertAt(t, p, appOrigin+"/")
		assert.Contains(t, p.body, "hello "+idptest.Username+" by saml")
		session := u.jar.find(sessionCookie).Value
		u.at = idOrigin
		assertAt(t, u.navigate(again), appOrigin+"/")
		assert.Equal(t, session, u.jar.find(sessionCookie).Value)
		assert.Len(t, w.happened(web.EventLogin), 1)
	}
}

// nobody is a flow that breaks the contract of LoginFlow.
type nobody struct {
	authentication.LoginFlow
	id *authentication.Identity
}

func (n nobody) CompleteLogin(context.Context, *authentication.Login, *http.Request) (*authentication.Identity, error) {
	return n.id, nil
}

// A flow that returns nobody logs nobody in.
func TestSiteFlowWithoutAUser(t *testing.T) {
	t.Parallel()
	for want, id := range map[int][]*authentication.Identity{
		http.StatusInternalServerError: {nil, {Issuer: "i"}, {Subject: "s"}}, http.StatusOK: {{Protocol: "oidc", Issuer: "i", Subject: "s"}},
	} {
		for _, id := range id {
			w := newWorld(t)
			w.config.Flow = nobody{w.oidcFlow(), id}
			w.open()
			u := w.person("")
			p := u.open(appOrigin + "/auth/login?flow=")
			assert.Equal(t, want, p.StatusCode, "%v: %s", id, p.body)
			assert.Equal(t, want == http.StatusOK, u.jar.find(sessionCookie) != nil)
		}
	}
}
