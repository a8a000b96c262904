//go:build interop

package keycloak

import (
	"crypto/tls"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// certified makes a client authenticate by the certificate of that name, which the CA of the run issued.
func (k *keycloak) certified(t *testing.T, name string) func(*oidc.Config) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(k.certificates, name+".pem"), filepath.Join(k.certificates, name+".key"))
	require.NoError(t, err)
	transport := k.http.Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates = []tls.Certificate{pair}
	t.Cleanup(transport.CloseIdleConnections)
	return func(c *oidc.Config) {
		c.ClientSecret, c.HTTPClient = "", &http.Client{Transport: transport}
		method(oauth.TLSClientAuth)(c)
	}
}

// The client authenticates by its certificate, and its tokens are bound to it. Keycloak has no
// self_signed_tls_client_auth.
func TestMutualTLS(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "mtls", k.certified(t, "mtls-ca"), func(c *oidc.Config) { c.CertificateBoundTokens = true })
	result := login(t, c, k.alice(t))
	require.NotEmpty(t, result.Token.Binding.X5T)
	seen, err := c.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.NoError(t, err)
	assert.Equal(t, seen.Binding, result.Token.Binding, "the server says the same")
	asked := oauth.UserInfoOptions{Subject: result.IDToken.Subject, Binding: result.Token.Binding}
	_, err = c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, asked)
	require.NoError(t, err)
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, Binding: result.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, result.Token.Binding, next.Token.Binding)

	wrong := k.client(t, "mtls", k.certified(t, "mtls-other"))
	unauthenticated(t, k, wrong, oauth.InvalidClient)
	_, err = wrong.GetUserInfoByAccessToken(t.Context(), next.Token.AccessToken)
	require.ErrorIs(t, err, oauth.InvalidToken, "the token is bound to the other certificate")
	_, err = wrong.GetUserInfoByAccessToken(t.Context(), next.Token.AccessToken, asked)
	require.ErrorIs(t, err, oauth.ErrBinding, "and with its binding it is not sent")
	unauthenticated(t, k, k.client(t, "mtls"), oauth.InvalidClient) // with a secret
}
