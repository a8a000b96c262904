package main

import (
	"net/http"
	"os"
	"testing"
)

// The program uses http.DefaultTransport. Its tests replace it, because httptest.Server.Close closes its idle
// connections, also during the requests of other tests.
func TestMain(m *testing.M) {
	http.DefaultTransport = struct{ http.RoundTripper }{http.DefaultTransport}
	os.Exit(m.Run())
}
