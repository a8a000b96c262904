package main

import (
	"context"
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
)

// stage is the application with its own fake Authing, both listening.
type stage struct {
	t      *testing.T
	idp    *authtest.Server
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
		options: authentication.Options{
			AppID: authtest.AppID, Secret: authtest.Secret, AppHost: server.URL,
			RedirectURI: origin + callbackPath, Protocol: authentication.OIDC{UserInfo: true},
		},
		addr: front.Listener.Addr().String(),
	}
	for _, f := range change {
		f(&s)
	}
	s.follow(front.Listener.Addr())
	a, err := newApp(s)
	require.NoError(t, err)
	front.Config.Handler = a.routes()
	front.Start()
	t.Cleanup(front.Close)
	return &stage{t, idp, a, origin}
}

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

// page is a response.
type page struct {
	status   int
	header   http.Header
	location string
	body     string
}

func (p *person) do(r *http.Request) page {
	p.t.Helper()
	answer, err := p.client.Do(r.Clone(p.t.Context())) // a clone, because the client writes its cookies into the request
	require.NoError(p.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(p.t, err)
	return page{answer.StatusCode, answer.Header, answer.Header.Get("Location"), string(body)}
}

func (p *person) send(method, path string, header ...string) page {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.origin+path, nil)
	require.NoError(p.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return p.do(r)
}

func (p *person) get(path string) page { p.t.Helper(); return p.send(http.MethodGet, path) }

// press posts like a button of the application's own page.
func (p *person) press(path string) page {
	p.t.Helper()
	return p.send(http.MethodPost, path, "Sec-Fetch-Site", "same-origin", "Origin", p.origin)
}

// begin follows the login link and signs in; it does not send the callback.
func (p *person) begin() *http.Request { p.t.Helper(); return p.beginAt("/login") }

func (p *person) beginAt(link string) *http.Request {
	p.t.Helper()
	answer := p.get(link)
	require.Equal(p.t, http.StatusSeeOther, answer.status)
	callback, err := p.idp.Login(p.t.Context(), answer.location, idptest.Username)
	require.NoError(p.t, err)
	return callback
}

func (p *person) login() {
	p.t.Helper()
	answer := p.do(p.begin())
	require.Equal(p.t, http.StatusSeeOther, answer.status, answer.body)
	require.Equal(p.t, "/user", answer.location)
}

func (p *person) loggedIn() bool { p.t.Helper(); return p.get("/user").status == http.StatusOK }

func (p *person) cookie(name string) string {
	home, err := url.Parse(p.origin)
	require.NoError(p.t, err)
	for _, c := range p.client.Jar.Cookies(home) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// follow opens a page of the identity server, with no cookies of its own.
func follow(ctx context.Context, to string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, to, nil)
	if err != nil {
		return nil, err
	}
	return (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
}
