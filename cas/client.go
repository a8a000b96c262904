package cas

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Endpoints are the addresses of the server's services (CAS §2). An empty one is ServerURL with the path
// that the protocol gives it.
type Endpoints struct {
	Login, Logout, Validate, ServiceValidate, P3ServiceValidate string
}

// Config describes the service and its server. It is copied by NewClient.
type Config struct {
	// ServerURL is what the paths of the endpoints are appended to, such as https://cas.example/cas.
	ServerURL string
	// Endpoints replaces single addresses.
	Endpoints Endpoints
	// Service is the address that the browser returns to with a ticket (CAS §2.1.1). A call may name another.
	Service string
	// ReplyFormat is asked for in ValidateTicketV2 and ValidateTicketV3; empty leaves the choice to the server.
	ReplyFormat Format
	// LogoutParam is how the logout endpoint is told where to return to; empty is LogoutService.
	LogoutParam LogoutParam
	// LogoutServices, when set, are the only services that BuildLogoutUrl accepts, compared byte for byte.
	LogoutServices []string
	// TicketPrefixes are the beginnings of a service ticket; empty means ST- (CAS §3.1.1).
	TicketPrefixes []string
	// AllowNoNamespace accepts XML replies without the namespace of CAS. Such a reply could be another
	// protocol's.
	AllowNoNamespace bool
	// HTTPClient gives transport and timeout; it is copied. Its cookie jar and redirects are not used.
	HTTPClient *http.Client
	// Header is sent with every request. Authorization, Content-Type, Accept, Host and Cookie are errors.
	Header http.Header
	// MaxReply is the largest reply in bytes; 0 means 1 MiB.
	MaxReply int64
	// MaxNodes is the most elements, texts and XML attributes in a reply; 0 means 100,000.
	MaxNodes int
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// InsecureAllowHTTP permits endpoints with http on hosts other than loopback. Anyone on the way can
	// then read tickets and log in as anyone.
	InsecureAllowHTTP bool
	// ReplyError reads a refusal that the server writes in a form of its own, and returns nil when the body
	// is none. It sees each reply of ValidateTicketV2 and ValidateTicketV3 that is no service response.
	ReplyError func(statusCode int, body []byte) *Failure
}

// Client asks one CAS server on behalf of one service. It is immutable and safe for concurrent use.
type Client struct {
	cfg  Config
	http *httpcore.Client
}

// NewClient checks c and returns its client. It does not touch the network. Endpoints that are not https
// (or http to loopback) and a Service that is no absolute URL are errors.
func NewClient(c Config) (*Client, error) {
	hc, err := httpcore.New(httpcore.Config{
		HTTPClient: c.HTTPClient, Header: c.Header, MaxReply: c.MaxReply, InsecureAllowHTTP: c.InsecureAllowHTTP,
	})
	if err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	if err := c.checkEndpoints(hc); err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	c.LogoutServices = slices.Clone(c.LogoutServices)
	if c.TicketPrefixes = slices.Clone(c.TicketPrefixes); len(c.TicketPrefixes) == 0 {
		c.TicketPrefixes = []string{"ST-"}
	}
	if c.LogoutParam == "" {
		c.LogoutParam = LogoutService
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Client{cfg: c, http: hc}, nil
}

func (c *Config) check() error {
	if c.Service != "" {
		if err := checkService("Service", c.Service); err != nil {
			return err
		}
	}
	for _, s := range c.LogoutServices {
		if err := checkLogoutService("LogoutServices", s); err != nil {
			return err
		}
	}
	switch {
	case c.MaxNodes < 0:
		return errors.New("cas: MaxNodes is negative")
	case slices.Contains(c.TicketPrefixes, ""):
		return errors.New("cas: TicketPrefixes has an empty prefix, which any text begins with")
	case c.LogoutParam != "" && c.LogoutParam != LogoutService && c.LogoutParam != LogoutURL:
		return fmt.Errorf("cas: LogoutParam must be %q or %q", LogoutService, LogoutURL)
	}
	return c.ReplyFormat.check("ReplyFormat")
}

// checkEndpoints fills the endpoints from ServerURL.
func (c *Config) checkEndpoints(hc *httpcore.Client) error {
	if c.ServerURL != "" {
		if err := hc.CheckURL("ServerURL", c.ServerURL); err != nil {
			return err
		}
		if strings.Contains(c.ServerURL, "?") {
			return errors.New("ServerURL must not have a query")
		}
	}
	base := strings.TrimRight(c.ServerURL, "/")
	for _, e := range []struct {
		field string
		url   *string
		path  string
	}{
		{"Login", &c.Endpoints.Login, "/login"}, {"Logout", &c.Endpoints.Logout, "/logout"},
		{"Validate", &c.Endpoints.Validate, "/validate"}, {"ServiceValidate", &c.Endpoints.ServiceValidate, "/serviceValidate"},
		{"P3ServiceValidate", &c.Endpoints.P3ServiceValidate, "/p3/serviceValidate"},
	} {
		if *e.url == "" {
			if base != "" {
				*e.url = base + e.path
			}
			continue
		}
		if err := hc.CheckURL("Endpoints."+e.field, *e.url); err != nil {
			return err
		}
	}
	return nil
}

// needEndpoint names the missing endpoint, so that the caller can tell it from a refusal.
func needEndpoint(field, endpoint string) error {
	if endpoint == "" {
		return fmt.Errorf("cas: neither ServerURL nor Endpoints.%s is set: %w", field, errors.ErrUnsupported)
	}
	return nil
}
