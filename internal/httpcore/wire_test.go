package httpcore_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const endpoint = "https://as.example/token"

// roundTrip is a custom http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// client returns a client of c with the transport rt.
func client(t *testing.T, rt http.RoundTripper, c httpcore.Config) *httpcore.Client {
	t.Helper()
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{Transport: rt}
	}
	hc, err := httpcore.New(c)
	require.NoError(t, err)
	return hc
}

// answer is a transport that gives one reply to GET and POST of endpoint.
func answer(status int, contentType, body string) *httpmock.MockTransport {
	mock := httpmock.NewMockTransport()
	responder := httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {contentType}})
	mock.RegisterResponder(http.MethodGet, endpoint, responder)
	mock.RegisterResponder(http.MethodPost, endpoint, responder)
	return mock
}

func get(t *testing.T, c *httpcore.Client) (*httpcore.Reply, error) {
	t.Helper()
	return c.Do(t.Context(), &httpcore.Request{URL: endpoint})
}

// stuck is a server that never answers: it waits until the request ends.
func stuck(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}
