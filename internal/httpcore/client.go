package httpcore

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"time"
)

const (
	defaultTimeout  = 30 * time.Second
	defaultMaxReply = 1 << 20
)

// Config says how requests are made. The zero value is a new client with a timeout of 30 seconds and replies of at
// most 1 MiB.
type Config struct {
	// HTTPClient gives the transport and the timeout; it is copied and never changed. Its cookie jar and
	// redirect policy are not used.
	HTTPClient *http.Client
	// Header is sent with every request.
	Header http.Header
	// MaxReply is the largest reply body in bytes; 0 means the limit of a guarded HTTPClient, else 1 MiB.
	MaxReply int64
	// LimitField is the caller's name of MaxReply, for errors; empty is MaxReply.
	LimitField string
	// MaxRetryAfter is the longest time of a Retry-After that is believed; 0 means a minute.
	MaxRetryAfter time.Duration
	// InsecureAllowHTTP lets requests go over plain http to hosts other than loopback.
	InsecureAllowHTTP bool
	// RefusePrivateAddresses connects to public addresses only; see PrivateAddress. HTTPClient must have an
	// *http.Transport then, which is copied.
	RefusePrivateAddresses bool
}

// Client sends requests. It is immutable and safe for concurrent use.
type Client struct {
	transport http.RoundTripper
	timeout   time.Duration
	header    http.Header
	maxReply  int64
	allowHTTP bool

	limitField    string
	maxRetryAfter time.Duration
}

// New copies and checks c. It sends nothing.
func New(c Config) (*Client, error) {
	if c.HTTPClient != nil {
		if s, ok := c.HTTPClient.Transport.(*shared); ok {
			return s.client, nil
		}
	}
	if c.MaxReply < 0 {
		return nil, fmt.Errorf("MaxReply is negative: %d", c.MaxReply)
	}
	if c.MaxRetryAfter < 0 {
		return nil, fmt.Errorf("MaxRetryAfter is negative: %s", c.MaxRetryAfter)
	}
	var header http.Header
	if len(c.Header) > 0 {
		header = make(http.Header, len(c.Header))
	}
	for name, values := range c.Header {
		key := textproto.CanonicalMIMEHeaderKey(name)
		switch key {
		case "Authorization", "Content-Type", "Accept", "Host", "Cookie":
			return nil, fmt.Errorf("%s in Header is not allowed: each call sets its own", key)
		}
		if !validName(name) {
			return nil, fmt.Errorf("%s in Header is not a header name", Quote(name))
		}
		for _, v := range values {
			if !validValue(v) {
				return nil, fmt.Errorf("%s in Header has a value with control characters", key)
			}
			header.Add(key, v)
		}
	}
	client := &Client{
		transport: http.DefaultTransport, timeout: defaultTimeout, header: header, maxReply: defaultMaxReply, allowHTTP: c.InsecureAllowHTTP,
		limitField: cmp.Or(c.LimitField, "MaxReply"), maxRetryAfter: cmp.Or(c.MaxRetryAfter, defaultMaxRetryAfter),
	}
	if c.HTTPClient != nil {
		if c.HTTPClient.Transport != nil {
			client.transport = c.HTTPClient.Transport
		}
		if c.HTTPClient.Timeout > 0 { // a negative timeout would mean none
			client.timeout = c.HTTPClient.Timeout
		}
	}
	if g, ok := client.transport.(*guard); ok {
		client.transport = g.client.transport
		client.timeout = min(client.timeout, g.client.timeout)
		client.maxReply = g.client.maxReply
		client.allowHTTP = client.allowHTTP && g.client.allowHTTP
		if maps.EqualFunc(header, g.client.header, slices.Equal) {
			client.header = g.client.header // one copy for all clients of an application
		}
	}
	if c.MaxReply > 0 {
		client.maxReply = c.MaxReply
	}
	if c.RefusePrivateAddresses {
		public, err := newPublicOnly(client.transport)
		if err != nil {
			return nil, err
		}
		client.transport = public
	}
	return client, nil
}

// WithoutHeader returns a client that differs in one fact: it sends no Config.Header. It is for other servers than the
// one that the header is for.
func (c *Client) WithoutHeader() *Client {
	own := *c
	own.header = nil
	return &own
}
