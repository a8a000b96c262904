package oidctest

import (
	"crypto"
	"crypto/x509"
	"net/http"
)

// certified says whether a method wants a client certificate (RFC 8705 §2).
func certified(method string) bool { return method == authTLS || method == authSelfSigned }

// checkCertificate compares the certificate of the TLS connection: its subject, where the connection's server checked who
// issued it (RFC 8705 §2.1), or its key, which is in the application's JWKS (RFC 8705 §2.2).
func (s *Server) checkCertificate(r *http.Request, c *client, method string) *failure {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return invalidClient("the connection has no client certificate")
	}
	certificate := r.TLS.PeerCertificates[0]
	if method == authTLS && (len(r.TLS.VerifiedChains) == 0 || c.app.CertificateSubject == "" || certificate.Subject.String() != c.app.CertificateSubject) {
		return invalidClient("the client certificate is not that of the client")
	}
	if method == authSelfSigned && !s.ownsKey(r, c, certificate) {
		return invalidClient("the client certificate is not in the client's JWKS")
	}
	return nil
}

func (s *Server) ownsKey(r *http.Request, c *client, certificate *x509.Certificate) bool {
	for _, key := range s.clientKeys(r.Context(), c) {
		if public, ok := key.Key.(interface{ Equal(crypto.PublicKey) bool }); ok && public.Equal(certificate.PublicKey) {
			return true
		}
	}
	return false
}
