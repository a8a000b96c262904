package httpcore_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// egressGuarded is a client that refuses private addresses.
func egressGuarded(t *testing.T, transport *http.Transport) *httpcore.Client {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	return client(t, transport, httpcore.Config{RefusePrivateAddresses: true, InsecureAllowHTTP: true})
}

// there is a connection to a test server that says it is connected to another address.
type there struct {
	net.Conn
	remote net.Addr
}

func (c there) RemoteAddr() net.Addr { return c.remote }

// posing dials the server, whatever the address, and says that it is connected to remote.
func posing(server *httptest.Server, remote net.Addr) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", server.Listener.Addr().String())
		return there{conn, remote}, err
	}
}

func counted(t *testing.T) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(server.Close)
	return server, &asked
}

// The lookup of a name is over when the address is checked, so no second lookup can bring another address.
func TestD11PrivateAddressIsRefusedAtTheDial(t *testing.T) {
	t.Parallel()
	server, asked := counted(t)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, target := range []string{server.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port} {
		_, err := egressGuarded(t, &http.Transport{}).Do(t.Context(), &httpcore.Request{URL: target, Retry: true})
		require.ErrorIs(t, err, httpcore.PrivateAddress, target)
		assert.ErrorContains(t, err, "refused an address that is not public: ", target)
		assert.False(t, httpcore.NoAnswer(err), "no later try is better")
	}
	assert.Zero(t, asked.Load())
	_, err = client(t, &http.Transport{DisableKeepAlives: true}, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: server.URL})
	require.NoError(t, err, "the twin without the guard")
	assert.Equal(t, int32(1), asked.Load())
}

func TestD11EveryKindOfAddress(t *testing.T) {
	t.Parallel()
	server, asked := counted(t)
	get := func(remote net.Addr) error {
		transport := &http.Transport{DialContext: posing(server, remote), DisableKeepAlives: true}
		_, err := egressGuarded(t, transport).Do(t.Context(), &httpcore.Request{URL: "http://op.example/"})
		return err
	}
	for kind, addresses := range map[string][]string{
		"unspecified": {"0.0.0.0", "::", "0.255.255.255"}, "private": {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"},
		"loopback": {"127.0.0.1", "127.255.255.255", "::1"}, "link-local": {"169.254.0.0", "169.254.169.254", "fe80::1", "febf::1"},
		"unique-local": {"fc00::1", "fdff::1", "fd00:ec2::254"}, "CGNAT": {"100.64.0.0", "100.127.255.255"},
		"multicast": {"224.0.0.1", "239.255.255.255", "ff02::1"}, "broadcast and reserved": {"240.0.0.0", "255.255.255.255"},
		"NAT64": {"64:ff9b::808:808", "64:ff9b:1::1"}, "6to4": {"2002:a00:1::1"}, "Teredo": {"2001::1"}, "site-local": {"fec0::1"},
		"protocols and documentation": {"192.0.0.1", "192.0.2.1", "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"},
	} {
		for _, a := range addresses {
			assert.ErrorIs(t, get(&net.TCPAddr{IP: net.ParseIP(a), Port: 443}), httpcore.PrivateAddress, "%s %s", kind, a)
		}
	}
	assert.ErrorIs(t, get(&net.UnixAddr{Name: "/run/x", Net: "unix"}), httpcore.PrivateAddress, "no IP address")
	assert.Zero(t, asked.Load(), "nothing was sent")
	for i, a := range []string{
		"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0",
		"172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2606:4700::1111", "3ffe::1",
	} {
		require.NoError(t, get(&net.TCPAddr{IP: net.ParseIP(a), Port: 443}), a)
		assert.Equal(t, int32(i+1), asked.Load())
	}
}

// A literal address is refused without a connection, also with a dial function of the application.
func TestD11LiteralAddressIsNotDialled(t *testing.T) {
	t.Parallel()
	dialled := false
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		dialled = true
		return nil, errors.New("dialled")
	}}
	c := egressGuarded(t, transport)
	for _, target := range []string{"https://10.0.0.1/", "https://[fd00::1]/", "https://[::ffff:8.8.8.8]/", "https://169.254.169.254/latest"} {
		_, err := c.Do(t.Context(), &httpcore.Request{URL: target})
		require.ErrorIs(t, err, httpcore.PrivateAddress, target)
	}
	assert.False(t, dialled)
	_, err := c.Do(t.Context(), &httpcore.Request{URL: "https://8.8.8.8/"})
	require.ErrorContains(t, err, "dialled", "the twin")
}

