package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// ResourceConfig describes an API, and a client that finds the API's authorization server from the API itself (RFC 9728
// §5), as clients of the Model Context Protocol do. It is copied by NewResourceClient.
type ResourceConfig struct {
	// Resource is the API's identifier, such as the endpoint of an MCP server: https, or http to a loopback host, without
	// query, fragment and escapes. The API's metadata must name exactly this (RFC 9728 §3.3), and the token is sent to it
	// and to addresses below it alone.
	Resource string
	// AllowIssuer decides whether an authorization server may log the user in and issue tokens. It is required, because
	// the API itself names its servers: a hostile API names a server that asks users for their passwords.
	AllowIssuer func(issuer string) bool
	// AllowScope decides which scopes an API may make this client ask for; nil allows all: the server asks the user.
	AllowScope func(scope string) bool
	// Scope is a space-separated list that each login asks for besides what the API demands, such as offline_access.
	Scope string
	// AuthorizationDetails is what each login asks for besides, a JSON array (RFC 9396 §2); see AuthorizeOptions.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters to each authorization request, such as prompt; see AuthorizeOptions.
	Extra url.Values
	// Client has what is the same at each authorization server. RedirectURI is required. ClientID is the address of a
	// ClientDocument, or empty; TokenAuth is its method, and nil is None. DPoP binds the token to its key, and the API gets a
	// proof with each request (RFC 9449 §7.1). Issuer, Metadata, Endpoints and ClientSecret are errors. HTTPClient and
	// RefusePrivateAddresses are for the API's metadata too, Header is not.
	Client Config
	// Clients are clients that were registered beforehand, by the issuer that registered them. They come first.
	Clients map[string]Registration
	// Register registers a client at a server that knows neither Clients nor client ID metadata documents (RFC 7591); nil
	// registers none. Empty fields get values that fit Client: RedirectURIs, ApplicationType, GrantTypes,
	// TokenEndpointAuthMethod, DPoPBoundAccessTokens.
	Register *ClientMetadata
	// Store keeps the token and the registration for the next run of the program; nil keeps them in memory. It is of one
	// user, as the client is. A token of another DPoP key is not used: keep the key, too.
	Store ResourceStore
	// Login sends the user to login.URL, and returns the request with which the browser comes back to the redirect URI.
	// Authorize and RoundTrip need it.
	Login func(ctx context.Context, login *Login) (*http.Request, error)
	// Base sends the requests to the API; nil is http.DefaultTransport. Client.RefusePrivateAddresses is not for them.
	Base http.RoundTripper
	// AllowMetadataElsewhere accepts metadata at another host than the API's, if the API's answer names the address. The
	// API can then make this client call any address; see Client.RefusePrivateAddresses.
	AllowMetadataElsewhere bool
}

// ResourceClient calls one API for one user. It is safe for concurrent use.
type ResourceClient struct {
	cfg    *ResourceConfig // package fmt prints a pointer as an address where it cannot call Format
	http   *httpcore.Client
	url    *url.URL
	origin string
	state  *resourceState
}

// NewResourceClient checks c and returns its client (RFC 9728 §5). It sends nothing. A Resource that is not https (or http
// to loopback), a missing AllowIssuer or RedirectURI, a Client that names a server or has a secret, and a client that no
// server would know are errors, and so is what NewClient refuses.
func NewResourceClient(c ResourceConfig) (*ResourceClient, error) {
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.Client.HTTPClient, MaxReply: c.Client.MaxReply, InsecureAllowHTTP: c.Client.InsecureAllowHTTP,
		RefusePrivateAddresses: c.Client.RefusePrivateAddresses,
	})
	if err != nil {
		return nil, fmt.Errorf("oauth: ResourceConfig.Client: %w", err)
	}
	u, err := hc.CheckName("Resource", c.Resource)
	if err != nil {
		return nil, fmt.Errorf("oauth: ResourceConfig.%w", err)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("oauth: ResourceConfig.%w", err)
	}
	if c.Client.RefusePrivateAddresses {
		c.Client.HTTPClient = hc.HTTPClient() // the clients of the servers share its connections
	}
	if c.Client.TokenAuth == nil || c.Client.TokenAuth == AuthMethod("") {
		c.Client.TokenAuth = None
	}
	if err := checkExtra(c.Extra, authorizeParams...); err != nil {
		return nil, err
	}
	if len(c.AuthorizationDetails) > 0 {
		if _, err := readRequestedDetails(c.AuthorizationDetails); err != nil {
			return nil, err
		}
		c.AuthorizationDetails = slices.Clone(c.AuthorizationDetails)
	}
	trial := c.Client
	trial.Issuer = c.Resource // in place of those that the API will name
	if _, err := NewClient(trial); err != nil {
		return nil, fmt.Errorf("oauth: ResourceConfig.Client: %w", err)
	}
	if c.Client.Now == nil {
		c.Client.Now = time.Now
	}
	if c.Register != nil {
		c.Register = c.Register.forResource(c.Client)
		if _, err := checkedMembers(*c.Register); err != nil {
			return nil, err
		}
	}
	if c.Store == nil {
		c.Store = new(memoryStore)
	}
	c.Extra, c.Clients = url.Values(http.Header(c.Extra).Clone()), maps.Clone(c.Clients)
	return &ResourceClient{cfg: &c, http: hc, url: u, origin: originOf(u.Scheme, u.Host), state: newResourceState()}, nil
}

