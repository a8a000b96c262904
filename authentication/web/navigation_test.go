package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// request is a browser's request with these headers.
func request(target string, headers ...string) *http.Request {
	r := get(target)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

const acceptsPage = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// A request that is not a navigation begins no login.
func TestOnlyNavigationsBegin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		headers []string
		begins  bool
	}{
		"page":                               {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "cross-site", "Accept", acceptsPage}, true},
		"page by a service worker":           {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "empty"}, true},
		"image":                              {[]string{"Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image", "Accept", "image/avif,image/webp,*/*;q=0.8"}, false},
		"image that takes pages":             {[]string{"Sec-Fetch-Mode", "no-cors", "Accept", "text/html"}, false},
		"fetch":                              {[]string{"Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty", "Accept", "*/*"}, false},
		"fetch of its own origin":            {[]string{"Sec-Fetch-Mode", "same-origin", "Sec-Fetch-Site", "same-origin"}, false},
		"websocket":                          {[]string{"Sec-Fetch-Mode", "websocket"}, false},
		"frame of another site":              {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}, false},
		"frame of nobody":                    {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "frame"}, false},
		"embedded by another site":           {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "embed", "Sec-Fetch-Site", "cross-site"}, false},
		"object of another site":             {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "object", "Sec-Fetch-Site", "cross-site"}, false},
		"fenced frame":                       {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "fencedframe", "Sec-Fetch-Site", "cross-site"}, false},
		"frame of its own":                   {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "same-origin"}, true},
		"frame of its site":                  {[]string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "same-site"}, true},
		"old browser's page":                 {[]string{"Accept", acceptsPage}, true},
		"old browser's image":                {[]string{"Accept", "image/png,image/*;q=0.8,*/*;q=0.5"}, false},
		"old browser's fetch":                {[]string{"Accept", "*/*"}, false},
		"old browser's XMLHttpRequest":       {[]string{"Accept", acceptsPage, "X-Requested-With", "XMLHttpRequest"}, false},
		"a client that does not want a page": {[]string{"Accept", "text/html;q=0, application/json"}, false},
		"a program that says nothing":        {nil, true},
		"a program with another header":      {[]string{"User-Agent", "x"}, true},
	} {
		r := request("https://app.example/login", c.headers...)
		p := &web.Pending{Now: at(0)}
		w := httptest.NewRecorder()
		require.NoError(t, p.Send(w, r, login("k")), name)
		if c.begins {
			assert.Equal(t, http.StatusSeeOther, w.Code, name)
			assert.Len(t, w.Result().Cookies(), 1, name)
			continue
		}
		assert.Equal(t, http.StatusUnauthorized, w.Code, name)
		assert.Empty(t, w.Result().Cookies(), name)
		assert.Empty(t, w.Header().Get("Location"), name)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), name)
		assert.Equal(t, "Login", w.Header().Get("WWW-Authenticate"), name)

		w = httptest.NewRecorder()
		require.NoError(t, p.SendLogout(w, r, logout("k")), name)
		assert.Equal(t, http.StatusUnauthorized, w.Code, name)
		assert.Empty(t, w.Result().Cookies(), name)
		without := logout("")
		w = httptest.NewRecorder()
		require.NoError(t, p.SendLogout(w, r, without), name)
		assert.Equal(t, http.StatusSeeOther, w.Code, "a logout without a response needs no cookie")
	}
}

// A page with images of the login's address displaces no pending login of another tab.
func TestS8ImagesPushNothingOut(t *testing.T) {
	t.Parallel()
	for mode, stays := range map[string]bool{"no-cors": true, "navigate": false} {
		b, p := newBrowser(t), &web.Pending{}
		b.begin(p, "mine")
		for _, key := range []string{"1", "2", "3", "4", "5"} {
			r := b.request()
			r.Header.Set("Sec-Fetch-Mode", mode)
			b.jar.SetCookies(application, send(t, p, r, login(key)).Cookies())
		}
		assert.Equal(t, stays, b.complete(p, "mine"), mode)
	}
}

// A script gets JSON that says what to do.
func TestSendTellsScripts(t *testing.T) {
	t.Parallel()
	answer := send(t, &web.Pending{}, request("https://app.example/login", "Sec-Fetch-Mode", "cors", "Accept", "*/*"), login("k"))
	assert.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"))
	var said struct {
		Status int
		Code   string
	}
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&said))
	assert.Equal(t, 401, said.Status)
	assert.Equal(t, "login_required", said.Code)
}
