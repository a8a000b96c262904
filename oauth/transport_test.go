package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// fixed is a source of one token of this age.
func fixed(token string, age time.Duration) *oauth.TokenSource {
	clock, calls := now.Add(-age), 0
	return oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
		clock = now // it was requested this long ago
		calls++
		return &oauth.Token{AccessToken: token + strings.Repeat("+", calls-1), TokenType: "bearer", Expiry: now.Add(time.Hour)}, nil
	}, func() time.Time { return clock })
}

// closing records whether a body was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestTransportSendsToOneOrigin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		origin, url, host string
		change            func(*oauth.Transport)
		want              string // of the error; empty means that the request is sent
	}{
		"same":                 {"https://api.example", "https://api.example/a?b", "", nil, ""},
		"its port":             {"https://api.example", "https://api.example:443/", "", nil, ""},
		"the origin's port":    {"https://api.example:443", "https://api.example/", "", nil, ""},
		"capitals":             {"https://API.example", "https://api.EXAMPLE/", "", nil, ""},
		"both ends of letters": {"https://AZaz.example", "https://azAZ.example/", "", nil, ""},
		"its Host":             {"https://api.example", "https://api.example/", "api.example:443", nil, ""},
		"loopback":             {"http://127.0.0.1:8080", "http://127.0.0.1:8080/", "", nil, ""},
		"IPv6":                 {"http://[::1]:80", "http://[::1]/", "", nil, ""},
		"http, allowed":        {"http://api.example", "http://api.example:80/", "", func(t *oauth.Transport) { t.InsecureAllowHTTP = true }, ""},
		"another host":         {"https://api.example", "https://evil.example/", "", nil, "goes to https://evil.example:443: nothing was sent"},
		"below":                {"https://api.example", "https://a.api.example/", "", nil, "nothing was sent"},
		"dot":                  {"https://api.example", "https://api.example./", "", nil, "nothing was sent"},
		"longer":               {"https://api.example", "https://api.example.evil/", "", nil, "nothing was sent"},
		"another port":         {"https://api.example", "https://api.example:444/", "", nil, "nothing was sent"},
		"another scheme":       {"https://api.example", "http://api.example/", "", nil, "nothing was sent"},
		"scheme with its port": {"https://api.example", "http://api.example:443/", "", nil, "nothing was sent"},
		"a letter that folds":  {"https://k.example", "https://\u212a.example/", "", nil, "nothing was sent"},
		"another Host":         {"https://api.example", "https://api.example/", "evil.example", nil, "is for host evil.example"},
		"a name in the URL":    {"https://api.example", "https://u@api.example/", "", nil, "already has an Authorization header"},
		"no origin":            {"", "https://api.example/", "", nil, "oauth: Transport.Origin must be an absolute URL"},
		"http origin":          {"http://api.example", "http://api.example/", "", nil, "oauth: Transport.Origin must be an https URL"},
		"a path":               {"https://api.example/", "https://api.example/", "", nil, "scheme, host and port alone"},
		"a query":              {"https://api.example?", "https://api.example/", "", nil, "scheme, host and port alone"},
		"a fragment":           {"https://api.example#", "https://api.example/", "", nil, "fragment"},
		"no source":            {"https://api.example", "https://api.example/", "", func(t *oauth.Transport) { t.Source = nil }, "oauth: token source"},
		"another type": {"https://api.example", "https://api.example/", "", func(t *oauth.Transport) {
			t.Source = oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
				return &oauth.Token{AccessToken: "AT", TokenType: "DPoP"}, nil
			}, nil)
		}, "not a Bearer token"},
	} {
		var sent *http.Request
		transport := &oauth.Transport{Source: fixed("AT", 0), Origin: c.origin, Base: roundTrip(func(r *http.Request) (*http.Response, error) {
			sent = r
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		})}
		if c.change != nil {
			c.change(transport)
		}
		body := &closing{Reader: strings.NewReader("x")}
		r, err := http.NewRequest(http.MethodPost, c.url, body)
		require.NoError(t, err)
		r.Host = c.host
		res, err := transport.RoundTrip(r)
		assert.Empty(t, r.Header, "the caller's request is not changed")
		if c.want != "" {
			require.ErrorContains(t, err, c.want, name)
			assert.Nil(t, res)
			assert.Nil(t, sent, name)
			assert.True(t, body.closed, name)
			assert.NotContains(t, err.Error(), "AT")
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, []string{"Bearer AT"}, sent.Header["Authorization"])
		assert.Equal(t, c.url, sent.URL.String())
	}
}

