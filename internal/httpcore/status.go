package httpcore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// StatusError is a reply with an unwanted status.
type StatusError struct {
	// Method and URL are those of the call; the URL has no query.
	Method, URL string
	StatusCode  int
	// RetryAfter is the server's Retry-After on 429 and 503, at most 60 seconds.
	RetryAfter time.Duration
}

// Error names method, address and status.
func (e *StatusError) Error() string {
	if e == nil {
		return "no status"
	}
	return fmt.Sprintf("%s %s: status %d", e.Method, e.URL, e.StatusCode)
}

// StatusError is the error of a reply that is refused because of its status.
func (r *Reply) StatusError() *StatusError {
	return &StatusError{Method: r.Method, URL: r.URL(), StatusCode: r.StatusCode, RetryAfter: r.RetryAfter}
}

// NoAnswer reports whether err is of a call without a usable answer that may succeed later: a network failure, an
// ended context, status 429 or 5xx, or a page. A redirect, a reply that is too large, a private address, and a request
// that was never sent are permanent.
func NoAnswer(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var status *StatusError
	if errors.As(err, &status) && status != nil {
		return mayPass(status.StatusCode)
	}
	var call *callError
	return errors.As(err, &call) && !errors.Is(err, Redirect) && !errors.Is(err, TooLarge) && !errors.Is(err, PrivateAddress)
}

// Unusable marks the refusal of a reply that is not as its specification demands, so that NoAnswer reports it: no setting
// of the caller is wrong, and the server may be corrected.
func Unusable(err error) error { return &callError{text: err.Error(), cause: err} }

func mayPass(status int) bool { return status == http.StatusTooManyRequests || status >= 500 }
