package httpcore

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request is one call.
type Request struct {
	// Method is GET unless set.
	Method string
	// URL is the endpoint; Query is added to its query.
	URL   string
	Query url.Values
	// Form, when not nil, is sent as an application/x-www-form-urlencoded body.
	Form url.Values
	// Body, when Form is nil, is sent as it is; Header has its Content-Type.
	Body []byte
	// Authorization is the header of that name; empty sends none. What follows its scheme is a secret of the call.
	Authorization string
	// Header is sent too. With If-None-Match or If-Modified-Since, a 304 is a reply like others.
	Header http.Header
	// Accept is the Accept header; empty means application/json.
	Accept string
	// Secrets are replaced in every error of this call, and in Reply.Clean.
	Secrets []string
	// MoreSecrets, when not nil, has more of them. It is asked for an error only.
	MoreSecrets Secretive
	// Once stops the Transport from sending the request again when a kept connection breaks after it was sent: a
	// ticket may already be used.
	Once bool
	// AllowHTML accepts a reply that is labelled text/html: some servers label every reply like this.
	AllowHTML bool
	// AnyBody accepts every 2xx reply, for a call whose result is the status: also a body that is labelled text/html,
	// is too long or ends with an error. Then Reply may have only a part of it.
	AnyBody bool
	// Read, when set, gets the body of a 200 while it comes, within the limit; Reply has no Body then. An error of its
	// own is the error of Do. With Retry it may be called again for another reply.
	Read func(body io.Reader) error
	// Retry repeats the call after a temporary failure. It is only for discovery, keys and metadata: a code or ticket
	// is sent once.
	Retry bool
}

// Reply is a response with its complete body.
type Reply struct {
	Method     string // of the call
	StatusCode int
	Header     http.Header
	Body       string
	// RetryAfter is the Retry-After header of a 429 or 503, at most Config.MaxRetryAfter.
	RetryAfter time.Duration

	raw  []byte
	url  *url.URL
	sent secrets
}

// Bytes is Body in memory of its own, for a function that takes bytes.
func (r *Reply) Bytes() []byte { return r.raw }

// URL is the address of the call, without its query.
func (r *Reply) URL() string { return address(r.url) }

// Clean is the function Clean with the secrets of the call: for text of this reply in an error.
func (r *Reply) Clean(text string) string { return Clean(text, r.sent.all()...) }

// CleanWord is the function CleanWord with the secrets of the call.
func (r *Reply) CleanWord(word string) string { return CleanWord(word, r.sent.all()...) }

// OK reports whether the status is 2xx.
func (r *Reply) OK() bool { return r.StatusCode/100 == 2 }

// HTML reports whether the reply is labelled as a page.
func (r *Reply) HTML() bool { return isHTML(r.Header) }

// Do sends r and reads the reply. A redirect, a reply over the limit and an HTML page with a 2xx status, unless
// AllowHTML or AnyBody is set, are errors: errors.Is(err, Redirect), TooLarge, HTML. When the context ended, the
// error wraps the context's error.
func (c *Client) Do(ctx context.Context, r *Request) (*Reply, error) {
	if c == nil {
		return nil, errors.New("the HTTP client is nil")
	}
	if ctx == nil {
		return nil, errors.New("the context is nil")
	}
	if r.Retry {
		return c.retry(ctx, r)
	}
	return c.once(ctx, r)
}

// once calls the Transport directly: an http.Client would only add redirects and cookies, which must not happen here.
func (c *Client) once(ctx context.Context, r *Request) (*Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil { // a custom RoundTripper may ignore it
		return nil, c.fail(ctx, req, r, context.Cause(ctx))
	}
	if r.Once && req.Body == nil {
		req = sendOnce(req)
	}
	res, err := c.send(req)
	if err != nil {
		return nil, c.fail(ctx, req, r, err)
	}
	defer res.Body.Close()
	if r.Read != nil && res.StatusCode == http.StatusOK && (r.AllowHTML || !isHTML(res.Header)) {
		return c.stream(ctx, req, r, res)
	}
	body, err := c.readBody(res)
	answered := r.AnyBody && res.StatusCode/100 == 2 && ctx.Err() == nil
	switch {
	case answered:
	case err != nil:
		return nil, c.fail(ctx, req, r, err)
	case isRedirect(res, r.Header):
		return nil, c.fail(ctx, req, r, redirected(req, res, r.secrets()))
	case res.StatusCode/100 == 2 && !r.AllowHTML && isHTML(res.Header):
		return nil, c.fail(ctx, req, r, own("status %d with %w", res.StatusCode, HTML))
	}
	return c.newReply(req, r, res, body), nil
}

func (c *Client) newReply(req *http.Request, r *Request, res *http.Response, body []byte) *Reply {
	return &Reply{
		Method: req.Method, StatusCode: res.StatusCode, Header: res.Header, Body: string(body), RetryAfter: retryAfter(res, c.maxRetryAfter),
		raw: body, url: req.URL, sent: secrets{r.Authorization, r.Secrets, r.MoreSecrets},
	}
}

// send returns a response; the caller must read and close its body.
func (c *Client) send(req *http.Request) (*http.Response, error) {
	res, err := c.transport.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case res == nil || res.Body == nil:
		return nil, own("the RoundTripper returned no response")
	case res.StatusCode < 200:
		// The body of a 101 is the connection itself, and reading it does not end with the context.
		_ = res.Body.Close()
		return nil, own("status %d is not an answer", res.StatusCode)
	}
	return res, nil
}

// isRedirect accepts a 304 only as the response to a request with a condition in asked (RFC 9110 §13.1.2, §13.1.3).
func isRedirect(res *http.Response, asked http.Header) bool {
	conditional := asked.Get("If-None-Match") != "" || asked.Get("If-Modified-Since") != ""
	return res.StatusCode/100 == 3 && !(res.StatusCode == http.StatusNotModified && conditional)
}

func isHTML(h http.Header) bool {
	// Not mime.ParseMediaType: a page with a malformed parameter is still a page.
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "text/html" || media == "application/xhtml+xml"
}
