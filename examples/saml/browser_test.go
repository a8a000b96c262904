package main

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// stage is the application with its own fake server, both listening.
type stage struct {
	t      *testing.T
	idp    *authtest.Server
	server string // the server's address
	app    *app
	origin string // on localhost; the server is on 127.0.0.1
}

func newStage(t *testing.T, change ...func(*settings, *samltest.App)) *stage {
	t.Helper()
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	front := httptest.NewUnstartedServer(nil)
	origin := strings.Replace("http://"+front.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	s := settings{
		options: authentication.Options{AppID: authtest.AppID, AppHost: server.URL},
		acsURL:  origin + acsPath, keys: []saml.Key{newKey(t)}, demo: "embedded",
	}
	s.follow(front.Listener.Addr())
	known := samltest.App{EntityID: s.entityID, ACSURLs: []string{s.acsURL}, SLOURL: s.sloURL, Key: s.keys[0].Signer.Public()}
	for _, f := range change {
		f(&s, &known)
	}
	idp.SAMLApps = []samltest.App{known}
	if s.options.AppHost == "" {
		s.metadataURL = server.URL + "/api/v2/saml-idp/" + authtest.AppID + "/metadata"
	}
	a, err := newApp(s)
	require.NoError(t, err)
	front.Config.Handler = a.routes()
	front.Start()
	t.Cleanup(front.Close)
	return &stage{t, idp, server.URL, a, origin}
}

// anyServer makes it the application of an identity provider that is not Authing.
func anyServer(s *settings, _ *samltest.App) { s.options = authentication.Options{} }

// jar sends Secure cookies to localhost, as browsers do and net/http/cookiejar does not.
type jar struct {
	mu   sync.Mutex
	kept map[string]*http.Cookie
}

func (j *jar) SetCookies(_ *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range cookies {
		if c.MaxAge < 0 {
			delete(j.kept, c.Name)
		} else {
			j.kept[c.Name] = c
		}
	}
}

func (j *jar) Cookies(*url.URL) []*http.Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Collect(maps.Values(j.kept))
}

// person is one user's browser: client for the application, browser for the identity provider.
type person struct {
	*stage
	client  *http.Client
	jar     *jar
	browser *idptest.Browser
}

func (s *stage) person() *person {
	kept := &jar{kept: map[string]*http.Cookie{}}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	browser, err := s.idp.Browser(idptest.Username)
	require.NoError(s.t, err)
	return &person{s, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Jar: kept, CheckRedirect: stay}, kept, browser}
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
	again := r.Clone(p.t.Context()) // a clone, because the client writes its cookies into the request
	if r.GetBody != nil {
		body, err := r.GetBody()
		require.NoError(p.t, err)
		again.Body = body
	}
	again.RequestURI = ""
	got, err := p.client.Do(again)
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

// begin follows the login link and signs in; it does not send the response.
func (p *person) begin() *http.Request { p.t.Helper(); return p.beginAt("/login") }

func (p *person) beginAt(link string) *http.Request {
	p.t.Helper()
	got := p.get(link)
	require.Equal(p.t, http.StatusSeeOther, got.status)
	response, err := p.browser.Open(p.t.Context(), got.location, nil)
	require.NoError(p.t, err)
	return response
}

// login is a complete login. The response comes from another site.
func (p *person) login() {
	p.t.Helper()
	response := p.begin()
	response.Header.Set("Sec-Fetch-Site", "cross-site")
	response.Header.Set("Origin", "null")
	got := p.do(response)
	require.Equal(p.t, http.StatusSeeOther, got.status, got.body)
	require.Equal(p.t, "/user", got.location)
}

func (p *person) loggedIn() bool { p.t.Helper(); return p.get("/user").status == http.StatusOK }

func (p *person) cookie() string {
	if c := p.jar.kept["saml-session"]; c != nil {
		return c.Value
	}
	return ""
}
