package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// Config describes the client and its server. It is copied by NewClient.
type Config struct {
	// ClientID is the client's identifier at the server (RFC 6749 §2.2).
	ClientID string
	// ClientSecret is the client's password there (RFC 6749 §2.3.1). Empty means a public client; its TokenAuth is
	// None.
	ClientSecret string
	// RedirectURI is where the browser returns (RFC 6749 §3.1.2). http is for loopback hosts, unless
	// InsecureAllowHTTP is set. An application with several servers uses one redirect URI for each server, and passes
	// each callback to the client of that server. Otherwise one server could collect the codes of another that sends
	// no iss (RFC 9700 §4.4).
	RedirectURI string
	// Issuer is the server's identifier. With neither Endpoints nor Metadata, the server's metadata is discovered at the
	// first call that needs it, and refreshed once a day (RFC 8414 §3). When set, an iss in the callback must equal it
	// (RFC 9207 §2.4).
	Issuer string
	// Discovery chooses the document that is discovered.
	Discovery Discovery
	// Metadata replaces discovery; ParseMetadata reads it from a document. Endpoints, when set, replace its addresses.
	Metadata *Metadata
	// UseMTLSAliases uses the server's mtls_endpoint_aliases, where it publishes them, whatever TokenAuth is: for access
	// tokens that are bound to the client's certificate (RFC 8705 §3, §5). A MutualTLSAuth always uses them.
	UseMTLSAliases bool
	// CertificateBoundTokens says that the server binds this client's access tokens to its certificate (RFC 8705 §3.4
	// tls_client_certificate_bound_access_tokens): Token.Binding then has it, and an access token that is a JWT must name it,
	// else the error is ErrBinding. It implies UseMTLSAliases. The HTTPClient must have an http.Transport with one
	// certificate, or GetClientCertificate.
	CertificateBoundTokens bool
	// DPoP, when set, binds access tokens to its key, and the refresh tokens of a public client (RFC 9449 §5). A token reply
	// of another type than DPoP is ErrBinding. No proof is sent to the introspection and revocation endpoints, where the
	// client authenticates itself.
	DPoP *DPoP
	// ReadAuthorizationResponse returns the claims, a JSON object, of an authorization response that is a JWT (JARM §2): it
	// must check all but the claims that are parameters, above all the signature, aud and exp. Its errors may not have the
	// JWT. Then every response must be such a JWT, in a response mode of JARM, and its iss is compared with Issuer, which
	// must be set. nil accepts no JWT. Package oidc has such a function.
	ReadAuthorizationResponse func(ctx context.Context, response string) (claims string, err error)
	// RequireIssuer refuses callbacks without iss. It is set when the server's metadata has
	// authorization_response_iss_parameter_supported; set it for configured Endpoints of such a server.
	// A response with an ID token may lack it: see ReadCallback.
	RequireIssuer bool
	// AllowIssuer replaces the comparison of iss in the callback with Issuer, for a server whose tenants have their
	// own issuers. A server whose issuer it accepts can collect the codes of this one (RFC 9700 §4.4). nil accepts
	// Issuer alone.
	AllowIssuer func(iss string) bool
	// Endpoints are the server's addresses. A call whose address is missing names it in its error.
	Endpoints Endpoints
	// TokenAuth authenticates the client at the token endpoint, and where requests are pushed and device and CIBA logins
	// begin. nil and the empty AuthMethod are ClientSecretBasic, or ClientSecretPost when the server's metadata lists that and
	// not ClientSecretBasic. A method that the metadata does not list is an error before anything is sent, in BeginLogin too.
	// None, and a ClientAuth that is no NamedAuth, are used without this check.
	TokenAuth ClientAuth
	// IntrospectionAuth authenticates the client at the introspection endpoint, by the same rules.
	IntrospectionAuth ClientAuth
	// RevocationAuth authenticates the client at the revocation endpoint, by the same rules.
	RevocationAuth ClientAuth
	// RequestObject, when set, signs authorization requests (RFC 9101); it needs Issuer. It is copied.
	RequestObject *RequestObject
	// PushedAuthorization says when authorization requests are pushed (RFC 9126); the zero value does it where the server's
	// metadata requires it. The client authenticates by TokenAuth.
	PushedAuthorization PushedAuthorization
	// MaxPushedLifetime is the longest lifetime of a pushed request that is accepted, in whole seconds; 0 accepts any
	// (RFC 9126 §2.2). A longer one is an error.
	MaxPushedLifetime time.Duration
	// ReadIntrospection returns the answer, a JSON object, in an introspection that the server signs or encrypts
	// (RFC 9701 §5): it must check the body, which is any 2xx reply without an error, and its media type, in small
	// letters. Its errors may not have the token. Then application/token-introspection+jwt is asked for. nil accepts JSON
	// alone. Package oidc has such a function.
	ReadIntrospection func(ctx context.Context, mediaType, body string) (answer string, err error)
	// IntrospectionCache makes IntrospectToken remember replies; nil remembers none.
	IntrospectionCache *IntrospectionCache
	// Replay, when set, makes each state usable once, also when two callbacks come at the same time. NewReplay makes
	// one for an application that runs as one instance.
	Replay Replay
	// LoginLifetime is how long a Login may be completed; 0 means one hour.
	LoginLifetime time.Duration
	// HTTPClient gives the transport and the timeout; it is copied. Its cookie jar and redirects are not used.
	HTTPClient *http.Client
	// Header is sent with every request. Authorization, Content-Type, Accept, Host and Cookie are errors.
	Header http.Header
	// MaxReply is the largest reply in bytes; 0 means 1 MiB.
	MaxReply int64
	// MaxRetryAfter is the longest RetryAfter of an error; 0 means a minute. A server that names a longer time is asked
	// again after this one.
	MaxRetryAfter time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// RefusePrivateAddresses connects to public addresses only: a private, loopback, link-local or other special-purpose
	// address is an error (RFC 6890). Names are checked after their lookup, at each connection. A proxy makes its own
	// lookups and must check them itself. HTTPClient must have an *http.Transport, or none.
	RefusePrivateAddresses bool
	// InsecureAllowHTTP permits endpoints and redirect URIs with http on hosts other than loopback. Anyone on the way can
	// then read and change what is sent.
	InsecureAllowHTTP bool
	// InsecureAllowCodeInjection begins logins without PKCE, for a server that refuses its parameters, and for
	// confidential clients only. Then nothing binds a code to the browser: an attacker who steals a user's code can
	// use it in their own login, and is logged in as that user (RFC 9700 §2.1.1, §4.5). state, iss and the redirect
	// URI are still checked.
	InsecureAllowCodeInjection bool
	// ReplyError reads an error that the server writes in its own format, and returns nil when the body is no error.
	// It sees each reply whose error member is missing or not a string (RFC 6749 §5.2), and each 2xx reply to a
	// revocation.
	ReplyError func(statusCode int, body []byte) *Error
	// MendTokenReply may complete or change a token reply that departs from RFC 6749 §5.1, such as one without
	// token_type. The result is then checked like any other reply. The hook sees the members of a 2xx reply that is a
	// JSON object without an error; numbers are json.Number. When it returns an error or panics, the reply is
	// refused. Token.Claims still reads what the server sent. nil changes nothing.
	MendTokenReply func(reply map[string]any) error
	// ReadUserInfo returns the claims, a JSON object, of user info that the server signs or encrypts (OpenID Connect
	// Core §5.3.2): it must check the body, which is any 2xx reply without an error, and its media type, in small
	// letters. Its errors may not have the access token. Then application/jwt is asked for. nil accepts JSON alone.
	ReadUserInfo func(ctx context.Context, accessToken, mediaType, body string) (claims string, err error)
}

