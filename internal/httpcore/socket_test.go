package httpcore_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func TestH10NoCookieComesBack(t *testing.T) {
	t.Parallel()
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "of-the-first-user"})
		_, _ = w.Write([]byte(`{}`))
	}))
	defer server.Close()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	address, err := url.Parse(server.URL)
	require.NoError(t, err)
	jar.SetCookies(address, []*http.Cookie{{Name: "mine", Value: "1"}})
	user := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Jar: jar}
	c := client(t, nil, httpcore.Config{HTTPClient: user})
	for range 2 {
		_, err := c.Do(t.Context(), &httpcore.Request{URL: server.URL})
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"", ""}, seen)
	assert.Len(t, jar.Cookies(address), 1, "and it does not reach the application's jar")

	res, err := user.Get(server.URL)
	require.NoError(t, err)
	_ = res.Body.Close()
	assert.Equal(t, "mine=1", seen[2], "the twin: the application's own client sends its cookies")
}

func TestH11ClientCertificateAndCA(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.TLS.PeerCertificates[0].Subject.Organization[0]))
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	with := func(c *tls.Config) (*httpcore.Reply, error) {
		transport := &http.Transport{TLSClientConfig: c}
		defer transport.CloseIdleConnections()
		return client(t, transport, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: server.URL})
	}
	reply, err := with(&tls.Config{RootCAs: roots, Certificates: server.TLS.Certificates})
	require.NoError(t, err)
	assert.Equal(t, "Acme Co", reply.Body)

	_, err = with(&tls.Config{Certificates: server.TLS.Certificates})
	var unknown x509.UnknownAuthorityError
	assert.ErrorAs(t, err, &unknown, "the twin without the CA")
	_, err = with(&tls.Config{RootCAs: roots})
	var alert *net.OpError
	require.ErrorAs(t, err, &alert, "the twin without the certificate")
	assert.ErrorContains(t, alert, "certificate required")
}

func TestH11Proxy(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("through the proxy to " + r.URL.String()))
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	transport := &http.Transport{Proxy: http.ProxyURL(address)}
	defer transport.CloseIdleConnections()
	reply, err := client(t, transport, httpcore.Config{InsecureAllowHTTP: true}).
		Do(t.Context(), &httpcore.Request{URL: "http://as.example/userinfo"})
	require.NoError(t, err)
	assert.Equal(t, "through the proxy to http://as.example/userinfo", reply.Body)
}

// A real server that accepts the connection and sends nothing.
func TestH5SilentServer(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := client(t, &http.Transport{DisableKeepAlives: true}, httpcore.Config{}).Do(ctx, &httpcore.Request{URL: server.URL})
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Less(t, time.Since(began), 5*time.Second)

	user := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Millisecond}
	_, err = client(t, nil, httpcore.Config{HTTPClient: user}).Do(t.Context(), &httpcore.Request{URL: server.URL})
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestH2RedirectOverARealSocket(t *testing.T) {
	t.Parallel()
	reached := false
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer target.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", target.URL+"/?"+r.URL.RawQuery)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	_, err := client(t, &http.Transport{DisableKeepAlives: true}, httpcore.Config{}).Do(t.Context(), &httpcore.Request{
		URL: server.URL, Query: url.Values{"access_token": {secret}}, Secrets: []string{secret},
	})
	require.ErrorIs(t, err, httpcore.Redirect)
	assert.NotContains(t, err.Error(), "S3cr3t")
	assert.False(t, reached)
}

// The body of a 101 is the connection, which does not end with the context.
func TestH5SwitchingProtocolsIsNoAnswer(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: anything\r\n\r\n")
		<-over
	}))
	defer server.Close()
	defer close(over)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := client(t, &http.Transport{DisableKeepAlives: true}, httpcore.Config{}).Do(ctx, &httpcore.Request{URL: server.URL})
		failed <- err
	}()
	select {
	case err := <-failed:
		require.ErrorContains(t, err, "status 101 is not an answer")
	case <-time.After(10 * time.Second):
		t.Error("the call outlives its context")
	}
}
