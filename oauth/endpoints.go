package oauth

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// Endpoints are the addresses of the authorization server (RFC 6749 §3, RFC 7662 §2, RFC 7009 §2, RFC 9126 §2,
// OpenID Connect Core §5.3). A call whose endpoint is empty fails.
type Endpoints struct {
	// Authorization is where the browser logs in (RFC 6749 §3.1).
	Authorization string
	// Token is where codes, refresh tokens and other grants are exchanged for tokens (RFC 6749 §3.2).
	Token string
	// UserInfo is where an access token gives claims about its user (OpenID Connect Core §5.3).
	UserInfo string
	// Introspection is where the server says whether a token is active (RFC 7662 §2).
	Introspection string
	// Revocation is where a token is revoked (RFC 7009 §2).
	Revocation string
	// PushedAuthorization is where the parameters of an authorization request are sent before the browser is (RFC 9126 §2).
	// See Config.PushedAuthorization.
	PushedAuthorization string
	// Registration is where a client registers itself (RFC 7591 §3).
	Registration string
	// DeviceAuthorization is where a device without a browser begins a login (RFC 8628 §3.1).
	DeviceAuthorization string
	// BackchannelAuthentication is where a login on the user's own device begins (OpenID Connect CIBA Core §7).
	BackchannelAuthentication string
}

// checkEndpoints checks the addresses that are configured.
func (c *Config) checkEndpoints(hc *httpcore.Client) error {
	for _, e := range []struct{ field, url string }{
		{"Endpoints.Authorization", c.Endpoints.Authorization}, {"Endpoints.Token", c.Endpoints.Token},
		{"Endpoints.UserInfo", c.Endpoints.UserInfo}, {"Endpoints.Introspection", c.Endpoints.Introspection},
		{"Endpoints.Revocation", c.Endpoints.Revocation}, {"Endpoints.PushedAuthorization", c.Endpoints.PushedAuthorization},
		{"Endpoints.Registration", c.Endpoints.Registration},
		{"Endpoints.DeviceAuthorization", c.Endpoints.DeviceAuthorization}, {"Endpoints.BackchannelAuthentication", c.Endpoints.BackchannelAuthentication},
	} {
		if e.url == "" {
			continue
		}
		if err := hc.CheckURL(e.field, e.url); err != nil {
			return fmt.Errorf("oauth: %w", err)
		}
	}
	return nil
}

// needEndpoint names the missing endpoint, as the field or as the member of the server's metadata. Its error matches
// errors.ErrUnsupported.
func (c *Client) needEndpoint(field, endpoint string) error {
	switch {
	case endpoint != "":
		return nil
	case c.server != nil:
		return refuseDiscovery(DiscoveryMissing, "the server's metadata has no %s_endpoint: %w", endpointMember(field), errors.ErrUnsupported)
	}
	return option.Mistake(fmt.Errorf("oauth: Endpoints.%s is not set: %w", field, errors.ErrUnsupported))
}

// endpointMember is the member of the server's metadata for a field of Endpoints, without _endpoint.
func endpointMember(field string) string {
	switch field {
	case "PushedAuthorization":
		return "pushed_authorization_request"
	case "DeviceAuthorization":
		return "device_authorization"
	case "BackchannelAuthentication":
		return "backchannel_authentication"
	}
	return strings.ToLower(field)
}