// Client talks to one authorization server as one client. It is immutable and safe for concurrent use.
type Client struct {
	cfg       *Config // package fmt prints a pointer as an address where it cannot call Format
	http      *httpcore.Client
	refreshes *flight.Keyed[*Token]
	server    *server // nil without metadata
	found     *found  // nil without discovery
}

// NewClient checks c and returns a client. It sends nothing: discovery waits for the first call. Addresses that are not
// https (or http to loopback), an unknown AuthMethod, None together with a secret, and a MutualTLSAuth without a client
// certificate are errors.
func NewClient(c Config) (*Client, error) {
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, Header: c.Header, MaxReply: c.MaxReply, MaxRetryAfter: c.MaxRetryAfter, InsecureAllowHTTP: c.InsecureAllowHTTP,
		RefusePrivateAddresses: c.RefusePrivateAddresses,
	})
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	c.HTTPClient, c.Header = nil, nil // hc has them
	if c.Metadata != nil || c.Issuer == "" || c.Endpoints != (Endpoints{}) {
		if c.Discovery != DiscoverAny {
			return nil, errors.New("oauth: Discovery needs an Issuer, without Metadata and Endpoints")
		}
		c.Metadata = c.Metadata.Clone()
		return newClient(hc, c)
	}
	client, err := newClient(hc, c)
	if err != nil {
		return nil, err
	}
	if err := client.discover(c); err != nil {
		return nil, err
	}
	return client, nil
}

// newClient checks c in this order, which decides the error that a caller sees first.
func newClient(hc *httpcore.Client, c Config) (*Client, error) {
	m := c.Metadata
	document := m.pack() // before its addresses are replaced
	for _, step := range [...]func(*Config, *httpcore.Client) error{
		(*Config).checkEndpoints,
		(*Config).checkIdentity,
		(*Config).readAuths,
		(*Config).checkKeys,
		(*Config).takeServer,
		(*Config).configureAuths,
		(*Config).prepareRequestObject,
		(*Config).takePushed,
		(*Config).complete,
	} {
		if err := step(&c, hc); err != nil {
			return nil, err
		}
	}
	client := &Client{cfg: &c, http: hc, refreshes: flight.NewKeyed[*Token]("oauth: refresh", c.Now)}
	if m != nil {
		client.server = client.newServer(m, document)
		c.Metadata = nil
	}
	return client, nil
}

// Issuer returns Config.Issuer, or the token endpoint when it is not set. Together with the subject it identifies a
// user.
func (c *Client) Issuer() string {
	if c.made() != nil {
		return ""
	}
	if c.cfg.Issuer == "" {
		return c.cfg.Endpoints.Token
	}
	return c.cfg.Issuer
}

func (c *Client) made() error {
	if c == nil || c.cfg == nil {
		return option.Mistake(errors.New("oauth: the client was not made by NewClient"))
	}
	return nil
}

func (c *Client) needClientID() error {
	if c.cfg.ClientID == "" {
		return errors.New("oauth: ClientID is not set")
	}
	return nil
}
