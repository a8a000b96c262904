//go:build interop

package casdjango

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// app is an application that the server calls: the PGT callback over https, single logout over http. Both use one
// handler.
type app struct {
	plain, secure *httptest.Server

	mu      sync.Mutex
	mux     *http.ServeMux
	arrived []string // method and path of each call
}

func newApp(t *testing.T, cert tls.Certificate) *app {
	t.Helper()
	a := &app{mux: http.NewServeMux()}
	a.plain = httptest.NewServer(a)
	a.secure = httptest.NewUnstartedServer(a)
	a.secure.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	a.secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	a.secure.StartTLS()
	t.Cleanup(a.plain.Close)
	t.Cleanup(a.secure.Close)
	return a
}

// handle sets what the application does at a path.
func (a *app) handle(path string, h http.Handler) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.mux.Handle(path, h)
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.arrived = append(a.arrived, r.Method+" "+r.URL.Path)
	h, _ := a.mux.Handler(r)
	a.mu.Unlock()
	h.ServeHTTP(w, r)
}

// calls returns the calls so far.
func (a *app) calls() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.arrived...)
}
