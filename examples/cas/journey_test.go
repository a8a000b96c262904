package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func TestJourney(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*settings){
		"Authing":    func(*settings) {},
		"any server": anyServer,
		"CAS 2.0":    func(s *settings) { anyServer(s); s.server.Version = "2.0" },
		"shared":     func(s *settings) { s.options.Protocol = authentication.CAS{AllowSharedService: true} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			who := newStage(t, change).person()
			assert.Contains(t, who.get("/").body, `id="login" href="/login"`)
			assert.Equal(t, "/?return=%2Fuser", who.get("/user").location, "without a session there is no account page")
			ticket := who.login()

			user := who.get("/user")
			assert.Contains(t, user.body, `<code id="subject">`+idptest.Username+`</code>`)
			assert.Contains(t, user.body, `id="attributes"`)
			assert.Contains(t, user.body, "<dt>email</dt><dd>"+idptest.Email+"</dd>")
			assert.Contains(t, user.body, `<dd id="issuer">`+who.server+`</dd>`)
			for _, path := range []string{"/", "/user"} {
				page := who.get(path)
				assert.NotContains(t, page.body, ticket, path)
				assert.Equal(t, "no-store", page.header.Get("Cache-Control"), path)
				assert.Contains(t, page.header.Get("Content-Security-Policy"), "default-src 'none'", path)
			}

			out := who.press("/logout")
			require.Equal(t, http.StatusSeeOther, out.status)
			assert.Equal(t, who.server+"/logout?service="+url.QueryEscape(who.origin+"/"), out.location)
			assert.False(t, who.loggedIn())
			assert.Empty(t, who.cookie())
			r := httptest.NewRequest(http.MethodGet, out.location, nil)
			left := httptest.NewRecorder()
			who.idp.ServeHTTP(left, r)
			assert.Equal(t, who.origin+"/", left.Header().Get("Location"), "the server sends the browser home")
			assert.Equal(t, "/", who.press("/logout").location, "there is nothing left to end")
		})
	}
}

func TestCAS15Renew(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	assert.NotContains(t, who.get("/login").location, "renew")
	again := who.get("/login?renew=true").location
	assert.Contains(t, again, "renew=true")
	callback, err := who.idp.Login(t.Context(), again, idptest.Username)
	require.NoError(t, err)
	assert.Equal(t, "/user", who.do(callback).location)
}

// CAS-22: a ticket in a browser that began no login, or another login.
func TestCAS22TicketOfAnotherBrowser(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	who, other := s.person(), s.person()
	callback, foreign := who.begin(), other.begin()
	assert.Equal(t, http.StatusUnauthorized, who.do(foreign).status)

	planted := foreign.Clone(t.Context())
	query := callback.URL.Query()
	query.Set("ticket", foreign.URL.Query().Get("ticket"))
	planted.URL.RawQuery = query.Encode()
	refused := who.do(planted)
	assert.Equal(t, http.StatusForbidden, refused.status, "the ticket is for another service")
	assert.NotContains(t, refused.body, query.Get("ticket"))
	assert.False(t, who.loggedIn())

	who.login()
	assert.True(t, who.loggedIn(), "its own login")
}

// CAS-18: the back button sends the callback again.
func TestCAS18CallbackTwice(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	callback := who.begin()
	require.Equal(t, "/user", who.do(callback).location)
	session := who.cookie()
	assert.Equal(t, http.StatusUnauthorized, who.do(callback).status)
	assert.Equal(t, session, who.cookie())
	assert.True(t, who.loggedIn(), "an old callback does not end the session")
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	one, two := who.begin(), who.begin()
	assert.Equal(t, "/user", who.do(one).location)
	assert.Equal(t, "/user", who.do(two).location)
	assert.True(t, who.loggedIn())
}

func TestServerDown(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	callback := who.begin()
	who.idp.Break(idptest.Unavailable)
	assert.Equal(t, http.StatusServiceUnavailable, who.do(callback).status)
	assert.False(t, who.loggedIn())
	who.idp.Break()
	who.login()
}
