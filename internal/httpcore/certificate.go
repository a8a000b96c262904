package httpcore

import (
	"crypto/tls"
	"net/http"
)

// LacksCertificate reports whether no client certificate can be sent in a TLS connection. It is false for a
// RoundTripper of another type than *http.Transport, and for a dial of the application's own: there it cannot be
// seen.
func (c *Client) LacksCertificate() bool {
	config, seen := c.tls()
	return seen && (config == nil || len(config.Certificates) == 0 && config.GetClientCertificate == nil)
}

// TrustsAnyServer reports whether the certificates of servers are not checked, where that can be seen: InsecureSkipVerify
// without a check of the application's own.
func (c *Client) TrustsAnyServer() bool {
	config, seen := c.tls()
	return seen && config != nil && config.InsecureSkipVerify && config.VerifyConnection == nil && config.VerifyPeerCertificate == nil
}

// AllowsOldTLS reports whether connections may use TLS before 1.2, where that can be seen.
func (c *Client) AllowsOldTLS() bool {
	config, seen := c.tls()
	return seen && config != nil && config.MinVersion != 0 && config.MinVersion < tls.VersionTLS12
}

// Certificate returns the certificate that TLS connections send now, in DER; it is empty when there is none. seen is false
// where it cannot be seen, as in LacksCertificate, and when it is one of several.
func (c *Client) Certificate() (der []byte, seen bool, err error) {
	config, seen := c.tls()
	switch {
	case !seen || config == nil:
		return nil, seen, nil
	case config.GetClientCertificate != nil:
		certificate, err := config.GetClientCertificate(&tls.CertificateRequestInfo{Version: tls.VersionTLS13, SignatureSchemes: allSchemes})
		if err != nil || certificate == nil || len(certificate.Certificate) == 0 {
			return nil, true, err
		}
		return certificate.Certificate[0], true, nil
	case len(config.Certificates) > 1:
		return nil, false, nil
	case len(config.Certificates) == 0 || len(config.Certificates[0].Certificate) == 0:
		return nil, true, nil
	}
	return config.Certificates[0].Certificate[0], true, nil
}

// allSchemes is what a server accepts that asks for any certificate (RFC 8446 §4.2.3).
var allSchemes = []tls.SignatureScheme{
	tls.ECDSAWithP256AndSHA256, tls.ECDSAWithP384AndSHA384, tls.ECDSAWithP521AndSHA512, tls.Ed25519,
	tls.PSSWithSHA256, tls.PSSWithSHA384, tls.PSSWithSHA512, tls.PKCS1WithSHA256, tls.PKCS1WithSHA384, tls.PKCS1WithSHA512,
}

// tls returns the settings of TLS; seen is false where they cannot be seen.
func (c *Client) tls() (config *tls.Config, seen bool) {
	t, ok := c.transport.(*http.Transport)
	if p, guarded := c.transport.(*publicOnly); guarded {
		t, ok = p.transport, true
	}
	switch {
	case !ok || t != nil && t.DialTLSContext != nil:
		return nil, false
	case t == nil:
		return nil, true
	}
	return t.TLSClientConfig, true
}
