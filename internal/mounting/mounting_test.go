package mounting

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// way is one way to mount a Site: a whole application behind it, or a group of pages.
type way struct {
	name  string
	path  string // BaseURL's own
	group bool   // /about is for everybody
	mount func(*web.Site) http.Handler
}

// A user logs in through each router, comes back to the page, and logs out.
func TestLoginThroughEachRouter(t *testing.T) {
	t.Parallel()
	for _, ways := range [][]way{standard, chiWays, ginWays, echoWays} {
		for _, w := range ways {
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				w.try(t)
			})
		}
	}
}

func (w way) try(t *testing.T) {
	a := start(t, w.path, w.mount)
	anonymous := a.script(http.MethodGet, "/orders?page=2")
	assert.Equal(t, http.StatusUnauthorized, anonymous.status)
	assert.Contains(t, anonymous.body, `"login":"`+w.path+`/auth/login"`)
	assert.NotContains(t, anonymous.body, "the orders of")
	assert.Equal(t, http.StatusUnauthorized, a.script(http.MethodGet, "/auth/session").status)
	if w.group {
		assert.Equal(t, page{http.StatusOK, "about us", a.url + "/about"}, a.open("/about"))
		require.Empty(t, a.cookies())
	}

	assert.Equal(t, page{http.StatusOK, "the orders of " + idptest.Subject, a.url + "/orders?page=2"}, a.open("/orders?page=2"))
	assert.Equal(t, http.StatusOK, a.script(http.MethodGet, "/orders").status)
	session := a.script(http.MethodGet, "/auth/session")
	assert.Equal(t, http.StatusOK, session.status)
	assert.Contains(t, session.body, idptest.Subject)
	for _, path := range []string{"/auth/other", "/auth/callback/other", "/auth%2Flogin", "/auth"} {
		unknown := a.open(path)
		assert.NotContains(t, unknown.body, "the orders of", path)
		assert.Equal(t, http.StatusNotFound, unknown.status, path)
	}

	assert.Equal(t, http.StatusSeeOther, a.logout().status)
	assert.Equal(t, http.StatusUnauthorized, a.script(http.MethodGet, "/orders").status)
	assert.Equal(t, http.StatusOK, a.open("/auth/loggedout").status)
	assert.Equal(t, http.StatusOK, a.open("/orders").status, "and in again")
}

var standard = []way{
	{name: "net/http", mount: func(site *web.Site) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/orders", orders)
		return site.RequireLogin(mux)
	}},
	{name: "net/http, some pages", group: true, mount: func(site *web.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/auth/", site)
		mux.Handle("/orders", site.RequireLogin(http.HandlerFunc(orders)))
		mux.HandleFunc("/about", about)
		return mux
	}},
	{name: "net/http, below a path", path: "/shop", mount: func(site *web.Site) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("/shop/orders", orders)
		return site.RequireLogin(mux)
	}},
	{name: "net/http, StripPrefix", path: "/shop", mount: func(site *web.Site) http.Handler {
		shop := http.NewServeMux()
		shop.HandleFunc("/orders", orders)
		mux := http.NewServeMux()
		mux.Handle("/shop/", http.StripPrefix("/shop", site.RequireLogin(shop)))
		return mux
	}},
	{name: "net/http, StripPrefix inside", path: "/shop", mount: func(site *web.Site) http.Handler {
		shop := http.NewServeMux()
		shop.HandleFunc("/orders", orders)
		return site.RequireLogin(http.StripPrefix("/shop", shop))
	}},
	{name: "net/http, a proxy that strips", path: "/shop", mount: func(site *web.Site) http.Handler {
		shop := http.NewServeMux()
		shop.HandleFunc("/orders", orders)
		return stripping("/shop", site.RequireLogin(shop))
	}},
}

// stripping is a proxy that takes a path away: the application sees no trace of it.
func stripping(path string, app http.Handler) http.Handler {
	return http.StripPrefix(path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RequestURI = r.URL.RequestURI()
		app.ServeHTTP(w, r)
	}))
}
