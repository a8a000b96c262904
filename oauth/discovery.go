package oauth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Discovery chooses the document in which a server describes itself. Both have the same members, so a server needs
// only one of them (RFC 8414 §5).
type Discovery int

const (
	// DiscoverAny asks for both documents, for the second one on a 404 alone. Package oidc asks first for OpenID
	// Connect's, package oauth first for that of RFC 8414.
	DiscoverAny Discovery = iota
	// DiscoverOpenID asks for .well-known/openid-configuration alone (OpenID Connect Discovery §4).
	DiscoverOpenID
	// DiscoverOAuth asks for .well-known/oauth-authorization-server alone (RFC 8414 §3).
	DiscoverOAuth
)

// found is what a client with discovery has.
type found struct {
	config  Config  // as it was given
	offline *Client // has no endpoints; finds the caller's mistakes without sending anything
	urls    []string
	cache   discovery.Cache[Client]
}

// discover prepares c, a client without endpoints, for discovery. It sends nothing.
func (c *Client) discover(given Config) error {
	place, ok := map[Discovery]discovery.Place{
		DiscoverAny: discovery.OAuthFirst, DiscoverOpenID: discovery.OpenID, DiscoverOAuth: discovery.OAuth,
	}[given.Discovery]
	if !ok {
		return fmt.Errorf("oauth: unknown Discovery %d", given.Discovery)
	}
	if err := c.http.CheckURL("Issuer", given.Issuer); err != nil {
		return fmt.Errorf("oauth: %w", err)
	}
	if strings.Contains(given.Issuer, "?") {
		return errors.New("oauth: Issuer must not have a query (RFC 8414 §2)")
	}
	offline, cfg := *c, *c.cfg
	cfg.RequestObject = nil // a check before discovery must sign and keep nothing
	offline.cfg = &cfg
	c.found = &found{config: given, offline: &offline, urls: place.URLs(given.Issuer)}
	c.found.cache.Make, c.found.cache.Now = c.meet, c.cfg.Now
	return nil
}

// Metadata returns the server's metadata, and discovers it at the first call (RFC 8414 §3). Addresses that the
// configuration or mutual TLS replaces are replaced there too. A document that was refused is a *DiscoveryError. A
// failure is kept for one second, then the next call tries again.
//
// Discovered metadata is refreshed once a day, by the next call that needs it. While a refresh fails, the old
// metadata stays in use. When the new document was refused, for example for another issuer, Metadata returns that
// error. Each call reads the document again, so keep the result where it is needed often. With configured Endpoints
// there is no metadata: that error matches errors.ErrUnsupported.
func (c *Client) Metadata(ctx context.Context) (*Metadata, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if c.found != nil {
		s, err := c.resolve(ctx)
		if err != nil {
			return nil, err
		}
		if err := c.found.cache.Failure(); err != nil && !httpcore.NoAnswer(err) {
			return nil, err
		}
		return s.metadata()
	}
	if c.server == nil {
		return nil, fmt.Errorf("oauth: Config has neither Metadata nor an Issuer without Endpoints: %w", errors.ErrUnsupported)
	}
	return c.metadata()
}

// resolve returns the client of the discovered server.
func (c *Client) resolve(ctx context.Context) (*Client, error) {
	if ctx == nil {
		return nil, errors.New("oauth: the context is nil")
	}
	return c.found.cache.Get(ctx)
}

// via runs f with the client of the discovered server. Before that f runs with a client that has no endpoints: so a
// mistake of the caller, or a result that needs no server, comes without discovery.
func via[T any](ctx context.Context, c *Client, f func(*Client) (T, error)) (T, error) {
	if t, err := f(c.found.offline); !errors.Is(err, errors.ErrUnsupported) {
		return t, err
	}
	s, err := c.resolve(ctx)
	if err != nil {
		var zero T
		return zero, err
	}
	return f(s)
}

// meet fetches the document and makes the client of that server. Results of refreshes are kept in one place.
func (c *Client) meet(ctx context.Context, old *Client, calm bool) (*Client, error) {
	m, err := c.fetchMetadata(ctx, calm)
	if err != nil {
		return nil, err
	}
	if old != nil {
		if lost := old.cfg.Endpoints.lost(m, c.found.config.PushedAuthorization == PushAlways); lost != "" {
			return nil, refuseDiscovery(DiscoveryMissing, "the refreshed document has no %s, which it had before", lost)
		}
	}
	cfg := c.found.config
	cfg.Metadata = m
	s, err := newClient(c.http, cfg)
	if err != nil {
		return nil, err
	}
	s.refreshes = c.refreshes
	return s, nil
}

// current is a login at the token endpoint that the discovered metadata has now: the issuer, which is compared, may
// have moved it since.
func (c *Client) current(login *Login) *Login {
	moved := *login
	moved.TokenEndpoint = c.cfg.Endpoints.Token
	return &moved
}

// lost names an address that a refreshed document does not have any more, and without which every login would fail
// until the next day: such a document is incomplete, or of another kind. push says that each request is pushed.
func (e *Endpoints) lost(next *Metadata, push bool) string {
	switch {
	case e.Authorization != "" && next.AuthorizationEndpoint == "":
		return "authorization_endpoint"
	case e.Token != "" && next.TokenEndpoint == "":
		return "token_endpoint"
	case e.PushedAuthorization != "" && next.PushedAuthorizationRequestEndpoint == "" && (push || next.RequirePushedAuthorizationRequests):
		return "pushed_authorization_request_endpoint"
	}
	return ""
}

func (c *Client) fetchMetadata(ctx context.Context, calm bool) (*Metadata, error) {
	r := discovery.Request{HTTP: c.http, URLs: c.found.urls, Ask: httpcore.Request{Retry: calm}, Refuse: refused}
	reply, err := r.Fetch(ctx)
	var refusal *DiscoveryError
	switch {
	case errors.As(err, &refusal):
		return nil, refusal
	case err != nil:
		return nil, fmt.Errorf("oauth: discovery: %w", err)
	}
	m, err := parseMetadata(reply.Bytes())
	if err != nil {
		return nil, refuseDiscovery(DiscoveryDocument, "%s: %w", reply.URL(), err)
	}
	if differ := discovery.SameIssuer(c.cfg.Issuer, m.Issuer); differ != "" {
		return nil, refuseDiscovery(DiscoveryIssuer, "%s", differ)
	}
	return m, nil
}

// refused is the Refuse of package discovery.
func refused(check discovery.Check, detail string, cause error) error {
	if check == discovery.Status {
		detail += ": is the issuer right?"
	}
	return &DiscoveryError{Check: DiscoveryCheck(check), Detail: detail, Err: cause}
}
