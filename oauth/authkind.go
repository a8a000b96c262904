package oauth

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// NamedAuth is a ClientAuth that says its name. It is compared with the server's metadata before anything is sent (RFC 8414 §2 token_endpoint_auth_methods_supported).
type NamedAuth interface {
	ClientAuth
	// MethodName returns the registered name, such as private_key_jwt (RFC 7591 §2); empty is not compared.
	MethodName() string
}

// SigningAuth is a ClientAuth that signs. Its algorithm is compared with the server's metadata before anything is
// sent (RFC 8414 §2 token_endpoint_auth_signing_alg_values_supported).
type SigningAuth interface {
	ClientAuth
	// SigningAlg returns the algorithm, such as ES256; empty is not compared.
	SigningAlg() string
}

// MutualTLSAuth is a ClientAuth that may need the client's certificate in the TLS connection (RFC 8705). NewClient
// then refuses an HTTPClient that has none, where that can be seen. A server may have own endpoints for such calls
// (RFC 8705 §5).
type MutualTLSAuth interface {
	ClientAuth
	// UsesMutualTLS reports whether the certificate is needed.
	UsesMutualTLS() bool
}

// MethodName implements NamedAuth.
func (m AuthMethod) MethodName() string { return string(m.orDefault()) }

// UsesMutualTLS implements MutualTLSAuth.
func (m AuthMethod) UsesMutualTLS() bool {
	return m == TLSClientAuth || m == SelfSignedTLSClientAuth
}

// checkCertificate finds that mutual TLS is needed and cannot happen: without a certificate the server would only
// refuse the client, and the browser's code would be lost.
func checkCertificate(a ClientAuth, hc *httpcore.Client) error {
	if usesMutualTLS(a) && hc.LacksCertificate() {
		return errors.New(needCertificate)
	}
	return nil
}

const needCertificate = "mutual TLS needs a client certificate: set HTTPClient with an http.Transport whose TLSClientConfig has Certificates or GetClientCertificate (RFC 8705 §2)"
