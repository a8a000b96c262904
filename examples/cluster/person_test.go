package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// person is a user with a browser.
type person struct {
	*cluster
	user   *idptest.User
	server *idptest.Browser
	jar    *jar
	http   http.Client
	to     atomic.Int64 // the instance that gets the next requests, or viaProxy
}

// jar has the cookies of the application. With held set it keeps them as they are, as a thief would.
type jar struct {
	http.CookieJar
	held bool
}

func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	if !j.held {
		j.CookieJar.SetCookies(u, cookies)
	}
}

// answer is what a person sees, or a script.
type answer struct {
	status int
	header http.Header
	body   string
	path   string
}

// person is the user of this number in a new browser.
func (c *cluster) person(number int) *person {
	c.t.Helper()
	p := &person{cluster: c, user: &c.idp.Realm.Users[number]}
	var err error
	p.server, err = c.idp.Browser(p.user.Username)
	require.NoError(c.t, err)
	cookies, err := cookiejar.New(nil)
	require.NoError(c.t, err)
	p.jar = &jar{CookieJar: cookies}
	p.to.Store(viaProxy)
	p.http = http.Client{
		Jar: p.jar, Transport: c.way(func() int { return int(p.to.Load()) }),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p
}

// open is a navigation: it goes where it is sent, and at the identity server does what the user would.
func (p *person) open(path string) *answer {
	p.t.Helper()
	r := p.request(http.MethodGet, p.origin+path)
	for range 20 {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		r.Header.Set("Sec-Fetch-Dest", "document")
		a := p.send(r)
		to, err := r.URL.Parse(a.header.Get("Location"))
		require.NoError(p.t, err)
		switch {
		case a.header.Get("Location") == "":
			return a
		case strings.HasPrefix(to.String(), p.origin+"/"):
			r = p.request(http.MethodGet, to.String())
		default:
			back, err := p.server.Open(p.t.Context(), to.String(), nil)
			require.NoError(p.t, err)
			if back == nil {
				return a
			}
			r = back
		}
	}
	require.Fail(p.t, "the way has no end")
	return nil
}

// fetch is a script's request.
func (p *person) fetch(method, path string) *answer {
	p.t.Helper()
	r := p.request(method, p.origin+path)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Mode", "cors")
	r.Header.Set("Sec-Fetch-Dest", "empty")
	return p.send(r)
}

func (p *person) request(method, address string) *http.Request {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, address, nil)
	require.NoError(p.t, err)
	return r
}

func (p *person) send(r *http.Request) *answer {
	p.t.Helper()
	response, err := p.http.Do(r)
	if err != nil { // no answer: an instance that ends may have begun one
		return &answer{header: http.Header{}, path: r.URL.Path}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return &answer{header: http.Header{}, path: r.URL.Path}
	}
	return &answer{response.StatusCode, response.Header, string(body), r.URL.Path}
}

// part is the text of the element with this id.
func (a *answer) part(id string) string {
	if found := regexp.MustCompile(` id="` + id + `">([^<]*)<`).FindStringSubmatch(a.body); found != nil {
		return found[1]
	}
	return ""
}
