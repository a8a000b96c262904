//go:build interop

package e2e

import (
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// front is an example behind a proxy on localhost, which writes down where the browser says that requests come from.
type front struct {
	origin string // for the browser and the servers
	behind string // where the example listens

	mu    sync.Mutex
	sites map[string][]string // Sec-Fetch-Site by path
}

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{behind: freeAddr(t), sites: map[string][]string{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	f.origin = "http://localhost:" + port
	proxy := &httputil.ReverseProxy{
		Transport: &http.Transport{Proxy: nil},
		ErrorLog:  log.New(io.Discard, "", 0), // the browser goes away in the middle of an answer
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: f.behind})
			r.Out.Host = r.In.Host
			f.mu.Lock()
			defer f.mu.Unlock()
			f.sites[r.In.URL.Path] = append(f.sites[r.In.URL.Path], r.In.Header.Get("Sec-Fetch-Site"))
		},
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: proxy}}
	server.Start()
	t.Cleanup(server.Close)
	return f
}

// run starts the example.
func (f *front) run(t *testing.T, binary string, env ...string) {
	t.Helper()
	p := start(t, binary, f.behind, append(env, "AUTHING_EXAMPLE_URL="+f.origin)...)
	require.True(t, p.wait(t), "%s", p.output)
}

// crosses checks that since the last look each request for address came from another site, and that there was one.
func (f *front) crosses(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	f.mu.Lock()
	defer f.mu.Unlock()
	assert.NotEmpty(t, f.sites[u.Path])
	for _, site := range f.sites[u.Path] {
		assert.Equal(t, "cross-site", site, "%s", u.Path)
	}
	clear(f.sites)
}

// paths are what was asked since the last look.
func (f *front) paths() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Keys(f.sites))
}

// look forgets the requests of before.
func (f *front) look() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.sites)
}
