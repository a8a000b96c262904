package cas

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const defaultLoginLifetime = time.Hour

// Config describes the service and its server. It is copied by NewClient.
type Config struct {
	// ServerURL is the server's base address, such as https://cas.example/cas; the paths of the endpoints are
	// appended to it.
	ServerURL string
	// Endpoints replaces single addresses.
	Endpoints Endpoints
	// Service is the address that the browser returns to with a ticket (CAS §2.1.1). A call may replace it. http is
	// for loopback hosts, unless InsecureAllowHTTP is set.
	Service string
	// Version is the protocol version of CompleteLogin and ValidateProxyTicket; empty is V3.
	Version Version
	// LoginLifetime is how long a Login may be completed; 0 means one hour.
	LoginLifetime time.Duration
	// AllowSharedService leaves login=KEY out of the service, for servers that compare services exactly. Then nothing
	// binds a ticket to its login: an attacker who makes a browser with a pending login open the callback with the
	// attacker's ticket logs that browser in as the attacker (login CSRF).
	AllowSharedService bool
	// ReplyFormat is the requested format of replies in CAS 2.0 and 3.0; empty leaves the choice to the server.
	ReplyFormat Format
	// LogoutParam is the parameter for the address to return to after a logout; empty is LogoutService.
	LogoutParam LogoutParam
	// LogoutServices, when set, are the only services that BuildLogoutUrl accepts, compared byte by byte.
	LogoutServices []string
	// TicketPrefixes are the beginnings of a service ticket; empty means ST- (CAS §3.1.1).
	TicketPrefixes []string
	// MaxTicket is the longest ticket of any kind, in bytes; 0 means 512. CAS names no upper bound: a server that keeps
	// no tickets encrypts the login into each one, which takes 1,000 bytes and more.
	MaxTicket int
	// AllowNoNamespace accepts XML replies without the namespace of CAS, and attributes without a namespace in replies
	// with it, as RubyCAS writes them. Such a reply could belong to another protocol.
	AllowNoNamespace bool
	// PgtURL, when set, is sent with validations of 2.0 and 3.0. It is the address of PGTCallback, to which the
	// server sends proxy-granting tickets (CAS §2.5.4). It must be https, or http to loopback.
	PgtURL string
	// PGTs keeps proxy-granting tickets from their arrival until the reply that names them. nil is a store in memory
	// with a limit, for a service that runs as one instance.
	PGTs PGTStore
	// PGTLifetime is how long a proxy-granting ticket waits for the reply that names it; 0 means two minutes.
	PGTLifetime time.Duration
	// ProxyChains are the chains of proxies that ValidateProxyTicket accepts, each as the server writes it:
	// the callback addresses, the last proxy first. A chain is compared as a whole, byte by byte.
	ProxyChains [][]string
	// ProxyChainPrefixes are further chains, each with the beginnings of its addresses: of https URLs, or http URLs to
	// loopback, that reach at least to the slash behind the host. They allow no address whose path some server could read
	// with .. in it.
	ProxyChainPrefixes [][]string
	// ProxyChainPatterns are further chains, each with a pattern for each address, which must match the whole of it. They
	// allow no .. either. For a host allow only its own characters, such as [a-z0-9-]+: .* also matches another host and the
	// beginning of its path.
	ProxyChainPatterns [][]*regexp.Regexp
	// AllowFrontChannelLogout lets ReceiveLogout read logout requests that come through the browser by GET.
	AllowFrontChannelLogout bool
	// LogoutOrigin, when set, is called by ReceiveLogout before the request is read; an error refuses the request.
	// Logout requests are not signed: it may check the sender's address or client certificate.
	LogoutOrigin func(*http.Request) error
	// HTTPClient gives the transport and the timeout; it is copied. Its cookie jar and redirects are not used.
	HTTPClient *http.Client
	// Header is sent with every request. Authorization, Content-Type, Accept, Host and Cookie are errors.
	Header http.Header
	// MaxReply is the largest reply in bytes; 0 means 1 MiB.
	MaxReply int64
	// MaxRetryAfter is the longest RetryAfter of an error; 0 means a minute. A server that names a longer time is asked
	// again after this one.
	MaxRetryAfter time.Duration
	// MaxNodes is the largest number of elements, texts and XML attributes, or of JSON values, in a reply; 0 means
	// 100,000.
	MaxNodes int
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// RefusePrivateAddresses connects to public addresses only: a private, loopback, link-local or other special-purpose
	// address is an error (RFC 6890). Names are checked after their lookup, at each connection. A proxy makes its own
	// lookups and must check them itself. HTTPClient must have an *http.Transport, or none.
	RefusePrivateAddresses bool
	// InsecureAllowHTTP permits endpoints and services with http on hosts other than loopback. Anyone on the way can
	// then read tickets and log in as anyone.
	InsecureAllowHTTP bool
	// ReplyError reads a refusal that the server writes in its own format, and returns nil when the body is no
	// refusal. It sees each reply that is not a CAS reply.
	ReplyError func(statusCode int, body []byte) *Failure
}

