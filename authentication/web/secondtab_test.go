package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Two tabs of nobody log in one after the other: the session of the first does not go on behind the second one's.
func TestSecondTabEndsTheSessionOfTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	u := w.person("")
	first, second := w.callbackOf(u, "oidc", "/private/a"), w.callbackOf(u, "oidc", "/private/b")
	u.at = idOrigin
	assertAt(t, u.navigate(first), appOrigin+"/private/a")
	old := *u.jar.find(sessionCookie)
	copied := w.person("")
	copied.jar.set(mustParse(t, appOrigin), []*http.Cookie{&old}, false)
	assert.Equal(t, http.StatusOK, copied.fetch(http.MethodGet, appOrigin+"/private/x", "").StatusCode)
	u.at = idOrigin
	assertAt(t, u.navigate(second), appOrigin+"/private/b")
	assert.Equal(t, http.StatusUnauthorized, copied.fetch(http.MethodGet, appOrigin+"/private/x", "").StatusCode)
	assert.Equal(t, http.StatusOK, u.fetch(http.MethodGet, appOrigin+"/private/x", "").StatusCode)
}

// With InCookies, a small session that begins by a POST replaces a large one, whose cookies that POST does not bring.
func TestInCookiesFormPostOverALargeSession(t *testing.T) {
	t.Parallel()
	for _, flow := range []string{"oidc", "saml"} {
		w := newWorld(t)
		w.config.Store, w.config.AllowLostLogouts = web.InCookies, true
		w.config.Options = func(_ *http.Request, name string) (authentication.AuthorizeOptions, error) {
			if name == "oidc" {
				return authentication.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost}, nil
			}
			return authentication.AuthorizeOptions{}, nil
		}
		size, random := 6000, strings.Repeat("x", 6000)
		w.config.OnLogin = func(_ context.Context, in *web.LoggedIn) error {
			in.Identity.Claims = map[string]any{"large": random[:size]}
			return nil
		}
		w.open()
		u := w.person("")
		assertAt(t, u.open(appOrigin+"/auth/login/"+flow+"?return=/private/a"), appOrigin+"/private/a")
		require.NotNil(t, u.jar.find("__Host-Http-session.2"), "the session is large")
		size = 1
		r := w.callbackOf(u, flow, "/private/b")
		require.Equal(t, http.MethodPost, r.Method)
		assertAt(t, u.navigate(r), appOrigin+"/private/b")
		assert.Equal(t, http.StatusOK, u.fetch(http.MethodGet, appOrigin+"/private/x", "").StatusCode)
		assert.Nil(t, u.jar.find("__Host-Http-session.2"))
	}
}

// A login that began at one of several hosts is completed there alone.
func TestS3SiteLoginOfAnotherHost(t *testing.T) {
	t.Parallel()
	const tenant = "https://tenant.example"
	for _, host := range []string{appOrigin, tenant} {
		w := newWorld(t)
		w.config.MoreBaseURLs = []string{tenant}
		w.open()
		w.network[tenant] = w.network[appOrigin]
		u := w.person("")
		r := w.callbackOf(u, "oidc", "/private/a")
		mine := *u.jar.find("__Host-Http-authing-login-")
		u.jar.set(mustParse(t, tenant), []*http.Cookie{&mine}, false)
		r.URL.Host, r.Host = mustParse(t, host).Host, mustParse(t, host).Host
		u.at = idOrigin
		p := u.navigate(r)
		assert.Equal(t, host == appOrigin, p.StatusCode == http.StatusOK, "%s: %d", host, p.StatusCode)
		if host == tenant {
			require.NotEmpty(t, w.happened(web.EventLoginFailed))
			assert.ErrorIs(t, w.happened(web.EventLoginFailed)[0].Err, web.LostState)
			assert.Zero(t, w.realm.Requests("/oidc/token"))
		}
	}
}

// unasked is a flow that answers a response without a login with an error.
type unasked struct {
	authentication.LoginFlow
	err error
}

func (f unasked) CompleteLogin(ctx context.Context, login *authentication.Login, r *http.Request) (*authentication.Identity, error) {
	if login == nil {
		return nil, f.err
	}
	return f.LoginFlow.CompleteLogin(ctx, login, r)
}

// A response that nobody asked for is a lost login when it is refused or denied: a browser with a session goes on. A wrong
// setting and a server without an answer are said as they are.
func TestSiteResponseOfNobody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{
		{authentication.ErrRefused, http.StatusOK}, {authentication.ErrDenied, http.StatusOK},
		{errors.Join(authentication.ErrRefused, authentication.ErrMisconfigured), http.StatusInternalServerError}, {errors.New("no answer"), http.StatusServiceUnavailable},
	} {
		w := newWorld(t)
		w.config.Flow = unasked{w.oidcFlow(), c.err}
		w.open()
		u := w.person("")
		w.loggedIn(u, "", "/private/a")
		p := u.open(appOrigin + "/auth/callback?state=of-nobody&code=c")
		assert.Equal(t, c.want, p.StatusCode, c.err)
		assert.Equal(t, c.want == http.StatusOK, len(w.happened(web.EventLoginFailed)) == 0)
		assertAt(t, u.open(appOrigin+"/private/b"), appOrigin+"/private/b")
	}
}
