package httpcore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Refusal is a reply that was not taken. It is an error, for errors.Is.
type Refusal string

const (
	Redirect Refusal = "refused a redirect"
	TooLarge Refusal = "the reply is too large"
	HTML     Refusal = "an HTML page (text/html): is the address right, is a proxy in the way?"
)

// Error is the text.
func (r Refusal) Error() string { return string(r) }

// callError is a call that brought no answer that could be taken. Its text names method and address without the query. The
// cause is there for errors.Is and errors.As alone, as its own text was not cleaned.
type callError struct {
	text  string
	cause error
}

func (e *callError) Error() string        { return e.text }
func (e *callError) Is(target error) bool { return errors.Is(e.cause, target) }
func (e *callError) As(target any) bool   { return errors.As(e.cause, target) }

func (c *Client) fail(ctx context.Context, req *http.Request, r *Request, err error) error {
	// *url.Error prints the URL with its query, where tickets and tokens may stand.
	for {
		var ue *url.Error
		if !errors.As(err, &ue) {
			break
		}
		if err = ue.Err; err == nil {
			err = errors.New("failed without a reason")
		}
	}
	if end := ctx.Err(); end != nil && !errors.Is(err, end) {
		err = fmt.Errorf("%w: %w", end, err)
	}
	return &callError{
		text:  fmt.Sprintf("%s %s: %s", req.Method, address(req.URL), Clean(err.Error(), r.Secrets...)),
		cause: err,
	}
}

// redirected names where a redirect would have led, as far as its origin: path and query may hold what was sent.
func redirected(req *http.Request, res *http.Response) error {
	to := res.Header.Get("Location")
	if to == "" {
		return fmt.Errorf("%w (status %d)", Redirect, res.StatusCode)
	}
	u, err := req.URL.Parse(to)
	if err != nil {
		return fmt.Errorf("%w (status %d) to what is no URL", Redirect, res.StatusCode)
	}
	return fmt.Errorf("%w (status %d) to %s", Redirect, res.StatusCode, (&url.URL{Scheme: u.Scheme, Host: u.Host}).String())
}

// address is u without user information, query and fragment.
func address(u *url.URL) string {
	bare := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return bare.String()
}
