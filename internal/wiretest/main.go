package wiretest

import (
	"errors"
	"net/http"
	"os"
	"testing"
)

// Main is the TestMain of a package whose tests have their own transports: http.DefaultTransport refuses every
// request, because httptest.Server.Close closes its idle connections, also during the requests of other tests.
func Main(m *testing.M) {
	http.DefaultTransport = refusing{}
	os.Exit(m.Run())
}

type refusing struct{}

var errDefault = errors.New("a test went through http.DefaultTransport: give its client a transport, such as that of httptest.Server.Client")

// RoundTrip sends nothing.
func (refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, errDefault }
