package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// thumbprintOf is the x5t#S256 of the client's certificate (RFC 8705 §3.1).
func thumbprintOf(hc *httpcore.Client) (string, error) {
	der, seen, err := hc.Certificate()
	switch {
	case err != nil:
		return "", fmt.Errorf("oauth: the client certificate: %w", err)
	case !seen:
		return "", errors.New("oauth: CertificateBoundTokens needs an http.Transport as HTTPClient's Transport whose TLSClientConfig has one certificate, or GetClientCertificate: else the certificate is not known")
	case len(der) == 0:
		return "", errors.New("oauth: CertificateBoundTokens: " + needCertificate)
	}
	return x5tOf(der), nil
}

func x5tOf(der []byte) string {
	digest := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(digest[:])
}

// ownsCertificate refuses a token of another certificate, where the certificate can be seen.
func ownsCertificate(hc *httpcore.Client, b Binding) error {
	if b.X5T == "" {
		return nil
	}
	der, seen, err := hc.Certificate()
	switch {
	case err != nil:
		return fmt.Errorf("oauth: the client certificate: %w", err)
	case seen && x5tOf(der) != b.X5T: // also when there is none
		return fmt.Errorf("%w: it is bound to another client certificate", ErrBinding)
	}
	return nil
}
