//go:build interop

package oidcprovider

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestDiscovery(t *testing.T) {
	t.Parallel()
	p := provider(t)
	m, err := p.oidcClient(t, "basic").Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, p.base, m.Issuer)
	assert.Equal(t, p.base+"/auth", m.AuthorizationEndpoint)
	assert.Equal(t, p.base+"/token", m.TokenEndpoint)
	assert.Equal(t, p.base+"/session/end", m.EndSessionEndpoint)
	assert.Subset(t, m.IDTokenSigningAlgValuesSupported, []string{"HS256", "RS256", "ES512", "EdDSA"})
	assert.True(t, m.AuthorizationResponseIssParameterSupported)
	var more struct {
		DeviceEndpoint string `json:"device_authorization_endpoint"`
	}
	require.NoError(t, m.Claims(&more))
	assert.Equal(t, p.base+"/device/auth", more.DeviceEndpoint)
}

func TestDiscoveryOfAnotherIssuer(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, issuer := range []string{p.base + "/", strings.Replace(p.base, "127.0.0.1", "localhost", 1)} {
		cfg := p.oidcConfig(t, "basic") // TestDiscovery is the accepted twin
		cfg.Issuer = issuer
		c, err := oidc.NewClient(cfg)
		require.NoError(t, err)
		_, err = c.Metadata(t.Context())
		require.Error(t, err)
		assert.Contains(t, err.Error(), `"`+p.base+`"`)
		assert.Contains(t, err.Error(), `"`+issuer+`"`)
	}
}

// Over https the application's HTTPClient must trust the certificate.
func TestDiscoveryOverTLS(t *testing.T) {
	t.Parallel()
	p := provider(t)
	pem, err := os.ReadFile(p.caFile)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	cfg := p.oidcConfig(t, "basic")
	cfg.Issuer = p.tlsBase
	trusting := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(trusting.CloseIdleConnections)
	cfg.HTTPClient = &http.Client{Transport: trusting}
	c, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	m, err := c.Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, p.tlsBase, m.Issuer)

	cfg.HTTPClient = nil
	c, err = oidc.NewClient(cfg)
	require.NoError(t, err)
	_, err = c.Metadata(t.Context())
	var unknown x509.UnknownAuthorityError
	require.ErrorAs(t, err, &unknown)
}
