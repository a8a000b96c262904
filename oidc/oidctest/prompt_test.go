package oidctest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// goes opens an address and says where the browser is sent: "login" or a parameter of the callback.
func (j *journey) goes(address string) string {
	j.t.Helper()
	response, _ := j.visit(address)
	to, err := response.Location()
	require.NoError(j.t, err)
	if strings.HasPrefix(to.Path, "/interaction/") {
		return "login"
	}
	if code := to.Query().Get("error"); code != "" {
		return code
	}
	require.NotEmpty(j.t, to.Query().Get("code"))
	return "code"
}

func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}})
	assert.Equal(t, "login_required", j.goes(j.authURL("/auth", "prompt", "none")))
	assert.NotEmpty(t, j.signIn(j.authURL("/auth")).Query().Get("code"))

	assert.Equal(t, "code", j.goes(j.authURL("/auth")))
	assert.Equal(t, "code", j.goes(j.authURL("/oauth/auth")), "one session serves every protocol")
	assert.Equal(t, "code", j.goes(j.authURL("/auth", "prompt", "none")))
	assert.Equal(t, "login", j.goes(j.authURL("/auth", "prompt", "login")))
	assert.Equal(t, "login", j.goes(j.authURL("/auth", "prompt", "consent")))
	assert.Equal(t, "login", j.goes(j.authURL("/auth", "prompt", "select_account")))

	clock.advance(10 * time.Minute)
	assert.Equal(t, "code", j.goes(j.authURL("/auth", "max_age", "600", "prompt", "none")))
	assert.Equal(t, "login_required", j.goes(j.authURL("/auth", "max_age", "599", "prompt", "none")))
	assert.Equal(t, "login", j.goes(j.authURL("/auth", "max_age", "599")))
	assert.Equal(t, "login", j.goes(j.authURL("/auth", "max_age", "0")))

	clock.advance(24 * time.Hour)
	assert.Equal(t, "login_required", j.goes(j.authURL("/auth", "prompt", "none")))
}

func TestAuthTimeWhenMaxAgeAsked(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}})
	began := clock.now()
	j.signIn(j.authURL("/auth"))
	clock.advance(time.Minute)
	response, _ := j.visit(j.authURL("/auth", "max_age", "3600"))
	to, err := response.Location()
	require.NoError(t, err)
	_, reply := j.redeem("/token", to.Query().Get("code"))
	id := j.claims(text(reply, "id_token"), "RS256")
	assert.EqualValues(t, began.Unix(), id["auth_time"])
	assert.EqualValues(t, clock.now().Unix(), id["iat"])
}

func TestIDTokenHint(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Users: []idptest.User{
		{Username: idptest.Username, Password: idptest.Password}, {Username: "bob", Password: "builder"},
	}}})
	alice := text(j.tokens(), "id_token")
	callback, err := j.idp.Login(t.Context(), j.authURL("/auth"), "bob")
	require.NoError(t, err)
	_, reply := j.redeem("/token", callback.URL.Query().Get("code"))
	bob := text(reply, "id_token")

	j.signIn(j.authURL("/auth"))
	assert.Equal(t, "code", j.goes(j.authURL("/auth", "prompt", "none", "id_token_hint", alice)))
	assert.Equal(t, "login_required", j.goes(j.authURL("/auth", "prompt", "none", "id_token_hint", bob)))
}

func TestLoginPage(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{AppName: "Notes & <Tasks>"}})
	response, _ := j.visit(j.authURL("/auth", "login_hint", `al"ice<`))
	page := j.url + response.Header.Get("Location")
	response, body := j.visit(page)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, body, "Notes &amp; &lt;Tasks&gt;")
	assert.Contains(t, body, `value="al&#34;ice&lt;"`)
	assert.Contains(t, body, idptest.Password, "the hint tells the password")
	assert.NotContains(t, body, "http://", "the page needs nothing from elsewhere")
	assert.NotContains(t, body, "https://")
	assert.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	assert.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'")
	for _, cookie := range response.Cookies() {
		assert.True(t, cookie.HttpOnly)
	}

	for _, wrong := range [][2]string{{"alice", "wrong"}, {"nobody", idptest.Password}, {"", ""}} {
		response, body = j.do(http.MethodPost, page, form("username", wrong[0], "password", wrong[1]))
		assert.Equal(t, http.StatusBadRequest, response.StatusCode)
		assert.Contains(t, body, "is wrong")
	}
	response, _ = j.do(http.MethodPost, page, form("username", idptest.Email, "password", idptest.Password))
	assert.Equal(t, http.StatusSeeOther, response.StatusCode)
	response, body = j.do(http.MethodPost, page, form("username", idptest.Email, "password", idptest.Password))
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Contains(t, body, "interaction_not_found", "a page serves once")
}

func TestLoginPageBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	response, _ := j.visit(j.authURL("/auth"))
	page := j.url + response.Header.Get("Location")
	stranger := &journey{t: t, idp: j.idp, url: j.url, browser: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	response, body := stranger.do(http.MethodPost, page, form("username", idptest.Username, "password", idptest.Password))
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Contains(t, body, "interaction_not_found")
	response, _ = j.do(http.MethodPost, page, form("username", idptest.Username, "password", idptest.Password))
	assert.Equal(t, http.StatusSeeOther, response.StatusCode)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	response, _ := j.visit(j.authURL("/auth"))
	response, _ = j.do(http.MethodPost, j.url+response.Header.Get("Location"), form("action", "cancel"))
	to, err := response.Location()
	require.NoError(t, err)
	assert.Equal(t, "access_denied", to.Query().Get("error"))
	assert.Equal(t, "state-1", to.Query().Get("state"))
	assert.NotContains(t, to.Query(), "code")
}

func TestConsent(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{"allow": "code", "cancel": "error"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{})
			address := j.authURL("/auth", "scope", "openid offline_access", "prompt", "consent")
			to := j.signIn(address)
			require.True(t, strings.HasPrefix(to.Path, "/interaction/"), "consent follows the login")
			_, body := j.visit(to.String())
			assert.Contains(t, body, "offline_access")
			response, _ := j.do(http.MethodPost, to.String(), form("username", idptest.Username, "password", idptest.Password))
			assert.Equal(t, http.StatusOK, response.StatusCode, "the login form is no consent")
			response, _ = j.do(http.MethodPost, to.String(), form("action", action))
			back, err := response.Location()
			require.NoError(t, err)
			assert.Contains(t, back.Query(), want)
		})
	}
}

func TestSelectAccount(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	j.signIn(j.authURL("/auth"))
	response, _ := j.visit(j.authURL("/auth", "prompt", "select_account"))
	page := j.url + response.Header.Get("Location")
	_, body := j.visit(page)
	assert.Contains(t, body, "Continue as alice")
	response, _ = j.do(http.MethodPost, page, form("action", "continue"))
	to, err := response.Location()
	require.NoError(t, err)
	assert.NotEmpty(t, to.Query().Get("code"))

	// Nobody can continue as somebody who is not logged in.
	stranger := start(t, j.idp)
	response, _ = stranger.visit(stranger.authURL("/auth", "prompt", "select_account"))
	response, _ = stranger.do(http.MethodPost, stranger.url+response.Header.Get("Location"), form("action", "continue"))
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
}
