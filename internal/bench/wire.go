package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const callback = "https://app.example/auth/callback"

// wire is a transport that answers every request from memory: with the body of its path, or else with body.
type wire struct {
	body  []byte
	paths map[string][]byte
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	body := w.body
	if other := w.paths[r.URL.Path]; other != nil {
		body = other
	}
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(body)),
		Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	}, nil
}

// do is a call that reads nothing.
func do(c *http.Client, method, target, body string) error {
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.Do(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return errors.Join(err, res.Body.Close())
}

func endpoints() oauth.Endpoints {
	return oauth.Endpoints{
		Authorization: issuer + "/auth", Token: issuer + "/token", UserInfo: issuer + "/me",
		Introspection: issuer + "/token/introspection", Revocation: issuer + "/token/revocation",
	}
}
