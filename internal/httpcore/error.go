package httpcore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
)

// Refusal is why a reply was not accepted. It is an error, for errors.Is.
type Refusal string

const (
	Redirect Refusal = "refused a redirect"
	TooLarge Refusal = "the reply is too large"
	HTML     Refusal = "an HTML page (text/html): is the address right, is a proxy in the way?"
)

// Error is the text.
func (r Refusal) Error() string { return string(r) }

// callError is a call without a usable answer. Its text has the method and the address without the query. The cause
// is only for errors.Is and errors.As, because its own text is not cleaned.
type callError struct {
	text  string
	cause error
}

func (e *callError) Error() string        { return e.text }
func (e *callError) Is(target error) bool { return errors.Is(e.cause, target) }
func (e *callError) As(target any) bool   { return errors.As(e.cause, target) }

// ownError is an error whose text is from this library.
type ownError struct{ error }

func (e ownError) Unwrap() error { return e.error }

func own(format string, args ...any) error { return ownError{fmt.Errorf(format, args...)} }

func (c *Client) fail(ctx context.Context, req *http.Request, r *Request, err error) error {
	err = withoutURL(err)
	text := words(err, r.secrets())
	if end := ctx.Err(); end != nil && !errors.Is(err, end) {
		text = end.Error() + ": " + text
		err = fmt.Errorf("%w: %w", end, err)
	}
	return &callError{text: fmt.Sprintf("%s %s: %s", req.Method, address(req.URL), text), cause: err}
}

// withoutURL unwraps *url.Error, which prints the URL with its query, where tickets and tokens may be.
func withoutURL(err error) error {
	for {
		var ue *url.Error
		if !errors.As(err, &ue) {
			return err
		}
		if err = ue.Err; err == nil {
			return errors.New("failed without a reason")
		}
	}
}

// words is the text of err. Texts of this library and of the network stay unchanged; any other text is cleaned,
// because it may quote the server.
func words(err error, secrets []string) string {
	if _, ours := err.(ownError); ours {
		return err.Error()
	}
	if ofNetwork(err) {
		return Clean(err.Error())
	}
	text := Clean(err.Error(), secrets...)
	if text == hidden {
		return fmt.Sprintf("the call failed (%T)", err)
	}
	return text
}

// ofNetwork reports whether err comes from below HTTP, where nothing of a request is quoted.
func ofNetwork(err error) bool {
	switch e := err.(type) {
	case *net.OpError:
		return e.Err == nil || ofNetwork(e.Err)
	case *os.SyscallError:
		return e.Err == nil || ofNetwork(e.Err)
	case *tls.CertificateVerificationError:
		return e.Err == nil || ofNetwork(e.Err)
	case *net.DNSError, *net.AddrError, syscall.Errno, tls.AlertError, x509.UnknownAuthorityError, x509.CertificateInvalidError, x509.HostnameError:
		return true
	}
	return err == io.EOF || err == io.ErrUnexpectedEOF || err == net.ErrClosed || err == context.Canceled || err == context.DeadlineExceeded ||
		err == os.ErrDeadlineExceeded
}

func (c *Client) tooLarge() error {
	return own("%w: over %d bytes (%s)", TooLarge, c.maxReply, c.limitField)
}

// redirected names the origin of a redirect's target: its path and query may contain what was sent.
func redirected(req *http.Request, res *http.Response, secrets []string) error {
	to := res.Header.Get("Location")
	if to == "" {
		return own("%w (status %d)", Redirect, res.StatusCode)
	}
	u, err := req.URL.Parse(to)
	if err != nil {
		return own("%w (status %d) to a text that is not a URL", Redirect, res.StatusCode)
	}
	origin := url.URL{Scheme: u.Scheme, Host: u.Host}
	return own("%w (status %d) to %s", Redirect, res.StatusCode, Clean(origin.String(), secrets...))
}

// address is u without user information, query and fragment.
func address(u *url.URL) string {
	if u == nil {
		return "without a URL"
	}
	bare := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return bare.String()
}
