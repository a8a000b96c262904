package web_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// An address in the absolute form opens the login page to nobody but its own path: what follows a second "://" is not the
// path that the handlers see.
func TestLoginPageInTheAbsoluteForm(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(g *guarded) { g.config.LoginPage = "/choose" })
	for target, open := range map[string]bool{
		"/choose": true, "/choose?x": true, "http://app.example/choose": true, "http://app.example/choose?x=://y/z": true,
		"foo:/admin/x://y/choose": false, "foo:bar://y/choose": false, "http://app.example/admin?x=://y/choose": false, "/admin/://x/choose": false,
		"http://app.example/admin://y/choose": false, "http://app.example/choose%2f": false,
	} {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + target + " HTTP/1.1\r\nHost: app.example\r\n\r\n")))
		require.NoError(t, err, target)
		w := httptest.NewRecorder()
		g.site.RequireLogin(hello).ServeHTTP(w, r)
		assert.Equal(t, open, w.Code == http.StatusOK, target)
	}
}

// The login page inside RequireFresh is open to nobody too, and to a user whose login is old.
func TestLoginPageInsideRequireFresh(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(g *guarded) { g.config.LoginPage = "/choose" })
	cookie := g.signIn()
	g.advance(time.Hour)
	h := g.site.RequireFresh(web.Freshness{MaxAge: time.Minute})(hello)
	assert.Equal(t, http.StatusOK, ask(h, "GET", "/choose", nil, navigating...).Code)
	assert.Equal(t, http.StatusOK, ask(h, "GET", "/choose", cookie, fetching...).Code)
	assert.Equal(t, http.StatusUnauthorized, ask(h, "GET", "/other", nil, fetching...).Code)
	assert.Equal(t, http.StatusUnauthorized, ask(h, "GET", "/other", cookie, fetching...).Code)
}

// A page whose address is not the path that browsers send would be guarded, and the login would lead to itself.
func TestOwnPagesAreAsBrowsersSendThem(t *testing.T) {
	t.Parallel()
	for page, good := range map[string]bool{
		"/": true, "/choose": true, "/choose/": true, "/a/b.html": true, "/%E7%99%BB": true, "/choose?x": false, "/choose#x": false, "/登": false, "/a b": false,
		"choose": false, "/auth/choose": false,
	} {
		for _, set := range []func(*web.Config){func(c *web.Config) { c.LoginPage = page }, func(c *web.Config) { c.LoggedOutPage = page }} {
			c := web.Config{BaseURL: appOrigin, Flow: deaf{}}
			set(&c)
			_, err := web.New(c)
			assert.Equal(t, good, err == nil, page)
			if err != nil {
				require.ErrorIs(t, err, authentication.ErrMisconfigured)
				assert.ErrorContains(t, err, "Page must be a path of the application")
			}
		}
	}
}

// An application below /auth needs another Prefix: its own pages would be the Site's.
func TestPrefixIsNotThePathOfTheApplication(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		base, prefix string
		good         bool
	}{
		{"/auth", "", false}, {"/auth/x", "", false}, {"/auth", "/auth", false}, {"/auth", "/login", true}, {"/authx", "", true}, {"/x/auth", "", true}, {"/a", "/a/b", true},
	} {
		config := web.Config{BaseURL: appOrigin + c.base, Prefix: c.prefix, Flow: deaf{}}
		_, err := web.New(config)
		_, addressErr := config.Addresses("")
		for _, err := range []error{err, addressErr} {
			assert.Equal(t, c.good, err == nil, c.base+" "+c.prefix)
			if err != nil {
				require.ErrorIs(t, err, authentication.ErrMisconfigured)
				assert.ErrorContains(t, err, "web: Config.Prefix")
			}
		}
	}
}
