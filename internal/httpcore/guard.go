package httpcore

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// HTTPClient returns an http.Client for code outside this library: every request goes to https, or http to loopback
// hosts (InsecureAllowHTTP lifts this), follows no redirect, has and keeps no cookie, ends at the timeout, and gives
// a body of at most MaxReply bytes. A redirect and a long body are errors: errors.Is(err, Redirect), TooLarge. New
// removes the guard and refuses the same things itself, so that no request is checked twice; its MaxReply may be
// larger.
func (c *Client) HTTPClient() *http.Client {
	return &http.Client{
		Transport: &guard{c}, Timeout: c.timeout,
		// The guard refuses redirects before. This is for a client whose Transport was replaced.
		CheckRedirect: func(*http.Request, []*http.Request) error { return Redirect },
	}
}

// guard is the Transport of HTTPClient.
type guard struct{ client *Client }

// Shared returns an http.Client for the Config of another client of this library with the same rules: New then returns c
// itself, with its Header and its limits, so the other fields of that Config must not be set.
func (c *Client) Shared() *http.Client { return &http.Client{Transport: &shared{guard{c}}} }

type shared struct{ guard }

// RoundTrip refuses the same requests as Do before anything is sent, and checks the status as Do does.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	fail := func(ctx context.Context, err error) error { return g.client.fail(ctx, req, &Request{}, err) }
	if err := g.client.check(req.URL); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, fmt.Errorf("endpoint %s %w", address(req.URL), err)
	}
	ctx, cancel := context.WithTimeout(req.Context(), g.client.timeout)
	res, err := g.client.send(req.WithContext(ctx))
	if err == nil && isRedirect(res, req.Header) {
		_ = res.Body.Close()
		err = redirected(req, res, nil)
	}
	if err != nil {
		err = fail(ctx, err)
		cancel()
		return nil, err
	}
	res.Body = &boundedBody{
		body: res.Body, left: g.client.maxReply, cancel: cancel,
		fail: func(err error) error { return fail(ctx, err) },
		over: g.client.tooLarge(),
	}
	return res, nil
}

// boundedBody is a body that ends with an error at its limit, and frees the request's context at its end.
type boundedBody struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
	fail   func(error) error
	over   error
	err    error
}

// Read reads one byte more than is left, to distinguish a long body from one that just fits.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	if int64(len(p))-1 > b.left {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	switch {
	case int64(n) > b.left:
		n, b.err = int(b.left), b.fail(b.over)
	case err == io.EOF:
		b.err = err
	case err != nil:
		b.err = b.fail(err)
	}
	b.left -= int64(n)
	if b.err != nil {
		b.cancel()
	}
	return n, b.err
}

// Close also ends a request whose body was not read to its end.
func (b *boundedBody) Close() error {
	defer b.cancel()
	return b.body.Close()
}
