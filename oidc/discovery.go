package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const discoveryDeadline = 30 * time.Second

// Metadata returns the server's metadata, and discovers it when that was not done yet (OpenID Connect
// Discovery §4). A failure is not remembered: the next call tries again.
func (c *Client) Metadata(ctx context.Context) (*Metadata, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	return clone(s.meta), nil
}

var errNoContext = errors.New("oidc: the context is nil")

func (c *Client) resolve(ctx context.Context) (*server, error) {
	if ctx == nil {
		return nil, errNoContext
	}
	if s := c.server.Load(); s != nil {
		return s, nil
	}
	return c.discovery.Do(ctx, discoveryDeadline, func(ctx context.Context) (*server, error) {
		if s := c.server.Load(); s != nil {
			return s, nil
		}
		m, err := c.discover(ctx)
		if err != nil {
			return nil, fmt.Errorf("oidc: discovery: %w", err)
		}
		s, err := c.newServer(m)
		if err == nil {
			c.server.Store(s)
		}
		return s, err
	})
}

func (c *Client) discover(ctx context.Context) (*Metadata, error) {
	reply, err := c.http.Do(ctx, &httpcore.Request{
		URL: strings.TrimSuffix(c.cfg.Issuer, "/") + "/.well-known/openid-configuration", Retry: true,
	})
	if err != nil {
		return nil, err
	}
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w, want 200: is the issuer right?", reply.StatusError())
	}
	m, err := parseMetadata(reply.Body)
	if err != nil {
		return nil, err
	}
	return m, sameIssuer(c.cfg.Issuer, m.Issuer)
}

// sameIssuer is exact (OpenID Connect Discovery §4.3): a server that may speak for its neighbour's
// issuer may speak for its neighbour's users.
func sameIssuer(want, got string) error {
	if want == got {
		return nil
	}
	hint := ""
	if strings.TrimSuffix(want, "/") == strings.TrimSuffix(got, "/") {
		hint = " (they differ in the trailing slash only: write it as the server does)"
	}
	if got == "" {
		return errors.New("the document has no issuer")
	}
	return fmt.Errorf("the document's issuer is %q, want %q%s", httpcore.Clean(got), want, hint)
}
