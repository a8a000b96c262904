package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
)

// network has a handler for each origin: an Internet without a connection. It is the transport of clients, of servers
// and of userAgents.
type network map[string]http.Handler

// RoundTrip implements http.RoundTripper. It returns when the request's context ends, though the handler goes on.
func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	handler := n[originOf(r.URL)]
	if handler == nil {
		return nil, fmt.Errorf("there is no host %s", originOf(r.URL))
	}
	in := httptest.NewRequest(r.Method, r.URL.RequestURI(), r.Body).WithContext(r.Context())
	in.Header, in.Host, in.URL = r.Header.Clone(), r.URL.Host, r.URL
	in.TLS = nil
	if r.URL.Scheme == "https" {
		in.TLS = httptest.NewRequest(http.MethodGet, "https://host.example/", nil).TLS
	}
	answered := make(chan *http.Response, 1)
	go func() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, in)
		answered <- w.Result()
	}()
	select {
	case answer := <-answered:
		answer.Request = r
		return answer, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }
