package httpcore_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func guarded(t *testing.T, rt http.RoundTripper, c httpcore.Config) *http.Client {
	t.Helper()
	return client(t, rt, c).HTTPClient()
}

func TestGuardIsAnOrdinaryClient(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "of-the-first-user"})
		_, _ = io.WriteString(w, r.Method+" "+r.FormValue("a")+" "+r.Header.Get("Cookie")+r.Header.Get("X-Mine"))
	}))
	defer server.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := guarded(t, nil, httpcore.Config{HTTPClient: &http.Client{Transport: transport, Jar: jar}, Header: http.Header{"X-Mine": {"is for ours"}}})
	assert.Nil(t, c.Jar)
	assert.Equal(t, 30*time.Second, c.Timeout)
	for range 2 {
		res, err := c.PostForm(server.URL, url.Values{"a": {"1"}})
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		assert.Equal(t, "POST 1 ", string(body))
		require.NoError(t, res.Body.Close())
	}
}

func TestGuardFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308, 300, 304} {
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(httpmock.NewStringResponder(status, "").HeaderSet(http.Header{"Location": {"https://other.example/?code=C0DE-L0GIN"}}))
		c := guarded(t, mock, httpcore.Config{})
		_, err := c.PostForm(endpoint, url.Values{"code": {"C0DE-L0GIN"}})
		require.ErrorIs(t, err, httpcore.Redirect, "%d", status)
		assert.NotContains(t, err.Error(), "C0DE-L0GIN")
		_, err = (&http.Client{Transport: c.Transport}).PostForm(endpoint, url.Values{"code": {"C0DE-L0GIN"}})
		require.ErrorIs(t, err, httpcore.Redirect, "the Transport alone")
		assert.Equal(t, 2, mock.GetTotalCallCount())

		other := *c
		other.Transport = mock
		_, err = other.PostForm(endpoint, url.Values{"code": {"C0DE-L0GIN"}})
		if status%100 != 0 && status != 304 { // redirects that net/http does not follow
			assert.ErrorIs(t, err, httpcore.Redirect, "the client with another Transport")
		}
		assert.Equal(t, 3, mock.GetTotalCallCount())
	}
	req, err := http.NewRequest(http.MethodGet, endpoint, nil)
	require.NoError(t, err)
	req.Header.Set("If-None-Match", `"v1"`)
	res, err := guarded(t, answer(http.StatusNotModified, "", ""), httpcore.Config{}).Do(req)
	require.NoError(t, err, "the accepted twin")
	assert.Equal(t, http.StatusNotModified, res.StatusCode)
}

func TestGuardGoesToHTTPSOrLoopback(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewStringResponder(200, "{}"))
	c := guarded(t, mock, httpcore.Config{})
	for _, to := range []string{"http://as.example/", "http://u:p4ss@127.0.0.1/", "ftp://as.example/"} {
		body := &watched{Reader: strings.NewReader("a=1")}
		req, err := http.NewRequest(http.MethodPost, to, body)
		require.NoError(t, err)
		_, err = c.Transport.RoundTrip(req)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "p4ss")
		assert.False(t, httpcore.NoAnswer(err))
		assert.True(t, body.closed, "a RoundTripper closes the body also when it fails")
	}
	for want, to := range map[string]*url.URL{
		"endpoint without a URL must be an absolute URL such as https://example.com": nil,
		// net/http writes it into the request line, and a proxy connects to that address.
		"endpoint https://as.example must not be opaque": {Scheme: "https", Host: "as.example", Opaque: "//evil.example/"},
	} {
		_, err := c.Transport.RoundTrip(&http.Request{URL: to})
		require.EqualError(t, err, want)
	}
	assert.Zero(t, mock.GetTotalCallCount())
	for _, to := range []string{endpoint, "http://localhost:1/"} {
		_, err := c.Get(to)
		assert.NoError(t, err, "the accepted twin")
	}
	_, err := guarded(t, mock, httpcore.Config{InsecureAllowHTTP: true}).Get("http://as.example/")
	assert.NoError(t, err)
}

func TestGuardBoundsTheBody(t *testing.T) {
	t.Parallel()
	for _, limit := range []int64{1, 100, 1 << 20} {
		read := func(size int64) ([]byte, error) {
			c := guarded(t, roundTrip(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(io.LimitReader(endless{}, size))}, nil
			}), httpcore.Config{MaxReply: limit})
			res, err := c.Get(endpoint)
			require.NoError(t, err)
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			again, err2 := res.Body.Read(make([]byte, 1))
			assert.Zero(t, again)
			if err != nil {
				assert.Equal(t, err, err2, "and it stays so")
			}
			return body, err
		}
		body, err := read(limit)
		require.NoError(t, err, "the accepted twin")
		assert.Len(t, body, int(limit))
		for _, size := range []int64{limit + 1, limit + 2, 1 << 40} {
			body, err = read(size)
			require.ErrorIs(t, err, httpcore.TooLarge)
			require.ErrorContains(t, err, "GET https://as.example/token: the reply is too large: over ")
			assert.Len(t, body, int(limit))
			assert.False(t, httpcore.NoAnswer(err))
		}
	}
}

