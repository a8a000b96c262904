package main

import (
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
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// stage is the application with its own fake server, both listening.
type stage struct {
	t      *testing.T
	idp    *authtest.Server
	server string // the server's address, with CAS under it
	app    *app
	origin string // on localhost; the server is on 127.0.0.1
}

func newStage(t *testing.T, change ...func(*settings)) *stage {
	t.Helper()
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	front := httptest.NewUnstartedServer(nil)
	origin := strings.Replace("http://"+front.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	s := settings{
		options:     authentication.Options{AppID: authtest.AppID, AppHost: server.URL, Protocol: authentication.CAS{}},
		callbackURL: origin + callbackPath,
	}
	for _, f := range change {
		f(&s)
	}
	base := server.URL + "/cas-idp/" + authtest.AppID
	if s.options.AppHost == "" {
		base = server.URL + "/cas"
		s.server.ServerURL = base
	}
	s.follow(front.Listener.Addr())
	a, err := newApp(s)
	require.NoError(t, err)
	front.Config.Handler = a.routes()
	front.Start()
	t.Cleanup(front.Close)
	return &stage{t, idp, base, a, origin}
}

// anyServer makes it the application of a CAS server that is not Authing.
func anyServer(s *settings) { s.options, s.server = authentication.Options{}, cas.Config{} }

// person is one user's browser.
type person struct {
	*stage
	client *http.Client
}

func (s *stage) person() *person {
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &person{s, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Jar: jar, CheckRedirect: stay}}
}

// answer is a response with a page.
type answer struct {
	status   int
	header   http.Header
	location string
	body     string
}

func (p *person) do(r *http.Request) answer {
	p.t.Helper()
	got, err := p.client.Do(r.Clone(p.t.Context())) // a clone, because the client writes its cookies into the request
	require.NoError(p.t, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	require.NoError(p.t, err)
	return answer{got.StatusCode, got.Header, got.Header.Get("Location"), string(body)}
}

func (p *person) send(method, path string, header ...string) answer {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.origin+path, nil)
	require.NoError(p.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return p.do(r)
}

func (p *person) get(path string) answer { p.t.Helper(); return p.send(http.MethodGet, path) }

// press posts like a button of the application's own page.
func (p *person) press(path string) answer {
	p.t.Helper()
	return p.send(http.MethodPost, path, "Sec-Fetch-Site", "same-origin", "Origin", p.origin)
}

// begin follows the login link and signs in; it does not send the callback.
func (p *person) begin() *http.Request { p.t.Helper(); return p.beginAt("/login") }

func (p *person) beginAt(link string) *http.Request {
	p.t.Helper()
	got := p.get(link)
	require.Equal(p.t, http.StatusSeeOther, got.status)
	callback, err := p.idp.Login(p.t.Context(), got.location, idptest.Username)
	require.NoError(p.t, err)
	return callback
}

// login is a complete login, and returns the ticket.
func (p *person) login() string {
	p.t.Helper()
	callback := p.begin()
	got := p.do(callback)
	require.Equal(p.t, http.StatusSeeOther, got.status, got.body)
	require.Equal(p.t, "/user", got.location)
	return callback.URL.Query().Get("ticket")
}

func (p *person) loggedIn() bool { p.t.Helper(); return p.get("/user").status == http.StatusOK }

func (p *person) cookie() string {
	home, err := url.Parse(p.origin)
	require.NoError(p.t, err)
	for _, c := range p.client.Jar.Cookies(home) {
		if c.Name == "cas-session" {
			return c.Value
		}
	}
	return ""
}
