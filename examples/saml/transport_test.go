package main

import (
	"net/http"
	"os"
	"testing"
)

// The program goes through http.DefaultTransport. In its tests that is one whose idle connections
// httptest.Server.Close does not find: it closes them under the requests of other tests too.
func TestMain(m *testing.M) {
	http.DefaultTransport = struct{ http.RoundTripper }{http.DefaultTransport}
	os.Exit(m.Run())
}