// endless is a server whose reply does not end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestGuardEndsAtTheTimeout(t *testing.T) {
	t.Parallel()
	silent := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: slow{r.Context()}}, nil
	})
	for name, rt := range map[string]http.RoundTripper{"no reply": roundTrip(stuck), "no body": silent} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			c := guarded(t, rt, httpcore.Config{})
			c.Timeout = 0 // only the transport was taken
			res, err := c.Get(endpoint)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				_ = res.Body.Close()
			}
			require.ErrorIs(t, err, context.DeadlineExceeded, name)
			assert.True(t, httpcore.NoAnswer(err))
			assert.Equal(t, 30*time.Second, time.Since(began))
		})
	}
}

func TestGuardClosesWhatItDoesNotGive(t *testing.T) {
	t.Parallel()
	for _, status := range []int{101, 302} {
		body := &watched{Reader: strings.NewReader("")}
		_, err := guarded(t, roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: body}, nil
		}), httpcore.Config{}).Get(endpoint)
		require.Error(t, err)
		assert.True(t, body.closed)
	}
	for _, res := range []*http.Response{nil, {StatusCode: 200}} {
		_, err := guarded(t, roundTrip(func(*http.Request) (*http.Response, error) { return res, nil }), httpcore.Config{}).Get(endpoint)
		assert.ErrorContains(t, err, "the RoundTripper returned no response")
	}
}

// Closing a reply frees its context, also when it was not read to the end.
func TestGuardFreesTheContext(t *testing.T) {
	t.Parallel()
	for _, read := range []bool{false, true} {
		var ctx context.Context
		c := guarded(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			ctx = r.Context()
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
		}), httpcore.Config{})
		req, err := http.NewRequest(http.MethodGet, endpoint, nil)
		require.NoError(t, err)
		res, err := c.Transport.RoundTrip(req)
		require.NoError(t, err)
		require.NoError(t, ctx.Err())
		if read {
			_, err = io.ReadAll(res.Body)
			require.NoError(t, err)
		} else {
			require.NoError(t, res.Body.Close())
		}
		assert.ErrorIs(t, ctx.Err(), context.Canceled)
	}
}

func TestNewTakesTheGuardOff(t *testing.T) {
	t.Parallel()
	var seen http.RoundTripper
	calls := 0
	wire := roundTrip(func(r *http.Request) (*http.Response, error) {
		calls++
		return httpmock.NewStringResponse(200, "12345678"), nil
	})
	outer := guarded(t, nil, httpcore.Config{HTTPClient: &http.Client{Transport: wire, Timeout: time.Second}, MaxReply: 8})
	inner := client(t, nil, httpcore.Config{HTTPClient: outer})
	reply, err := get(t, inner)
	require.NoError(t, err)
	assert.Equal(t, "12345678", reply.Body)
	assert.Equal(t, 1, calls)
	again := inner.HTTPClient()
	assert.Equal(t, time.Second, again.Timeout, "the timeout came along")
	seen = outer.Transport
	assert.NotSame(t, seen, again.Transport)

	for name, c := range map[string]struct {
		outer, inner httpcore.Config
		url          string
		want         error
	}{
		"the outer limit":      {httpcore.Config{MaxReply: 7}, httpcore.Config{}, endpoint, httpcore.TooLarge},
		"is wide enough":       {httpcore.Config{MaxReply: 8}, httpcore.Config{}, endpoint, nil},
		"one of its own":       {httpcore.Config{MaxReply: 100}, httpcore.Config{MaxReply: 7}, endpoint, httpcore.TooLarge},
		"a larger one its own": {httpcore.Config{MaxReply: 7}, httpcore.Config{MaxReply: 8}, endpoint, nil},
		"both allow http":      {httpcore.Config{InsecureAllowHTTP: true}, httpcore.Config{InsecureAllowHTTP: true}, "http://as.example/", nil},
	} {
		c.inner.HTTPClient = guarded(t, wire, c.outer)
		_, err := client(t, nil, c.inner).Do(t.Context(), &httpcore.Request{URL: c.url})
		assert.True(t, errors.Is(err, c.want), "%s: %v", name, err)
	}
	for _, outer := range []bool{true, false} {
		c := httpcore.Config{InsecureAllowHTTP: !outer, HTTPClient: guarded(t, wire, httpcore.Config{InsecureAllowHTTP: outer})}
		_, err := client(t, nil, c).Do(t.Context(), &httpcore.Request{URL: "http://as.example/"})
		assert.ErrorContains(t, err, "http is for loopback hosts only")
	}
}

// A client with the same rules is the same client, which sends the same header.
func TestSharedIsTheSameClient(t *testing.T) {
	t.Parallel()
	first, err := httpcore.New(httpcore.Config{Header: http.Header{"X-App": {"app"}}, MaxReply: 10})
	require.NoError(t, err)
	second, err := httpcore.New(httpcore.Config{HTTPClient: first.Shared()})
	require.NoError(t, err)
	assert.Same(t, first, second)
	other, err := httpcore.New(httpcore.Config{HTTPClient: first.HTTPClient()})
	require.NoError(t, err)
	assert.NotSame(t, first, other, "the guard is for clients with rules of their own")
}
