package samltest_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// journey is an application and a browser that use one server over real HTTP, with net/http, etree and goxmldsig alone.
type journey struct {
	t       *testing.T
	idp     *samltest.Server
	url     string
	browser *http.Client
}

func start(t *testing.T, idp *samltest.Server) *journey {
	t.Helper()
	idp.Key = idpKey()
	return serve(t, idp, idp)
}

// serve is start for a server that listens together with others.
func serve(t *testing.T, idp *samltest.Server, handler http.Handler) *journey {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &journey{t: t, idp: idp, url: server.URL, browser: browser}
}

// form makes values of names and values in turn.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// parameters reads the query or the form of a callback.
func parameters(t *testing.T, callback *http.Request) url.Values {
	t.Helper()
	raw := callback.URL.RawQuery
	if callback.Method == http.MethodPost {
		body, err := io.ReadAll(callback.Body)
		require.NoError(t, err)
		raw = string(body)
	}
	values, err := url.ParseQuery(raw)
	require.NoError(t, err)
	return values
}

func namesOf(values url.Values) []string { return slices.Collect(maps.Keys(values)) }

// visit opens a page in the browser that keeps its cookies, without following redirects.
func (j *journey) visit(address string) (*http.Response, string) {
	j.t.Helper()
	return j.do(http.MethodGet, address, nil)
}

func (j *journey) do(method, address string, fields url.Values) (*http.Response, string) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), method, address, strings.NewReader(fields.Encode()))
	require.NoError(j.t, err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := j.browser.Do(request)
	require.NoError(j.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(j.t, err)
	return response, string(body)
}

// has is a fact about a text: it holds this part at least so many times.
func has(part string, times int) func(string) bool {
	return func(text string) bool { return strings.Count(text, part) >= times }
}

func lacks(part string) func(string) bool {
	return func(text string) bool { return !strings.Contains(text, part) }
}

// between is what is between two parts of a text.
func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, before)
	require.True(t, found, "%s", text)
	middle, _, found := strings.Cut(rest, after)
	require.True(t, found, "%s", text)
	return middle
}

// clock is a time that the test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) realm() *idptest.Realm { return &idptest.Realm{Now: c.now} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}
