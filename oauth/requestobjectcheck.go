package oauth

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// canSignRequest returns why a login with request objects, or without them, cannot succeed at a server with this
// metadata (OpenID Connect Discovery §3, RFC 9101 §10.5).
func (c *Client) canSignRequest(m *Metadata, pushed bool) error {
	o := c.cfg.RequestObject
	byReference := o != nil && o.Host != nil && !pushed
	switch {
	case o == nil && m.RequireSignedRequestObject:
		return errors.New("oauth: the server's metadata has require_signed_request_object, and RequestObject is not set")
	case o == nil:
		return nil
	case !byReference && !m.says("request_parameter_supported", m.RequestParameterSupported || m.RequireSignedRequestObject || pushed):
		return errors.New("oauth: RequestObject passes the object itself, and the server's metadata does not have request_parameter_supported")
	case byReference && !m.says("request_uri_parameter_supported", true):
		return errors.New("oauth: RequestObject.Host is set, and the server's metadata has request_uri_parameter_supported false")
	case byReference && m.RequireRequestURIRegistration && !o.HostIsRegistered:
		return errors.New("oauth: the server's metadata has require_request_uri_registration: register the addresses of RequestObject.Host, and set HostIsRegistered")
	}
	if algs := m.RequestObjectSigningAlgValuesSupported; lacks(algs, o.SigningAlg()) {
		return fmt.Errorf("oauth: RequestObject signs with %s, and the server accepts %s", httpcore.Clean(o.SigningAlg()), httpcore.Clean(strings.Join(algs, ", ")))
	}
	return nil
}

// says is a flag of the document, and otherwise when the document does not have it. A missing
// request_uri_parameter_supported is true (OpenID Connect Discovery §3), and a server that demands request objects takes
// them (RFC 9101 §10.5).
func (m *Metadata) says(name string, otherwise bool) bool {
	var document map[string]any
	if m.doc == "" || m.Claims(&document) != nil {
		return otherwise
	}
	if said, ok := document[name].(bool); ok {
		return said
	}
	return otherwise
}
