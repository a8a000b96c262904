package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

func newCookieWorld(t *testing.T) *world {
	w := newWorld(t)
	w.config.Store, w.config.AllowLostLogouts = web.InCookies, true
	w.config.Options = func(_ *http.Request, flow string) (authentication.AuthorizeOptions, error) {
		if flow != "oidc" {
			return authentication.AuthorizeOptions{}, nil
		}
		return authentication.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"}, nil
	}
	return w
}

// parts is how many cookies the browser has of a session.
func (u *userAgent) parts() (n int) {
	for _, name := range []string{"0", "1", "2", "3", "seen"} {
		n += u.jar.count(sessionCookie + "." + name)
	}
	return n
}

// A session in cookies by each protocol: login, pages, logout.
func TestInCookiesLogin(t *testing.T) {
	t.Parallel()
	w := newCookieWorld(t)
	w.open()
	for _, flow := range []string{"oidc", "oauth", "saml", "cas"} {
		u := w.person("")
		p := u.open(appOrigin + "/auth/login/" + flow + "?return=/private/a")
		require.Equal(t, http.StatusOK, p.StatusCode, "%s: %s", flow, p.body)
		assert.Contains(t, p.body, "hello ", flow)
		assert.NotContains(t, p.body, "nobody", flow)
		for _, c := range u.jar.cookies {
			if strings.HasPrefix(c.Name, sessionCookie) {
				assert.NotContains(t, c.Value, idptest.Subject)
			}
		}
		require.GreaterOrEqual(t, u.parts(), 2, flow)
		u.submit(appOrigin+"/auth/logout", nil)
		assert.Zero(t, u.parts(), flow)
		assert.Equal(t, http.StatusUnauthorized, u.fetch("GET", appOrigin+"/private/a", "").StatusCode, flow)
	}
	assert.Empty(t, w.happened(web.EventStore))
}

// A refreshed token comes to the browser, so that another process has it too.
func TestInCookiesRefresh(t *testing.T) {
	t.Parallel()
	w := newCookieWorld(t)
	w.app = tokens
	w.open()
	u := w.person("")
	p := u.open(appOrigin + "/auth/login/oidc?return=/private/a")
	old := p.body
	require.NotEmpty(t, old)
	w.advance(time.Hour)
	sent := w.oidc.Requests("/oidc/token")
	p = u.open(appOrigin + "/private/a")
	assert.NotContains(t, p.body, "login again")
	assert.NotContains(t, p.body, "error")
	assert.NotEqual(t, old, p.body)
	renewed := p.body
	assert.Equal(t, sent+1, w.oidc.Requests("/oidc/token"))

	w.config.Flow, w.config.Flows = nil, map[string]authentication.LoginFlow{}
	w.open() // a new process
	assert.Equal(t, renewed, u.open(appOrigin+"/private/a").body)
	assert.Equal(t, sent+1, w.oidc.Requests("/oidc/token"))
}

// S10: a login whose session does not fit is an error page that says why to the operator, and sets no session.
func TestS10LoginOver12kB(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1000, 12_000} {
		w := newCookieWorld(t)
		w.config.OnLogin = func(_ context.Context, in *web.LoggedIn) error {
			in.Identity.Claims["large"] = strings.Repeat("x", size)
			return nil
		}
		w.open()
		u := w.person("")
		p := u.open(appOrigin + "/auth/login/oidc?return=/private/a")
		if size == 1000 {
			assert.Equal(t, http.StatusOK, p.StatusCode)
			continue
		}
		assert.Equal(t, http.StatusInternalServerError, p.StatusCode)
		assert.Zero(t, u.parts())
		failed := w.happened(web.EventLoginFailed)
		require.Len(t, failed, 1)
		require.ErrorIs(t, failed[0].Err, authentication.ErrMisconfigured)
	}
}

// A flow that is found at run time is judged when it is found.
func TestInCookiesFlowByName(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{true, false} {
		w := newCookieWorld(t)
		found := w.casFlow()
		w.config.AllowLostLogouts, w.config.Flows, w.config.Flow = allowed, nil, w.oauthFlow()
		w.config.FlowByName = func(context.Context, string) (authentication.LoginFlow, error) { return found, nil }
		site, err := web.New(w.config)
		require.NoError(t, err)
		answer := ask(site, "GET", "/auth/login/cas", nil, navigating...)
		if allowed {
			assert.Equal(t, http.StatusSeeOther, answer.Code)
			continue
		}
		assert.Equal(t, http.StatusInternalServerError, answer.Code)
		require.Len(t, w.happened(web.EventError), 1)
		require.ErrorIs(t, w.happened(web.EventError)[0].Err, authentication.ErrMisconfigured)
	}
}

// Nobody can end sessions that only browsers have, and EndSessions does not say that it did.
func TestInCookiesEndSessions(t *testing.T) {
	t.Parallel()
	w := newCookieWorld(t).open()
	err := w.site.EndSessions(t.Context(), idOrigin, "alice")
	require.ErrorIs(t, err, authentication.ErrMisconfigured)
}
