package cas

import (
	"context"
	"errors"
	"net/url"
	"slices"
)

// LogoutParam is the name of the parameter with the address to return to after a logout.
type LogoutParam string

const (
	LogoutService LogoutParam = "service" // CAS §2.3.1
	LogoutURL     LogoutParam = "url"     // CAS 2.0 §2.3.1
)

// LogoutOptions are the parameters of a logout (CAS §2.3.1).
type LogoutOptions struct {
	// Service is where the browser goes afterwards, an http or https URL; empty leaves it at the server.
	Service string
}

// BuildLogoutUrl returns the address that ends the browser's session at the server (CAS §2.3). The application ends
// its own session. When Config.LogoutServices is set, a Service that is not in it is an error.
func (c *Client) BuildLogoutUrl(_ context.Context, o LogoutOptions) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	if err := (endpoint{"Logout", c.cfg.Endpoints.Logout}).need(); err != nil {
		return "", err
	}
	if o.Service == "" {
		return c.cfg.Endpoints.Logout, nil
	}
	if err := checkWebService("Service", o.Service); err != nil {
		return "", err
	}
	if len(c.cfg.LogoutServices) > 0 && !slices.Contains(c.cfg.LogoutServices, o.Service) {
		return "", errors.New("cas: Service is not one of LogoutServices")
	}
	return withQuery(c.cfg.Endpoints.Logout, url.Values{string(c.cfg.LogoutParam): {o.Service}}), nil
}
