package httpcore

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// sendOnce returns req, which has no body, as one that the Transport does not repeat once it was sent. Over a
// connection that was kept open and dies it sends a request again whose body it can have anew; so this one has
// a body, an empty one, that cannot be had anew after the headers went out. Before that it may: nobody saw it.
func sendOnce(req *http.Request) *http.Request {
	var sent atomic.Bool
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
	}))
	req.Body = emptyBody{} // not http.NoBody, which the Transport knows
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
