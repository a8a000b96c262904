package mounting

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// orders is the guarded page of each application, and about the one for everybody.
func orders(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, "the orders of ", web.Identity(r.Context()).Subject)
}

func about(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "about us") }

// app is a running application with a fake Authing, and the browser of its user.
type app struct {
	t       *testing.T
	idp     *authtest.Server
	idpURL  string
	url     string // its BaseURL
	origin  string
	browser *http.Client
}

// start starts an application below a path, which is empty for none.
func start(t *testing.T, path string, mount func(*web.Site) http.Handler) *app {
	t.Helper()
	a := &app{t: t, idp: &authtest.Server{}}
	idp := httptest.NewServer(a.idp)
	t.Cleanup(idp.Close)
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	a.idpURL, a.origin, a.url = idp.URL, server.URL, server.URL+path

	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: idp.URL, HTTPClient: idp.Client(),
	})
	require.NoError(t, err)
	site, err := web.New(web.Config{BaseURL: a.url, Flow: client, OnEvent: func(context.Context, web.Event) {}})
	require.NoError(t, err)
	handler = mount(site)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	a.browser = &http.Client{Jar: jar, Transport: server.Client().Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return a
}

// page is what a browser shows.
type page struct {
	status int
	body   string
	url    string
}

// open goes to an address below the base URL as a browser does. At the server the user logs in.
func (a *app) open(path string) page {
	a.t.Helper()
	r := a.request(http.MethodGet, path)
	for range 10 {
		r.Header.Set("Accept", "text/html")
		res, shown := a.send(r)
		to, err := res.Location()
		switch {
		case err != nil:
			return shown
		case strings.HasPrefix(to.String(), a.idpURL):
			r, err = a.idp.Login(a.t.Context(), to.String(), idptest.Username)
		default:
			r, err = http.NewRequestWithContext(a.t.Context(), http.MethodGet, to.String(), nil)
		}
		require.NoError(a.t, err)
	}
	require.Fail(a.t, "the way has no end")
	return page{}
}

// script sends the request of the page's script.
func (a *app) script(method, path string) page {
	a.t.Helper()
	r := a.request(method, path)
	r.Header.Set("X-Requested-With", "script")
	_, shown := a.send(r)
	return shown
}

// logout posts the form of the logout.
func (a *app) logout() page {
	a.t.Helper()
	r := a.request(http.MethodPost, "/auth/logout")
	r.Header.Set("Origin", a.origin)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	_, shown := a.send(r)
	return shown
}

func (a *app) request(method, path string) *http.Request {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, nil)
	require.NoError(a.t, err)
	return r
}

func (a *app) send(r *http.Request) (*http.Response, page) {
	a.t.Helper()
	res, err := a.browser.Do(r)
	require.NoError(a.t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(a.t, err)
	require.NoError(a.t, res.Body.Close())
	return res, page{res.StatusCode, string(body), res.Request.URL.String()}
}

// cookies are the names of the browser's cookies.
func (a *app) cookies() (names []string) {
	at, err := url.Parse(a.url)
	require.NoError(a.t, err)
	for _, c := range a.browser.Jar.Cookies(at) {
		names = append(names, c.Name)
	}
	return names
}
