package httpcore

import "net/http"

// LacksCertificate reports whether no client certificate can be sent in a TLS connection. It is false for a
// RoundTripper of another type than *http.Transport, and for a dial of the application's own: there it cannot be
// seen.
func (c *Client) LacksCertificate() bool {
	t, ok := c.transport.(*http.Transport)
	if p, guarded := c.transport.(*publicOnly); guarded {
		t, ok = p.transport, true
	}
	switch {
	case !ok:
		return false
	case t == nil:
		return true
	case t.DialTLSContext != nil:
		return false
	}
	tls := t.TLSClientConfig
	return tls == nil || len(tls.Certificates) == 0 && tls.GetClientCertificate == nil
}
