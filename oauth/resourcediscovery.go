package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const wellKnownResource = "/.well-known/oauth-protected-resource"

// Metadata fetches what the API says about itself, at the well-known addresses (RFC 9728 §3): that of Resource, and on
// a 404 that of its host, as an MCP server may have it. What is refused is a *DiscoveryError.
func (c *ResourceClient) Metadata(ctx context.Context) (*ResourceMetadata, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	return c.discover(ctx, "")
}

// discover fetches the metadata at an address, or at the well-known ones when it is empty.
func (c *ResourceClient) discover(ctx context.Context, address string) (*ResourceMetadata, error) {
	host := c.url.Scheme + "://" + c.url.Host
	root, urls := host+wellKnownResource, []string{}
	switch path := strings.TrimSuffix(c.url.Path, "/"); {
	case address != "":
		if err := c.checkMetadataURL(address); err != nil {
			return nil, err
		}
		urls = append(urls, address)
	case path != "":
		urls = append(urls, root+c.url.Path, root)
	default:
		urls = append(urls, root)
	}
	r := discovery.Request{HTTP: c.http, URLs: urls, Ask: httpcore.Request{Retry: true}, Refuse: refusedResource}
	reply, err := r.Fetch(ctx)
	var refusal *DiscoveryError
	switch {
	case errors.As(err, &refusal):
		return nil, refusal
	case err != nil:
		return nil, fmt.Errorf("oauth: metadata of the API: %w", err)
	}
	m, err := parseResourceMetadata(reply.Body)
	if err != nil {
		return nil, refuseDiscovery(DiscoveryDocument, "%s: %w", reply.URL(), err)
	}
	// The metadata of the host may be about the host (RFC 9728 §3.1 has no slash after it).
	wide := address == "" && reply.URL() == root && (m.Resource == host || m.Resource == host+"/")
	if m.Resource != c.cfg.Resource && !wide {
		return nil, refuseDiscovery(DiscoveryResource, "%s: the document's resource is %q, want %q (RFC 9728 §3.3)", reply.URL(), httpcore.Clean(m.Resource), c.cfg.Resource)
	}
	return m, nil
}

// checkMetadataURL checks the address that the API names: it must not make this client call others (RFC 9728 §7.7).
func (c *ResourceClient) checkMetadataURL(address string) error {
	if err := c.http.CheckURL("resource_metadata", address); err != nil {
		return refuseDiscovery(DiscoveryEndpoint, "the API's %w", err)
	}
	u, err := url.Parse(address)
	if err != nil || originOf(u.Scheme, u.Host) != c.origin && !c.cfg.AllowMetadataElsewhere {
		return refuseDiscovery(DiscoveryEndpoint, "the API's resource_metadata is at %s, and not at the API's host (AllowMetadataElsewhere)", httpcore.Clean(httpcore.WithoutQuery(address)))
	}
	return nil
}

// refusedResource is the Refuse of package discovery.
func refusedResource(check discovery.Check, detail string, cause error) error {
	return &DiscoveryError{Check: DiscoveryCheck(check), Detail: "metadata of the API: " + detail, Err: cause}
}

// choose returns the authorization server (RFC 9728 §7.6): the one that issued the present token, else the first one
// that may be used.
func (c *ResourceClient) choose(m *ResourceMetadata, present string) (string, error) {
	if len(m.AuthorizationServers) == 0 {
		return "", refuseDiscovery(DiscoveryMissing, "the API's metadata has no authorization_servers: %w", errors.ErrUnsupported)
	}
	issuers := m.AuthorizationServers
	if slices.Contains(issuers, present) {
		issuers = append([]string{present}, issuers...)
	}
	var bad error
	for _, issuer := range issuers {
		if err := c.http.CheckURL("authorization_servers", issuer); err != nil || strings.Contains(issuer, "?") {
			bad = cmp.Or(bad, refuseDiscovery(DiscoveryEndpoint, "the API's authorization_servers has %s, which is no address of a server (RFC 8414 §2)", httpcore.Quote(issuer)))
			continue
		}
		if c.cfg.AllowIssuer(issuer) {
			return issuer, nil
		}
	}
	return "", cmp.Or(bad, refuseDiscovery(DiscoveryIssuer, "AllowIssuer allows none of the API's authorization_servers: %s", httpcore.Clean(strings.Join(m.AuthorizationServers, " "))))
}
