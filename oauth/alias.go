package oauth

import (
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// address is an endpoint of the configuration and of the metadata.
type address struct {
	name    string // its member in the metadata
	own, at *string
	mutual  bool // the client authenticates there with mutual TLS
}

func (c *Config) addresses(m *Metadata) []address {
	token := usesMutualTLS(c.TokenAuth)
	return []address{
		{"authorization_endpoint", &c.Endpoints.Authorization, &m.AuthorizationEndpoint, false},
		{"token_endpoint", &c.Endpoints.Token, &m.TokenEndpoint, token},
		{"userinfo_endpoint", &c.Endpoints.UserInfo, &m.UserInfoEndpoint, token}, // its tokens are bound to the certificate
		{"introspection_endpoint", &c.Endpoints.Introspection, &m.IntrospectionEndpoint, usesMutualTLS(c.IntrospectionAuth)},
		{"revocation_endpoint", &c.Endpoints.Revocation, &m.RevocationEndpoint, usesMutualTLS(c.RevocationAuth)},
		{"pushed_authorization_request_endpoint", &c.Endpoints.PushedAuthorization, &m.PushedAuthorizationRequestEndpoint, token},
		{"registration_endpoint", &c.Endpoints.Registration, &m.RegistrationEndpoint, false},
		{"device_authorization_endpoint", &c.Endpoints.DeviceAuthorization, &m.DeviceAuthorizationEndpoint, token},
		{"backchannel_authentication_endpoint", &c.Endpoints.BackchannelAuthentication, &m.BackchannelAuthenticationEndpoint, token},
	}
}

// takeMetadata fills Endpoints from Metadata: an address of the configuration comes first, then the alias for mutual
// TLS where the server publishes one, then the conventional address (RFC 8705 §5). It leaves the result in both.
func (c *Config) takeMetadata(hc *httpcore.Client) error {
	m := c.Metadata
	for _, e := range c.addresses(m) {
		alias := m.MTLSEndpointAliases[e.name]
		switch {
		case *e.own != "":
			*e.at = *e.own
		case alias != "" && (e.mutual || c.UseMTLSAliases && e.name != "authorization_endpoint"):
			if !strings.HasPrefix(alias, "https://") {
				return refuseDiscovery(DiscoveryEndpoint, "mtls_endpoint_aliases has a %s that is not https: mutual TLS needs it", e.name)
			}
			*e.at = alias
		}
		*e.own = *e.at
	}
	for _, f := range m.fields() {
		if f.text == nil || *f.text == "" {
			continue
		}
		if err := hc.CheckURL(f.name, *f.text); err != nil {
			return refuseDiscovery(DiscoveryEndpoint, "%w", err)
		}
	}
	for name, alias := range m.MTLSEndpointAliases {
		if name == "authorization_endpoint" || alias == "" { // the browser does not use an alias
			continue
		}
		if err := hc.CheckURL(fmt.Sprintf("mtls_endpoint_aliases: %s", httpcore.Clean(name)), alias); err != nil {
			return refuseDiscovery(DiscoveryEndpoint, "%w", err)
		}
	}
	return nil
}

func usesMutualTLS(a ClientAuth) bool {
	m, ok := a.(MutualTLSAuth)
	return ok && m.UsesMutualTLS()
}