func TestTransportMisuse(t *testing.T) {
	t.Parallel()
	transport := &oauth.Transport{Source: fixed("AT", 0), Origin: "https://api.example", Base: silent(t)}
	r := httptest.NewRequest(http.MethodGet, "https://api.example/", nil)
	r.Header.Set("Authorization", "Basic mine")
	_, err := transport.RoundTrip(r)
	require.EqualError(t, err, "oauth: Transport: the request already has an Authorization header")
	assert.Equal(t, "Basic mine", r.Header.Get("Authorization"))
	for _, r := range []*http.Request{nil, {}} {
		_, err := transport.RoundTrip(r)
		require.EqualError(t, err, "oauth: Transport: the request has no URL")
	}
	r.Header = http.Header{"authorization": {"Basic mine"}}
	_, err = transport.RoundTrip(r)
	require.EqualError(t, err, "oauth: Transport: the request already has an Authorization header", "however it is written")
	_, err = (*oauth.Transport)(nil).RoundTrip(r)
	require.EqualError(t, err, "oauth: Transport is nil")
	// net/http writes Opaque into the request line, and a proxy connects to that address.
	_, err = transport.RoundTrip(&http.Request{URL: &url.URL{Scheme: "https", Host: "api.example", Opaque: "//evil.example/a"}})
	require.EqualError(t, err, "oauth: Transport: the request has an opaque URL: nothing was sent")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = transport.RoundTrip(httptest.NewRequest(http.MethodGet, "https://api.example/", nil).WithContext(ctx))
	require.ErrorIs(t, err, context.Canceled)

	broken := errors.New("broken")
	transport.Base = roundTrip(func(r *http.Request) (*http.Response, error) { return nil, broken })
	_, err = transport.RoundTrip(&http.Request{URL: &url.URL{Scheme: "https", Host: "api.example"}})
	require.ErrorIs(t, err, broken)
	transport.Base = roundTrip(func(r *http.Request) (*http.Response, error) { return nil, nil })
	res, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, "https://api.example/", nil))
	require.NoError(t, err)
	assert.Nil(t, res)
}

// A redirect within the origin has the token. A redirect to another origin is an error, and nothing is sent there.
func TestH2TransportAndRedirects(t *testing.T) {
	t.Parallel()
	for to, sentTo := range map[string][]string{
		"https://api.example/b":  {"api.example", "api.example"},
		"/b":                     {"api.example", "api.example"},
		"https://evil.example/b": {"api.example"},
		"http://api.example/b":   {"api.example"},
		"//evil.example/b":       {"api.example"},
	} {
		var hosts []string
		client := &http.Client{Transport: &oauth.Transport{Source: fixed("AT", 0), Origin: "https://api.example", Base: roundTrip(func(r *http.Request) (*http.Response, error) {
			hosts = append(hosts, r.URL.Host)
			assert.Equal(t, "Bearer AT", r.Header.Get("Authorization"))
			if r.URL.Path == "/a" {
				return &http.Response{StatusCode: 302, Header: http.Header{"Location": {to}}, Body: http.NoBody}, nil
			}
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		})}}
		_, err := client.Get("https://api.example/a")
		assert.Equal(t, len(sentTo) == 1, err != nil, to)
		assert.Equal(t, sentTo, hosts, to)
	}
}

// Status 401 drops the token, any other status keeps it, and nothing is sent twice.
func TestTransportDropsARefusedToken(t *testing.T) {
	t.Parallel()
	for status, next := range map[int]string{401: "Bearer AT+", 200: "Bearer AT", 403: "Bearer AT", 500: "Bearer AT"} {
		var seen []string
		transport := &oauth.Transport{Source: fixed("AT", time.Minute), Origin: "https://api.example", Base: roundTrip(func(r *http.Request) (*http.Response, error) {
			seen = append(seen, r.Header.Get("Authorization"))
			return &http.Response{StatusCode: status, Body: http.NoBody}, nil
		})}
		for range 2 {
			res, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, "https://api.example/", nil))
			require.NoError(t, err)
			assert.Equal(t, status, res.StatusCode)
		}
		assert.Equal(t, []string{"Bearer AT", next}, seen, status)
	}
}