func (c *ResourceConfig) check() error {
	switch {
	case c.AllowIssuer == nil:
		return errors.New("AllowIssuer is not set: the API names its authorization servers, and the application must know which ones it trusts")
	case c.Client.Issuer != "" || c.Client.Metadata != nil || c.Client.Endpoints != (Endpoints{}) || c.Client.Discovery != DiscoverAny || c.Client.RequireIssuer || c.Client.AllowIssuer != nil:
		return errors.New("Client must not name an authorization server: the API names it")
	case c.Client.ClientSecret != "":
		return errors.New("Client.ClientSecret must be empty: a secret is for one server, in Clients")
	case c.Client.InsecureAllowCodeInjection:
		return errors.New("Client.InsecureAllowCodeInjection must not be set: servers that the API names must have PKCE")
	case c.Client.DPoP == nil && c.Register != nil && c.Register.DPoPBoundAccessTokens:
		return errors.New("Register.DPoPBoundAccessTokens is set, and Client.DPoP is not: no token would be issued (RFC 9449 §5.2)")
	case c.Client.RedirectURI == "":
		return errors.New("Client.RedirectURI is not set")
	case c.Client.ClientID == "" && len(c.Clients) == 0 && c.Register == nil:
		return errors.New("Client.ClientID, Clients and Register are all empty: no server would know the client")
	}
	if c.Client.ClientID != "" {
		if _, err := checkDocumentURL("Client.ClientID", c.Client.ClientID); err != nil {
			return fmt.Errorf("%w: it is the address of a ClientDocument", err)
		}
	}
	return nil
}

// forResource completes the metadata of a registration. application_type decides which redirect URIs a server takes
// (OpenID Connect Registration §2).
func (m ClientMetadata) forResource(c Config) *ClientMetadata {
	if len(m.RedirectURIs) == 0 {
		m.RedirectURIs = []string{c.RedirectURI}
	}
	if m.ApplicationType == "" {
		m.ApplicationType = "web"
		if u, err := url.Parse(c.RedirectURI); err == nil && (u.Scheme != "https" || httpcore.IsLoopback(u.Hostname())) {
			m.ApplicationType = "native"
		}
	}
	if len(m.GrantTypes) == 0 {
		m.GrantTypes = []string{"authorization_code", "refresh_token"}
	}
	m.DPoPBoundAccessTokens = m.DPoPBoundAccessTokens || c.DPoP != nil
	if named, ok := c.TokenAuth.(NamedAuth); ok && m.TokenEndpointAuthMethod == "" {
		m.TokenEndpointAuthMethod = named.MethodName()
	}
	return &m
}

func (c *ResourceClient) made() error {
	if c == nil || c.cfg == nil {
		return errors.New("oauth: the resource client was not made by NewResourceClient")
	}
	return nil
}

// covers reports whether an address is the API's or below it (RFC 9728 §7.4: the token is for no other).
func (c *ResourceClient) covers(u *url.URL) bool {
	base := strings.TrimSuffix(c.url.Path, "/")
	return u != nil && originOf(u.Scheme, u.Host) == c.origin && !strings.Contains(u.Path+"/", "/../") &&
		(u.Path == base || u.Path == c.url.Path || strings.HasPrefix(u.Path, base+"/"))
}
