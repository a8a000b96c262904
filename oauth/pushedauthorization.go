package oauth

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/query"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// PushedAuthorization says when an authorization request is pushed (RFC 9126): the client sends its parameters to the
// server itself, authenticated, and the browser gets only client_id and a request_uri that stands for them. Nobody on the
// way through the browser can then read or change a parameter.
//
// BuildAuthorizeUrl and BeginLogin push, so they cost one request each, and what the server refuses there is an *Error. The
// address is for one browser and one use, for the short time that the server chose: begin a new login for each.
type PushedAuthorization int

const (
	// PushWhenRequired pushes where the server's metadata has require_pushed_authorization_requests (RFC 9126 §5).
	PushWhenRequired PushedAuthorization = iota
	// PushAlways pushes each request. A server without the endpoint is an error. It is for a client that is registered with
	// require_pushed_authorization_requests, which no metadata of the server says (RFC 9126 §6): Config.Registered sets it.
	PushAlways
	// PushNever pushes no request. A server that requires it is an error.
	PushNever
	// pushRefused is PushNever at a server that requires it.
	pushRefused
)

// takePushed replaces PushWhenRequired by what the metadata requires.
func (c *Config) takePushed(*httpcore.Client) error {
	switch {
	case c.PushedAuthorization < PushWhenRequired || c.PushedAuthorization > PushNever:
		return fmt.Errorf("oauth: unknown PushedAuthorization %d", c.PushedAuthorization)
	case c.MaxPushedLifetime < 0:
		return errors.New("oauth: MaxPushedLifetime is negative")
	case c.PushedAuthorization == PushAlways && c.RequestObject != nil && c.RequestObject.Host != nil:
		return errors.New("oauth: PushAlways and RequestObject.Host contradict each other: a pushed request must not have a request_uri (RFC 9126 §2.1)")
	case c.Metadata == nil || !c.Metadata.RequirePushedAuthorizationRequests:
	case c.PushedAuthorization == PushNever:
		c.PushedAuthorization = pushRefused
	default:
		c.PushedAuthorization = PushAlways
	}
	return nil
}

// pushes reports whether requests are pushed, or why they cannot be made.
func (c *Client) pushes() (bool, error) {
	switch c.cfg.PushedAuthorization {
	case pushRefused:
		return false, errors.New("oauth: the server's metadata has require_pushed_authorization_requests, and PushedAuthorization is PushNever")
	case PushAlways:
		return true, c.needEndpoint("PushedAuthorization", c.cfg.Endpoints.PushedAuthorization)
	}
	return false, nil
}

// push sends the parameters, of which client_id is the first, and returns those of the address (RFC 9126 §2, §4).
func (c *Client) push(ctx context.Context, params []query.Param, extra url.Values) ([]query.Param, error) {
	form := make(url.Values, len(params)+len(extra))
	for _, p := range params {
		if p.Value != "" {
			form.Add(p.Name, p.Value)
		}
	}
	for name, values := range extra {
		for _, value := range values {
			if value != "" {
				form.Add(name, value)
			}
		}
	}
	a, members, err := c.postProven(ctx, c.cfg.Endpoints.PushedAuthorization, c.cfg.TokenAuth, form, nil)
	if err != nil {
		return nil, err
	}
	requestURI, err := c.readPushed(&a, members)
	if err != nil {
		return nil, httpcore.Unusable(fmt.Errorf("oauth: pushed authorization reply: %w", err))
	}
	return append(params[:1:1], query.Param{Name: "request_uri", Value: requestURI}), nil
}

// maxPushedURI is more than the 512 characters of RFC 9101 §5.2: a server that keeps nothing has the whole request in it.
const maxPushedURI = 8 << 10

// readPushed reads the reply (RFC 9126 §2.2).
func (c *Client) readPushed(a *answer, members []strictjson.Member) (requestURI string, err error) {
	if a.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("the status is %d, want 201 (from %s)", a.StatusCode, a.URL())
	}
	if a.err != nil {
		return "", a.err
	}
	var lifetime int64
	for _, m := range members {
		switch m.Name {
		case "request_uri":
			err = readString(m.Value, &requestURI)
		case "expires_in":
			lifetime, err = readPushedLifetime(m.Value)
		}
		if err != nil {
			return "", fmt.Errorf("%s %w", m.Name, err)
		}
	}
	most := c.cfg.MaxPushedLifetime
	switch {
	case requestURI == "":
		return "", errors.New("request_uri is missing or empty")
	case lifetime == 0:
		return "", errors.New("expires_in is missing")
	case most > 0 && lifetime > int64(most/time.Second):
		return "", fmt.Errorf("expires_in is %d seconds, and MaxPushedLifetime is %s", lifetime, most)
	}
	return requestURI, c.checkRequestURI(requestURI, maxPushedURI)
}

// readPushedLifetime accepts a positive number; one that no int64 has counts as the largest.
func readPushedLifetime(v strictjson.Value) (int64, error) {
	seconds, ok := v.Int64()
	switch {
	case v.Kind() == strictjson.Null:
		return 0, nil
	case v.Kind() != strictjson.Number:
		return 0, errors.New("is not a number of seconds")
	case strings.HasPrefix(v.Raw(), "-") || ok && seconds == 0:
		return 0, errors.New("is not positive")
	case !ok:
		return math.MaxInt64, nil
	}
	return seconds, nil
}
