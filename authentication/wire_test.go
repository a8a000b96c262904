package authentication_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"
)

// sentRequest is a request as it left the client.
type sentRequest struct {
	*http.Request
	body string
}

// line is method, target, credentials and body, byte by byte.
func (s *sentRequest) line() string {
	words := []string{s.Method, s.URL.RequestURI()}
	if a := s.Header.Get("Authorization"); a != "" {
		words = append(words, a)
	}
	if s.body != "" {
		words = append(words, s.body)
	}
	return strings.Join(words, " ")
}

// wire is a transport that records what is sent and answers with reply.
type wire struct {
	*httpmock.MockTransport
	mu   sync.Mutex
	sent []*sentRequest
}

func newWire(t testing.TB, reply func(*http.Request) (*http.Response, error)) *wire {
	t.Helper()
	w := &wire{MockTransport: httpmock.NewMockTransport()}
	w.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		s := &sentRequest{Request: r}
		if r.Body != nil {
			b, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			s.body = string(b)
			r.Body = io.NopCloser(strings.NewReader(s.body)) // for reply
		}
		w.mu.Lock()
		w.sent = append(w.sent, s)
		w.mu.Unlock()
		return reply(r)
	})
	return w
}

func (w *wire) client() *http.Client { return &http.Client{Transport: w} }
