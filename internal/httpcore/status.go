package httpcore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// StatusError is a reply whose status is not the one that was wanted.
type StatusError struct {
	// Method and URL are what was called; the URL is without its query.
	Method, URL string
	StatusCode  int
	// RetryAfter is the server's wish on 429 and 503, at most 60 seconds.
	RetryAfter time.Duration
}

// Error names method, address and status.
func (e *StatusError) Error() string {
	if e == nil {
		return "no status"
	}
	return fmt.Sprintf("%s %s: status %d", e.Method, e.URL, e.StatusCode)
}

// StatusError is the error of a reply that is not taken for its status.
func (r *Reply) StatusError() *StatusError {
	return &StatusError{Method: r.Method, URL: r.URL, StatusCode: r.StatusCode, RetryAfter: r.RetryAfter}
}

// NoAnswer tells whether err is of a call that brought no usable answer and may go better later: it failed on
// the way, its context ended, or it was answered by 429, 5xx or a page. A redirect and a reply that is too large are what
// they are, and so is what was never sent.
func NoAnswer(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var status *StatusError
	if errors.As(err, &status) && status != nil {
		return mayPass(status.StatusCode)
	}
	var call *callError
	return errors.As(err, &call) && !errors.Is(err, Redirect) && !errors.Is(err, TooLarge)
}

func mayPass(status int) bool { return status == http.StatusTooManyRequests || status >= 500 }
