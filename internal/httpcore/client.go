package httpcore

import (
	"fmt"
	"net/http"
	"net/textproto"
	"time"
)

const (
	defaultTimeout  = 30 * time.Second
	defaultMaxReply = 1 << 20
)

// Config says how requests are made. The zero value is a client of its own with a timeout of 30
// seconds and replies of at most 1 MiB.
type Config struct {
	// HTTPClient gives transport and timeout; it is copied and never changed. Its cookie jar and
	// redirect policy are not used.
	HTTPClient *http.Client
	// Header is sent with every request.
	Header http.Header
	// MaxReply is the largest reply body in bytes; 0 means 1 MiB.
	MaxReply int64
	// InsecureAllowHTTP lets requests go over plain http to hosts other than loopback.
	InsecureAllowHTTP bool
}

// Client sends requests. It is immutable and safe for concurrent use.
type Client struct {
	http      *http.Client
	header    http.Header
	maxReply  int64
	allowHTTP bool
}

// New copies and checks c. It does not touch the network.
func New(c Config) (*Client, error) {
	if c.MaxReply < 0 {
		return nil, fmt.Errorf("MaxReply is negative: %d", c.MaxReply)
	}
	header := make(http.Header, len(c.Header))
	for name, values := range c.Header {
		key := textproto.CanonicalMIMEHeaderKey(name)
		switch key {
		case "Authorization", "Content-Type", "Accept", "Host", "Cookie":
			return nil, fmt.Errorf("Header must not set %s: each call sets its own", key)
		}
		if !validName(name) {
			return nil, fmt.Errorf("Header has an invalid name: %s", Clean(name))
		}
		for _, v := range values {
			if !validValue(v) {
				return nil, fmt.Errorf("Header %s has a value with control characters", key)
			}
			header.Add(key, v)
		}
	}
	hc := &http.Client{
		Timeout: defaultTimeout,
		// A redirect would carry a secret, code or token to an address nobody configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if c.HTTPClient != nil {
		hc.Transport = c.HTTPClient.Transport
		if c.HTTPClient.Timeout > 0 { // a negative one would mean none
			hc.Timeout = c.HTTPClient.Timeout
		}
	}
	maxReply := c.MaxReply
	if maxReply == 0 {
		maxReply = defaultMaxReply
	}
	return &Client{http: hc, header: header, maxReply: maxReply, allowHTTP: c.InsecureAllowHTTP}, nil
}
