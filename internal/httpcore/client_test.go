package httpcore_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]httpcore.Config{
		"MaxReply is negative: -1":                                       {MaxReply: -1},
		"Authorization in Header is not allowed: each call sets its own": {Header: http.Header{"authorization": {"x"}}},
		"Content-Type in Header is not allowed: each call sets its own":  {Header: http.Header{"Content-Type": {"x"}}},
		"Accept in Header is not allowed: each call sets its own":        {Header: http.Header{"accept": {"x"}}},
		"Host in Header is not allowed: each call sets its own":          {Header: http.Header{"Host": {"x"}}},
		"Cookie in Header is not allowed: each call sets its own":        {Header: http.Header{"COOKIE": {"x"}}},
		"\"a b\" in Header is not a header name":                         {Header: http.Header{"a b": {"x"}}},
		`"" in Header is not a header name`:                              {Header: http.Header{"": {"x"}}},
		"X-A in Header has a value with control characters":              {Header: http.Header{"x-a": {"1\r\nCookie: s"}}},
	} {
		_, err := httpcore.New(c)
		assert.EqualError(t, err, want)
	}
	_, err := httpcore.New(httpcore.Config{Header: http.Header{"X-Authing-App-Id": {"x"}, "X-Any!#$%&'*+-.^_`|~9": {"\tü"}}})
	assert.NoError(t, err, "the accepted twin")
}

func TestH1UsersClientIsLeftAsItWas(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	asked := errors.New("the user's own redirect policy")
	mock := answer(http.StatusOK, "application/json", `{}`)
	mine := &http.Client{Transport: mock, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return asked }}
	header := http.Header{"X-Mine": {"1"}}
	c := client(t, nil, httpcore.Config{HTTPClient: mine, Header: header})

	_, err = get(t, c)
	require.NoError(t, err)
	assert.Same(t, jar, mine.Jar)
	assert.Same(t, mock, mine.Transport)
	assert.Zero(t, mine.Timeout)
	assert.Equal(t, asked, mine.CheckRedirect(nil, nil))
	assert.Equal(t, http.Header{"X-Mine": {"1"}}, header)
}

func TestClientIsACopyOfConfig(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	var seen http.Header
	mock.RegisterResponder(http.MethodGet, endpoint, func(r *http.Request) (*http.Response, error) {
		seen = r.Header
		return httpmock.NewStringResponse(http.StatusOK, `{}`), nil
	})
	mine := &http.Client{Transport: mock}
	header := http.Header{"X-Mine": {"1"}}
	c := client(t, nil, httpcore.Config{HTTPClient: mine, Header: header})
	mine.Transport, mine.Timeout = nil, time.Nanosecond
	header["X-Mine"][0] = "2"
	header.Set("X-Late", "3")

	_, err := get(t, c)
	require.NoError(t, err)
	assert.Equal(t, "1", seen.Get("X-Mine"))
	assert.Empty(t, seen.Get("X-Late"))
}

func TestRequestAsSent(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	var seen *http.Request
	var form url.Values
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		seen = r
		_ = r.ParseForm()
		form = r.PostForm
		return httpmock.NewStringResponse(http.StatusOK, `{}`), nil
	})
	c := client(t, mock, httpcore.Config{Header: http.Header{"X-Mine": {"1", "2"}, "X-Both": {"config"}}})

	_, err := c.Do(t.Context(), &httpcore.Request{URL: endpoint + "?a=1", Query: url.Values{"b": {"2 +"}}})
	require.NoError(t, err)
	assert.Equal(t, http.MethodGet, seen.Method)
	assert.Equal(t, "https://as.example/token?a=1&b=2+%2B", seen.URL.String())
	assert.Equal(t, http.Header{"Accept": {"application/json"}, "X-Mine": {"1", "2"}, "X-Both": {"config"}}, seen.Header)

	_, err = c.Do(t.Context(), &httpcore.Request{
		Method: http.MethodPost, URL: endpoint, Form: url.Values{"c": {"é"}}, Accept: "text/plain",
		Header: http.Header{"x-both": {"call"}, "Content-Type": {"never"}},
	})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"c": {"é"}}, form)
	assert.Equal(t, http.Header{
		"Accept": {"text/plain"}, "Content-Type": {"application/x-www-form-urlencoded"}, "X-Mine": {"1", "2"}, "X-Both": {"call"},
	}, seen.Header)
}

// A RoundTripper that adds to a header must not change the next call.
func TestInstrumentationMayChangeItsRequest(t *testing.T) {
	t.Parallel()
	calls := 0
	rt := roundTrip(func(r *http.Request) (*http.Response, error) {
		calls++
		assert.Equal(t, []string{"1", "2", "3"}, r.Header["X-Mine"])
		r.Header["X-Mine"][0] = "overwritten"
		r.Header.Add("X-Mine", "traced")
		return httpmock.NewStringResponse(http.StatusOK, `{}`), nil
	})
	c := client(t, rt, httpcore.Config{Header: http.Header{"X-Mine": {"1", "2", "3"}}})
	for range 2 {
		_, err := get(t, c)
		require.NoError(t, err)
	}
	assert.Equal(t, 2, calls, "instrumentation is the user's http.RoundTripper")
}

func TestLocalMistakeSendsNothing(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]*httpcore.Request{
		"the endpoint is not a URL":                                           {URL: "https://as.example/%zz"},
		"header Authorization has a value with control characters":            {URL: endpoint, Header: http.Header{"Authorization": {"Bearer a\nb"}}},
		"endpoint /token must be an absolute URL such as https://example.com": {URL: "/token"},
		"endpoint ftp://as.example/token must be an https URL":                {URL: "ftp://as.example/token"},
	} {
		mock := answer(http.StatusOK, "application/json", `{}`)
		r.Retry = true
		_, err := client(t, mock, httpcore.Config{}).Do(t.Context(), r)
		assert.EqualError(t, err, want)
		assert.Zero(t, mock.GetTotalCallCount())
	}
	mock := answer(http.StatusOK, "application/json", `{}`)
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err := client(t, mock, httpcore.Config{}).Do(nil, &httpcore.Request{URL: endpoint, Retry: true})
	assert.EqualError(t, err, "the context is nil")
	assert.Zero(t, mock.GetTotalCallCount())
}

// A body that is no form is sent as it is, with the type that the call gives it.
func TestBody(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var sent []byte
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		got = r
		sent, _ = io.ReadAll(r.Body)
		return httpmock.NewStringResponse(http.StatusOK, ""), nil
	})
	c, err := httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: transport}})
	require.NoError(t, err)
	_, err = c.Do(t.Context(), &httpcore.Request{
		Method: http.MethodPost, URL: "https://idp.example/soap", Body: []byte("<a/>"), Accept: "text/xml", Header: http.Header{"Content-Type": {"text/xml"}},
	})
	require.NoError(t, err)
	assert.Equal(t, "<a/>", string(sent))
	assert.Equal(t, int64(4), got.ContentLength)
	assert.Equal(t, "text/xml", got.Header.Get("Content-Type"))
}
