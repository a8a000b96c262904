package cas

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Endpoints are the addresses of the server (CAS §2). An empty one is ServerURL with the path of the protocol.
type Endpoints struct {
	// Login is where the browser logs in; empty is /login (CAS §2.1).
	Login string
	// Logout is where the browser logs out; empty is /logout (CAS §2.3).
	Logout string
	// Validate validates tickets in CAS 1.0; empty is /validate (CAS §2.4).
	Validate string
	// ServiceValidate validates tickets in CAS 2.0; empty is /serviceValidate (CAS §2.5).
	ServiceValidate string
	// P3ServiceValidate validates tickets in CAS 3.0; empty is /p3/serviceValidate (CAS §2.8).
	P3ServiceValidate string
	// Proxy gives proxy tickets; empty is /proxy (CAS §2.7).
	Proxy string
	// ProxyValidate validates service and proxy tickets in CAS 2.0; empty is /proxyValidate (CAS §2.6).
	ProxyValidate string
	// P3ProxyValidate validates service and proxy tickets in CAS 3.0; empty is /p3/proxyValidate (CAS §2.9).
	P3ProxyValidate string
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
	if c.PgtURL != "" {
		if err := hc.CheckURL("PgtURL", c.PgtURL); err != nil {
			return err
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
		{"Proxy", &c.Endpoints.Proxy, "/proxy"}, {"ProxyValidate", &c.Endpoints.ProxyValidate, "/proxyValidate"},
		{"P3ProxyValidate", &c.Endpoints.P3ProxyValidate, "/p3/proxyValidate"},
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

// endpoint is the name of a field of Endpoints.
type endpoint struct{ field, url string }

// need names the missing endpoint. Its error is no refusal, and matches errors.ErrUnsupported.
func (e endpoint) need() error {
	if e.url == "" {
		return fmt.Errorf("cas: neither ServerURL nor Endpoints.%s is set: %w", e.field, errors.ErrUnsupported)
	}
	return nil
}
