//go:build interop

package oidcprovider

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// overTLS uses the provider's issuer of https, with the certificate of that name; none when empty.
func (p *op) overTLS(t *testing.T, name string) (func(*oidc.Config), *http.Transport) {
	t.Helper()
	pem, err := os.ReadFile(p.caFile)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	settings := &tls.Config{RootCAs: roots}
	if name != "" {
		pair, err := tls.LoadX509KeyPair(filepath.Join(p.certificates, name+".pem"), filepath.Join(p.certificates, name+".key"))
		require.NoError(t, err)
		// Not Certificates: the server names its own CA, and crypto/tls sends it no self-signed one of those.
		settings.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	}
	transport := &http.Transport{TLSClientConfig: settings}
	t.Cleanup(transport.CloseIdleConnections)
	return func(c *oidc.Config) { c.Issuer, c.HTTPClient = p.tlsBase, &http.Client{Transport: transport} }, transport
}

// The client authenticates by its certificate, at the endpoints of mtls_endpoint_aliases: no others here ask for one.
// Its tokens are bound to the certificate.
func TestMutualTLS(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, auth := range map[string]oauth.ClientAuth{"mtls-self": oauth.SelfSignedTLSClientAuth, "mtls-ca": oauth.TLSClientAuth} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			right, transport := p.overTLS(t, id)
			c := p.oidcClient(t, id, right, authBy(auth), func(c *oidc.Config) { c.CertificateBoundTokens = true })
			who, err := formlogin.New("alice", "wonderland", transport)
			require.NoError(t, err)
			result := oidcLoginAs(t, c, who, oidc.AuthorizeOptions{Scope: "openid email"})
			seen, err := c.IntrospectToken(t.Context(), result.Token.AccessToken)
			require.NoError(t, err)
			require.NotEmpty(t, result.Token.Binding.X5T)
			assert.Equal(t, seen.Binding, result.Token.Binding, "the provider says the same")
			user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: "alice", Binding: result.Token.Binding})
			require.NoError(t, err)
			assert.Equal(t, "alice@example.test", user.Email)

			other := map[string]string{"mtls-self": "mtls-ca", "mtls-ca": "mtls-self"}[id]
			wrong, _ := p.overTLS(t, other)
			_, err = p.oidcClient(t, id, wrong, authBy(auth)).IntrospectToken(t.Context(), result.Token.AccessToken)
			require.ErrorIs(t, err, oauth.InvalidClient)
			_, err = p.oidcClient(t, other, wrong, authBy(auth)).GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken)
			require.ErrorIs(t, err, oauth.InvalidToken, "the token is bound to the other certificate")
			_, err = p.oidcClient(t, other, wrong, authBy(auth)).GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Binding: result.Token.Binding})
			require.ErrorIs(t, err, oauth.ErrBinding, "and with its binding it is not sent")
		})
	}
}

func TestMutualTLSWithoutACertificate(t *testing.T) {
	t.Parallel()
	p := provider(t)
	cfg := p.oidcConfig(t, "mtls-self") // TestMutualTLS has the accepted twin
	none, _ := p.overTLS(t, "")
	none(&cfg)
	authBy(oauth.SelfSignedTLSClientAuth)(&cfg)
	_, err := oidc.NewClient(cfg)
	require.ErrorContains(t, err, "certificate")
}
