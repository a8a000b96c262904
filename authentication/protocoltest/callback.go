package protocoltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
)

// callback is a browser's request that can be changed, and sent several times.
type callback struct {
	method string
	url    url.URL
	header http.Header
	query  url.Values
	form   url.Values // nil when there is no body
}

func record(r *http.Request) (*callback, error) {
	if r.URL == nil || r.URL.Host == "" {
		return nil, errors.New("the walk's request has no absolute URL")
	}
	c := &callback{method: r.Method, url: *r.URL, header: r.Header.Clone(), query: r.URL.Query()}
	if c.method == "" {
		c.method = http.MethodGet
	}
	c.url.Fragment, c.url.RawFragment = "", "" // it never leaves the browser
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, fmt.Errorf("the walk's request: %w", err)
		}
		if len(body) > 0 {
			if c.form, err = url.ParseQuery(string(body)); err != nil {
				return nil, fmt.Errorf("the walk's request is no form: %w", err)
			}
		}
	}
	return c, nil
}

// request is what the application's handler gets.
func (c *callback) request(ctx context.Context) *http.Request {
	target := c.url
	target.RawQuery = c.query.Encode()
	var body io.Reader
	if c.form != nil {
		body = bytes.NewReader([]byte(c.form.Encode()))
	}
	r := httptest.NewRequestWithContext(ctx, c.method, target.String(), body)
	for name, values := range c.header {
		r.Header[name] = values
	}
	if c.form != nil && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// with returns a copy with changed values.
func (c *callback) with(change func(value string) string) *callback {
	each := func(values url.Values) url.Values {
		if values == nil {
			return nil
		}
		changed := url.Values{}
		for name, list := range values {
			for _, v := range list {
				changed.Add(name, change(v))
			}
		}
		return changed
	}
	next := *c
	next.query, next.form = each(c.query), each(c.form)
	return &next
}

// repeated returns copies in which a parameter appears twice: with the same value, or with another before or after
// it.
func (c *callback) repeated() map[string]*callback {
	all := map[string]*callback{}
	each := func(from url.Values, put func(*callback, url.Values)) {
		for name, list := range from {
			if len(list) != 1 {
				continue
			}
			for how, values := range map[string][]string{
				"twice": {list[0], list[0]}, "and another": {list[0], "another"}, "behind another": {"another", list[0]},
			} {
				next, changed := *c, maps.Clone(from)
				changed[name] = values
				put(&next, changed)
				all[fmt.Sprintf("a callback with %q %s", name, how)] = &next
			}
		}
	}
	each(c.query, func(next *callback, v url.Values) { next.query = v })
	each(c.form, func(next *callback, v url.Values) { next.form = v })
	return all
}

// empty returns a copy without parameters.
func (c *callback) empty() *callback {
	next := *c
	next.query = url.Values{}
	if c.form != nil {
		next.form = url.Values{}
	}
	return &next
}

// values are all values in the browser's request.
func (c *callback) values() []string {
	var all []string
	for _, part := range []url.Values{c.query, c.form} {
		for _, list := range part {
			all = append(all, list...)
		}
	}
	return all
}
