package httpcore

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// sendOnce returns a copy of req, which has no body, that the Transport does not repeat after it was sent. When a
// kept connection breaks, the Transport repeats a request whose body it can get again. So this copy has an empty body
// that it cannot get again after the headers were sent. Before that it may repeat the request: the server did not see
// it.
func sendOnce(req *http.Request) *http.Request {
	var sent atomic.Bool
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
	}))
	req.Body = emptyBody{} // not http.NoBody, which the Transport treats as no body
	req.GetBody = func() (io.ReadCloser, error) {
		if sent.Load() {
			return nil, errors.New("the connection was lost after the request was sent, and it is not sent twice")
		}
		return emptyBody{}, nil
	}
	return req
}

type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyBody) Close() error             { return nil }
