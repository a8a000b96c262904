package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The browser goes to the server's logout and comes back, by each protocol as far as it says so.
func TestLogoutAtTheServer(t *testing.T) {
	t.Parallel()
	for flow, want := range map[string]struct{ at, says string }{
		"oidc":  {"/auth/loggedout/oidc", confirmedOut},
		"saml":  {"/auth/slo/saml", confirmedOut},
		"cas":   {"/auth/loggedout/cas", signedOut},
		"oauth": {"/auth/loggedout", signedOut}, // its server has no logout
	} {
		w := newWorld(t).open()
		u := w.signedIn("", flow)
		u.at = appOrigin
		p := u.submit("/auth/logout", url.Values{})
		assert.Equal(t, want.at, p.Request.URL.Path, flow)
		assert.Contains(t, p.body, want.says, flow)
		assert.False(t, u.alive(), flow)
		assert.Nil(t, u.jar.find("__Host-Http-authing-login-"), flow)
		events := w.happened(web.EventLogout)
		require.Len(t, events, 1, flow)
		assert.NoError(t, events[0].Err, flow)
		assert.Equal(t, flow, events[0].Flow)
		assert.NotEmpty(t, events[0].Subject)
		assert.NotEmpty(t, events[0].Session)
		u.login(flow)
	}
}

// The refresh token is useless after a logout.
func TestLogoutRevokesTheRefreshToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var token string
	flow := w.oidcFlow()
	w.config.OnLogin = func(_ context.Context, in *web.LoggedIn) error {
		token = in.Identity.Token.RefreshToken
		return nil
	}
	w.config.Options = func(*http.Request, string) (authentication.AuthorizeOptions, error) {
		return authentication.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"}, nil
	}
	w.config.Flow = flow
	w.open()
	u := w.signedIn("", "oidc")
	require.NotEmpty(t, token)
	u.at = appOrigin
	u.submit("/auth/logout", url.Values{})
	_, err := flow.(authentication.TokenFlow).GetNewAccessTokenByRefreshToken(t.Context(), token)
	assert.ErrorIs(t, err, oauth.InvalidGrant)
	assert.Equal(t, 1, w.realm.Requests("/oidc/token/revocation"))

	u.login("oidc") // the twin
	_, err = flow.(authentication.TokenFlow).GetNewAccessTokenByRefreshToken(t.Context(), token)
	assert.NoError(t, err)
}

// leaver is a flow with a logout of its own.
type leaver struct {
	authentication.LoginFlow
	begin func(context.Context, *authentication.Identity, authentication.LogoutOptions) (*authentication.Logout, error)
}

func (l *leaver) BeginLogout(ctx context.Context, id *authentication.Identity, o authentication.LogoutOptions) (*authentication.Logout, error) {
	return l.begin(ctx, id, o)
}

func (l *leaver) CompleteLogout(context.Context, *authentication.Logout, *http.Request) error {
	return nil
}

func (l *leaver) ReceiveLogout(context.Context, *http.Request) (*authentication.LogoutNotice, error) {
	return nil, errors.ErrUnsupported
}

// A server whose logout cannot be built stops nothing: the session here has ended, and the user is told so.
func TestLogoutWithoutTheServer(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(context.Context, *authentication.Identity, authentication.LogoutOptions) (*authentication.Logout, error){
		"fails": func(context.Context, *authentication.Identity, authentication.LogoutOptions) (*authentication.Logout, error) {
			return nil, errors.New("no answer")
		},
		"has no address": func(context.Context, *authentication.Identity, authentication.LogoutOptions) (*authentication.Logout, error) {
			return &authentication.Logout{Protocol: "oidc", URL: "javascript:alert(1)"}, nil
		},
	} {
		w := newWorld(t)
		w.config.Flows["oidc"] = &leaver{LoginFlow: w.oidcFlow(), begin: begin}
		w.open()
		u := w.signedIn("", "oidc")
		u.at = appOrigin
		p := u.submit("/auth/logout", url.Values{})
		assert.Equal(t, "/auth/loggedout", p.Request.URL.Path, name)
		assert.Contains(t, p.body, signedOut, name)
		assert.False(t, u.alive(), name)
		require.Len(t, w.happened(web.EventLogout), 1, name)
		assert.Error(t, w.happened(web.EventLogout)[0].Err, name)
	}
}

// A server that does not answer takes five seconds, not the user's patience.
func TestLogoutServerHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.config.Flows["oidc"] = &leaver{LoginFlow: w.oidcFlow(), begin: func(ctx context.Context, _ *authentication.Identity, _ authentication.LogoutOptions) (*authentication.Logout, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		w.open()
		u := w.signedIn("", "oidc")
		u.at = appOrigin
		begun := time.Now()
		assert.Contains(t, u.submit("/auth/logout", url.Values{}).body, signedOut)
		assert.Equal(t, 5*time.Second, time.Since(begun))
		assert.ErrorIs(t, w.happened(web.EventLogout)[0].Err, context.DeadlineExceeded)
		assert.False(t, u.alive())
	})
}

// LogoutOptions are the application's; without a RedirectURI the browser comes back to the Site, where the flow takes one.
func TestLogoutOptions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options authentication.LogoutOptions
		only    bool
		want    []string
	}{
		"none":              {want: []string{appOrigin + "/auth/loggedout/oidc"}},
		"own":               {options: authentication.LogoutOptions{RedirectURI: appOrigin + "/bye"}, want: []string{appOrigin + "/bye"}},
		"a flow takes none": {only: true, want: []string{appOrigin + "/auth/loggedout/oidc", ""}},
	} {
		w := newWorld(t)
		var seen []string
		w.config.LogoutOptions = func(flow string, id *authentication.Identity) authentication.LogoutOptions {
			assert.Equal(t, "oidc", flow)
			assert.NotEmpty(t, id.Token.IDToken)
			c.options.LogoutHint = "alice"
			return c.options
		}
		w.config.Flows["oidc"] = &leaver{LoginFlow: w.oidcFlow(), begin: func(_ context.Context, _ *authentication.Identity, o authentication.LogoutOptions) (*authentication.Logout, error) {
			seen = append(seen, o.RedirectURI)
			assert.Equal(t, "alice", o.LogoutHint, name)
			if c.only && o.RedirectURI != "" {
				return nil, authentication.ErrMisconfigured
			}
			return &authentication.Logout{Protocol: "oidc", URL: appOrigin + "/auth/loggedout"}, nil
		}}
		w.open()
		u := w.signedIn("", "oidc")
		u.at = appOrigin
		assert.Contains(t, u.submit("/auth/logout", url.Values{}).body, signedOut, name)
		assert.Equal(t, c.want, seen, name)
		assert.NoError(t, w.happened(web.EventLogout)[0].Err, name)
	}
}
