package oidc

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Metadata returns the server's metadata, and discovers it at the first call (OpenID Connect Discovery §4, RFC 8414
// §3). Addresses that Config.Endpoints or mutual TLS replaces are replaced there too. A document that was refused is an
// *oauth.DiscoveryError. A failure is kept for one second, then the next call tries again.
//
// Discovered metadata is refreshed once a day, by the next call that needs it. While a refresh fails, the old
// metadata stays in use. When the new document was refused, for example for another issuer, Metadata returns that
// error. Each call reads the document again, so keep the result where it is needed often.
func (c *Client) Metadata(ctx context.Context) (*Metadata, error) {
	s, err := c.resolve(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.servers.Failure(); err != nil && !httpcore.NoAnswer(err) {
		return nil, err
	}
	return s.oauth.Metadata(ctx)
}

var errNoContext = errors.New("oidc: the context is nil")

// resolve returns the server that the metadata describes.
func (c *Client) resolve(ctx context.Context) (*server, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if ctx == nil {
		return nil, errNoContext
	}
	return c.servers.Get(ctx)
}

// meet fetches the document and makes the server that it describes.
func (c *Client) meet(ctx context.Context, old *server, calm bool) (*server, error) {
	m, err := c.fetchMetadata(ctx, calm)
	if err != nil {
		return nil, err
	}
	s, err := c.newServer(m, old)
	if err != nil {
		return nil, err
	}
	s.discovered = c.cfg.Endpoints.Token == ""
	if old != nil {
		if lost := lost(old, s); lost != "" {
			return nil, refuseDiscovery(oauth.DiscoveryMissing, "the refreshed document has no "+lost+", which it had before", nil)
		}
	}
	return s, nil
}

// lost names an address that a refreshed document does not have any more, and without which every login would fail
// until the next day: such a document is incomplete, or of another kind.
func lost(old, s *server) string {
	switch {
	case old.authorization != "" && s.authorization == "":
		return "authorization_endpoint"
	case old.token != "" && s.token == "":
		return "token_endpoint"
	case old.jwks != "" && s.jwks == "":
		return "jwks_uri"
	case old.canPush && s.mustPush && !s.canPush:
		return "pushed_authorization_request_endpoint"
	}
	return ""
}

// place is where package oidc looks.
func place(d oauth.Discovery) (discovery.Place, error) {
	switch d {
	case oauth.DiscoverAny:
		return discovery.OpenIDFirst, nil
	case oauth.DiscoverOpenID:
		return discovery.OpenID, nil
	case oauth.DiscoverOAuth:
		return discovery.OAuth, nil
	}
	return 0, fmt.Errorf("oidc: unknown Discovery %d", d)
}

func (c *Client) fetchMetadata(ctx context.Context, calm bool) (*Metadata, error) {
	where, err := place(c.cfg.Discovery)
	if err != nil {
		return nil, err
	}
	r := discovery.Request{HTTP: c.http, URLs: where.URLs(c.cfg.Issuer), Ask: httpcore.Request{Retry: calm}, Refuse: refused}
	reply, err := r.Fetch(ctx)
	var refusal *oauth.DiscoveryError
	switch {
	case errors.As(err, &refusal):
		return nil, refusal
	case err != nil:
		return nil, fmt.Errorf("oidc: discovery: %w", err)
	}
	m, err := oauth.ParseMetadata(reply.Bytes())
	if errors.As(err, &refusal) {
		return nil, refuseDiscovery(refusal.Check, reply.URL()+": "+refusal.Detail, refusal.Err)
	}
	if err != nil {
		return nil, err
	}
	if differ := discovery.SameIssuer(c.issuer.name, m.Issuer); differ != "" {
		return nil, refuseDiscovery(oauth.DiscoveryIssuer, differ, nil)
	}
	return m, nil
}

func refuseDiscovery(check oauth.DiscoveryCheck, detail string, cause error) error {
	return &oauth.DiscoveryError{Check: check, Detail: detail, Err: cause}
}

// refused is the Refuse of package discovery.
func refused(check discovery.Check, detail string, cause error) error {
	if check == discovery.Status {
		detail += ": is the issuer right?"
	}
	return refuseDiscovery(oauth.DiscoveryCheck(check), detail, cause)
}
