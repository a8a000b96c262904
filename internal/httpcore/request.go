package httpcore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/query"
)

func (c *Client) newRequest(ctx context.Context, r *Request) (*http.Request, error) {
	method, target := r.Method, r.URL
	if method == "" {
		method = http.MethodGet
	}
	if len(r.Query) > 0 {
		target = withQuery(target, r.Query)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, nil)
	if err != nil {
		return nil, errors.New("the endpoint is not a URL")
	}
	if err := c.check(req.URL); err != nil {
		return nil, fmt.Errorf("endpoint %s %w", address(req.URL), err)
	}
	if err := c.setHeader(req.Header, r); err != nil {
		return nil, err
	}
	switch {
	case r.Form != nil:
		setBody(req, query.Form(r.Form))
	case r.Body != nil:
		setBody(req, string(r.Body))
	}
	return req, nil
}

// setHeader copies the values: a RoundTripper that appends must not change headers that calls share.
func (c *Client) setHeader(header http.Header, r *Request) error {
	n := 3
	for _, values := range c.header {
		n += len(values)
	}
	for _, values := range r.Header {
		n += len(values)
	}
	all := make([]string, 0, n) // one array for the values of every name
	set := func(name string, values ...string) {
		all = append(all, values...)
		end := len(all)
		header[name] = all[end-len(values) : end : end]
	}
	for _, h := range [...]http.Header{c.header, r.Header} {
		for name, values := range h {
			if !validName(name) || !allValid(values) {
				return fmt.Errorf("header %s has a value with control characters", Clean(name))
			}
			set(http.CanonicalHeaderKey(name), values...)
		}
	}
	if r.Authorization != "" {
		if !validValue(r.Authorization) {
			return errors.New("header Authorization has a value with control characters")
		}
		set("Authorization", r.Authorization)
	}
	if r.Accept == "" {
		set("Accept", "application/json")
	} else {
		set("Accept", r.Accept)
	}
	if r.Form != nil {
		set("Content-Type", "application/x-www-form-urlencoded")
	}
	return nil
}

func withQuery(target string, q url.Values) string {
	sep := "?"
	if strings.Contains(target, "?") {
		sep = "&"
	}
	return target + sep + query.Form(q)
}