// Client talks to one CAS server as one service. It is immutable and safe for concurrent use.
type Client struct {
	cfg  *Config // package fmt prints a pointer as an address where it cannot call Format
	http *httpcore.Client
}

// NewClient checks c and returns a client. It sends nothing. Endpoints that are not https (or http to loopback) and a
// Service that is not an absolute URL, or http to another host than loopback, are errors.
func NewClient(c Config) (*Client, error) {
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, Header: c.Header, MaxReply: c.MaxReply, MaxRetryAfter: c.MaxRetryAfter, InsecureAllowHTTP: c.InsecureAllowHTTP,
		RefusePrivateAddresses: c.RefusePrivateAddresses,
	})
	if err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	if err := c.checkEndpoints(hc); err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	if err := c.check(hc); err != nil {
		return nil, err
	}
	c.LogoutServices = slices.Clone(c.LogoutServices)
	if c.TicketPrefixes = slices.Clone(c.TicketPrefixes); len(c.TicketPrefixes) == 0 {
		c.TicketPrefixes = []string{"ST-"}
	}
	if c.MaxTicket == 0 {
		c.MaxTicket = defaultMaxTicket
	}
	if c.LogoutParam == "" {
		c.LogoutParam = LogoutService
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.LoginLifetime == 0 {
		c.LoginLifetime = defaultLoginLifetime
	}
	if c.PGTLifetime == 0 {
		c.PGTLifetime = defaultPGTLifetime
	}
	if c.Version == "" {
		c.Version = V3
	}
	if c.PGTs == nil && c.PgtURL != "" {
		c.PGTs = &pgtMemory{now: c.Now}
	}
	c.ProxyChains = cloneChains(c.ProxyChains)
	c.ProxyChainPrefixes = cloneChains(c.ProxyChainPrefixes)
	c.ProxyChainPatterns = longest(c.ProxyChainPatterns)
	return &Client{cfg: &c, http: hc}, nil
}

func (c *Client) made() error {
	if c == nil || c.cfg == nil {
		return errors.New("cas: the client was not made by NewClient")
	}
	return nil
}

func (c *Config) check(hc *httpcore.Client) error {
	if c.Service != "" {
		if err := checkReturn(hc, c.Service); err != nil {
			return err
		}
	}
	for _, s := range c.LogoutServices {
		if err := checkWebService("LogoutServices", s); err != nil {
			return err
		}
	}
	if err := c.checkProxies(hc); err != nil {
		return err
	}
	switch {
	case c.LoginLifetime < 0:
		return errors.New("cas: LoginLifetime is negative")
	case c.PGTLifetime < 0:
		return errors.New("cas: PGTLifetime is negative")
	case c.Version != "" && c.Version != V2 && c.Version != V3:
		return fmt.Errorf("cas: Version must be %s or %s", V2, V3)
	case c.MaxNodes < 0:
		return errors.New("cas: MaxNodes is negative")
	case c.MaxTicket < 0:
		return errors.New("cas: MaxTicket is negative")
	case slices.Contains(c.TicketPrefixes, ""):
		return errors.New("cas: TicketPrefixes has an empty prefix")
	case c.LogoutParam != "" && c.LogoutParam != LogoutService && c.LogoutParam != LogoutURL:
		return fmt.Errorf("cas: LogoutParam must be %q or %q", LogoutService, LogoutURL)
	}
	return c.ReplyFormat.check("ReplyFormat")
}

// ServerURL is the server's configured address, or without one the address where tickets are validated. Together with
// the user's name it identifies a user.
func (c *Client) ServerURL() string {
	if c.made() != nil {
		return ""
	}
	if c.cfg.ServerURL == "" {
		return c.serviceValidate().url
	}
	return c.cfg.ServerURL
}

// SharedService reports whether AllowSharedService is set; then logins have no key.
func (c *Client) SharedService() bool { return c.config().AllowSharedService }
