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

const (
	discoveryDeadline = 30 * time.Second
	metadataFresh     = 24 * time.Hour
	metadataCoolDown  = time.Minute // between refreshes that fail
)

// Metadata returns the server's metadata, and discovers it at the first call (OpenID Connect Discovery §4). A failure
// is not kept: the next call tries again.
//
// Discovered metadata is refreshed once a day, by the next call that needs it. While a refresh fails, the old
// metadata stays in use. When the new document was refused, for example for another issuer, Metadata returns that
// error.
func (c *Client) Metadata(ctx context.Context) (*Metadata, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	c.renewal.Lock()
	defer c.renewal.Unlock()
	if err := c.renewal.failure; err != nil && !httpcore.NoAnswer(err) {
		return nil, err
	}
	return clone(s.meta), nil
}

var errNoContext = errors.New("oidc: the context is nil")

// resolve returns the server that the metadata describes. Metadata that is a day old is discovered again; the wait
// for it is no longer than for keys.
func (c *Client) resolve(ctx context.Context) (*server, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if ctx == nil {
		return nil, errNoContext
	}
	s := c.server.Load()
	if s != nil && !c.isDue(s) {
		return s, nil
	}
	run := c.discovery.Start(ctx, discoveryDeadline, func(ctx context.Context) (*server, error) {
		return c.rediscover(ctx, s)
	})
	if s == nil {
		return run.Wait(ctx)
	}
	patience, cancel := context.WithTimeout(ctx, keysPatience)
	defer cancel()
	if fresh, err := run.Wait(patience); err == nil {
		return fresh, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c.renewal.Lock()
	defer c.renewal.Unlock()
	c.renewal.tried = c.cfg.Now()
	return s, nil
}

func (c *Client) isDue(s *server) bool {
	now := c.cfg.Now()
	if age := now.Sub(s.fetched); s.fetched.IsZero() || 0 <= age && age < metadataFresh {
		return false
	}
	c.renewal.Lock()
	defer c.renewal.Unlock()
	since := now.Sub(c.renewal.tried)
	return c.renewal.tried.IsZero() || since < 0 || since >= metadataCoolDown
}

// rediscover replaces the server, unless another caller did so after seen was read.
func (c *Client) rediscover(ctx context.Context, seen *server) (*server, error) {
	if s := c.server.Load(); s != seen {
		return s, nil
	}
	s, err := c.discover(ctx, seen)
	if err == nil {
		c.server.Store(s)
	}
	c.renewal.Lock()
	defer c.renewal.Unlock()
	if c.renewal.failure = err; err != nil {
		c.renewal.tried = c.cfg.Now()
	}
	return s, err
}

func (c *Client) discover(ctx context.Context, old *server) (*server, error) {
	m, err := c.fetchMetadata(ctx)
	if err != nil {
		return nil, fmt.Errorf("oidc: discovery: %w", err)
	}
	c.cfg.Endpoints.over(m)
	if old != nil {
		if err := keeps(old.meta, m); err != nil {
			return nil, fmt.Errorf("oidc: discovery: %w", err)
		}
	}
	s, err := c.newServer(m, old)
	if err != nil {
		return nil, err
	}
	s.fetched = c.cfg.Now()
	return s, nil
}

// keeps refuses a refreshed document that has lost an address which logins need. Such a document is incomplete or of
// another kind, and every login would fail until the next day.
func keeps(old, m *Metadata) error {
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri"} {
		if old.endpoint(name) != "" && m.endpoint(name) == "" {
			return fmt.Errorf("the refreshed document has no %s, which it had before", name)
		}
	}
	return nil
}

func (c *Client) fetchMetadata(ctx context.Context) (*Metadata, error) {
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
		return nil, fmt.Errorf("%s: %w", reply.URL, err)
	}
	return m, sameIssuer(c.issuer.name, m.Issuer)
}

// sameIssuer is exact (OpenID Connect Discovery §4.3): a server that may use another server's issuer could log in
// that server's users.
func sameIssuer(want, got string) error {
	if want == got {
		return nil
	}
	hint := ""
	if strings.TrimSuffix(want, "/") == strings.TrimSuffix(got, "/") {
		hint = " (they differ only in the trailing slash: use the server's spelling)"
	}
	if strings.ContainsAny(got, "{}") {
		hint = " (it has a placeholder for a tenant: use IssuerFamily)"
	}
	return fmt.Errorf("the document's issuer is %q, want %q%s", httpcore.Clean(got), want, hint)
}
