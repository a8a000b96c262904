package cas

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Method is how the server sends the ticket to the service (CAS §2.1.1).
type Method string

const (
	MethodGet    Method = "GET"    // in the query of a redirect, the default
	MethodPost   Method = "POST"   // in a form that the browser posts
	MethodHeader Method = "HEADER" // in a header, for clients that are not browsers
)

// AuthorizeOptions are the parameters of a login request (CAS §2.1.1).
type AuthorizeOptions struct {
	// Service replaces Config.Service.
	Service string
	// Renew asks for the password even when the browser has a session at the server. Validation must set it too.
	Renew bool
	// Gateway asks for no interaction: a browser without a session at the server returns without a ticket.
	// It cannot be combined with Renew, and must not be tried twice in a row.
	Gateway bool
	// Method is sent when set.
	Method Method
	// Extra adds parameters. A parameter that has a field here is an error.
	Extra url.Values
}

// BuildAuthorizeUrl returns the address of the server's login page (CAS §2.1). Without a service the user logs in to
// the server only. It keeps nothing, so the caller cannot know whether a ticket belongs to this browser's login.
func (c *Client) BuildAuthorizeUrl(_ context.Context, o AuthorizeOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if err := (endpoint{"Login", c.cfg.Endpoints.Login}).need(); err != nil {
		return "", err
	}
	if o.Service == "" {
		o.Service = c.cfg.Service
	} else if err := checkReturn(c.http, o.Service); err != nil {
		return "", err
	}
	if err := o.check(); err != nil {
		return "", err
	}
	params := url.Values{}
	for name, values := range o.Extra {
		params[name] = values
	}
	set := func(name, value string, wanted bool) {
		if wanted {
			params.Set(name, value)
		}
	}
	set("service", o.Service, o.Service != "")
	set("renew", "true", o.Renew)
	set("gateway", "true", o.Gateway)
	set("method", string(o.Method), o.Method != "")
	return withQuery(c.cfg.Endpoints.Login, params), nil
}

func (o *AuthorizeOptions) check() error {
	switch {
	case o.Renew && o.Gateway:
		return errors.New("cas: Renew and Gateway exclude each other (CAS §2.1.1)")
	case o.Gateway && o.Service == "":
		return errors.New("cas: Gateway needs a Service to return to (CAS §2.1.1)")
	}
	switch o.Method {
	case "", MethodGet, MethodPost, MethodHeader:
	default:
		return fmt.Errorf("cas: Method must be %s, %s or %s", MethodGet, MethodPost, MethodHeader)
	}
	for name := range o.Extra {
		if slices.Contains([]string{"service", "renew", "gateway", "method", "ticket"}, name) {
			return fmt.Errorf("cas: Extra must not set %s: use its field instead", name)
		}
	}
	return nil
}

// withQuery adds parameters, escaped and sorted, to an address.
func withQuery(endpoint string, params url.Values) string {
	switch {
	case len(params) == 0:
		return endpoint
	case strings.Contains(endpoint, "?"):
		return endpoint + "&" + params.Encode()
	}
	return endpoint + "?" + params.Encode()
}