// The proxy looks the name up, so names are its business. Its own address may be private.
func TestD11Proxy(t *testing.T) {
	t.Parallel()
	proxy, asked := counted(t)
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	calls := 0
	c := egressGuarded(t, &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
		calls++
		return address, nil
	}})
	_, err = c.Do(t.Context(), &httpcore.Request{URL: "http://op.example/"})
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1}, []int{calls, int(asked.Load())}, "one question, one answer")
	for _, target := range []string{"http://127.0.0.1/", "http://localhost/", "http://LOCALHOST./", "http://op.localhost/", "http://[::1]/", "http://10.1.2.3/",
		"http://127.1/", "http://0x7f.1/", "http://0X7F000001/", "http://2130706433/", "http://0177.0.0.1./"} {
		_, err = c.Do(t.Context(), &httpcore.Request{URL: target})
		require.ErrorIs(t, err, httpcore.PrivateAddress, target)
	}
	assert.Equal(t, int32(1), asked.Load())
	for i, target := range []string{"http://8.8.8.8/", "http://1.op.example/", "http://0x7f.example/", "http://op.0xg/", "http://op.x1/"} {
		_, err = c.Do(t.Context(), &httpcore.Request{URL: target})
		require.NoError(t, err, target)
		assert.Equal(t, int32(i+2), asked.Load())
	}

	// A proxy function that says no is not asked again by the Transport.
	c = egressGuarded(t, &http.Transport{Proxy: func(r *http.Request) (*url.URL, error) {
		if r.URL.Host == "op.example" {
			return nil, errors.New("no proxy today")
		}
		return nil, nil
	}})
	_, err = c.Do(t.Context(), &httpcore.Request{URL: "http://op.example/", Form: url.Values{}})
	require.ErrorContains(t, err, "no proxy today")
	_, err = c.Do(t.Context(), &httpcore.Request{URL: proxy.URL})
	require.ErrorIs(t, err, httpcore.PrivateAddress, "without a proxy the dial is checked")
}

func TestD11OnlyATransportThatCanBeGuarded(t *testing.T) {
	t.Parallel()
	dial := func(string, string) (net.Conn, error) { return nil, errors.New("dialled") }
	dialContext := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("dialled") }
	oldDial, oldDialTLS := &http.Transport{}, &http.Transport{}
	//lint:ignore SA1019 it is refused
	oldDial.Dial = dial
	//lint:ignore SA1019 it is refused
	oldDialTLS.DialTLS = dial
	for why, rt := range map[string]http.RoundTripper{
		"needs an *http.Transport in HTTPClient: where a httpcore_test.roundTrip connects": roundTrip(nil),
		"without Dial, DialTLS and DialTLSContext":                                         &http.Transport{DialTLSContext: dialContext},
		"DialContext may be set":                                                           oldDial,
		"RefusePrivateAddresses needs an http.Transport without":                           oldDialTLS,
	} {
		_, err := httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: rt}, RefusePrivateAddresses: true})
		require.ErrorContains(t, err, why)
		_, err = httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: rt}})
		require.NoError(t, err, "the twin without the guard")
	}
	mine := &http.Transport{TLSClientConfig: &tls.Config{ServerName: "op.example"}}
	_, err := httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: mine}, RefusePrivateAddresses: true})
	require.NoError(t, err)
	assert.Nil(t, mine.DialContext, "H1: the application's Transport is copied")
	assert.Nil(t, mine.Proxy)
}

// A client that was made for other code keeps the guard, and shares its connections.
func TestD11GuardGoesWithTheClient(t *testing.T) {
	t.Parallel()
	server, asked := counted(t)
	outer := egressGuarded(t, &http.Transport{})
	for _, again := range []bool{false, true} {
		inner := client(t, nil, httpcore.Config{HTTPClient: outer.HTTPClient(), RefusePrivateAddresses: again})
		_, err := inner.Do(t.Context(), &httpcore.Request{URL: server.URL})
		require.ErrorIs(t, err, httpcore.PrivateAddress)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	_, err = outer.HTTPClient().Do(req)
	require.ErrorIs(t, err, httpcore.PrivateAddress)
	assert.Zero(t, asked.Load())
}

// A server cannot forge lines through the address of a redirect, and a query cannot add a header.
func TestH9NoLineBreaksGetThrough(t *testing.T) {
	t.Parallel()
	var seen *http.Request
	c := client(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		seen = r
		return &http.Response{StatusCode: http.StatusFound, Body: http.NoBody, Header: http.Header{"Location": {"https://a\r\nSet-Cookie: s=1/"}}}, nil
	}), httpcore.Config{})
	_, err := c.Do(t.Context(), &httpcore.Request{URL: endpoint, Query: url.Values{"state": {"a\r\nX: 1"}}})
	require.ErrorIs(t, err, httpcore.Redirect)
	assert.NotContains(t, err.Error(), "\n")
	assert.NotContains(t, err.Error(), "\r")
	assert.Equal(t, "state=a%0D%0AX%3A+1", seen.URL.RawQuery)
	_, err = c.Do(t.Context(), &httpcore.Request{URL: endpoint, Header: http.Header{"X-A": {"1\r\nX: 1"}}})
	require.ErrorContains(t, err, "control characters")
}

// closing is a body that says when it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

// http.RoundTripper: the body is closed, on errors too.
func TestD11RefusalBeforeTheProxyClosesTheBody(t *testing.T) {
	t.Parallel()
	proxy := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("no proxy today") }}
	body := &closing{Reader: strings.NewReader("a=b")}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://op.example/", body)
	require.NoError(t, err)
	_, err = egressGuarded(t, proxy).HTTPClient().Transport.RoundTrip(req)
	require.ErrorContains(t, err, "no proxy today")
	assert.True(t, body.closed)
}
