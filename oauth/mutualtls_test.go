package oauth_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const noCertificate = "mutual TLS needs a client certificate: set HTTPClient with an http.Transport whose TLSClientConfig has Certificates or GetClientCertificate (RFC 8705 §2)"

// C5: a missing client certificate is found before anything is sent, where it can be seen.
func TestC5MissingClientCertificate(t *testing.T) {
	t.Parallel()
	given := tls.Certificate{Certificate: [][]byte{{1}}}
	for name, c := range map[string]struct {
		tripper http.RoundTripper
		refused bool
	}{
		"no TLS settings":  {&http.Transport{}, true},
		"no certificate":   {&http.Transport{TLSClientConfig: &tls.Config{}}, true},
		"a certificate":    {&http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{given}}}, false},
		"one when asked":   {&http.Transport{TLSClientConfig: &tls.Config{GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &given, nil }}}, false},
		"its own dial":     {&http.Transport{DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("x") }}, false},
		"cannot be seen":   {silent(t), false},
		"a nil *Transport": {(*http.Transport)(nil), true},
	} {
		for _, method := range []oauth.AuthMethod{oauth.TLSClientAuth, oauth.SelfSignedTLSClientAuth, oauth.ClientSecretBasic} {
			for field, set := range map[string]func(*oauth.Config){
				"TokenAuth":         func(c *oauth.Config) { c.TokenAuth = method },
				"IntrospectionAuth": func(c *oauth.Config) { c.IntrospectionAuth = method },
				"RevocationAuth":    func(c *oauth.Config) { c.RevocationAuth = method },
			} {
				cfg := config(c.tripper)
				set(&cfg)
				_, err := oauth.NewClient(cfg)
				if c.refused && method != oauth.ClientSecretBasic {
					require.EqualError(t, err, "oauth: "+field+": "+noCertificate, name)
				} else {
					require.NoError(t, err, name)
				}
			}
		}
	}
}

// C4: a client with a certificate sends its id, and never the secret, which may be the key of its ID tokens.
func TestC4MutualTLSSendsTheIDAlone(t *testing.T) {
	t.Parallel()
	for _, method := range []oauth.AuthMethod{oauth.TLSClientAuth, oauth.SelfSignedTLSClientAuth} {
		for _, password := range []string{"", secret} {
			r := &oauth.AuthRequest{ClientID: clientID, ClientSecret: password, Form: url.Values{}, Header: http.Header{}}
			require.NoError(t, method.Authenticate(t.Context(), r))
			assert.Equal(t, url.Values{"client_id": {clientID}}, r.Form)
			assert.Empty(t, r.Header)
			client := with(t, tokenReply(http.StatusOK, `{"access_token":"AT","token_type":"Bearer"}`), func(c *oauth.Config) {
				c.ClientSecret, c.TokenAuth = password, method
			})
			_, err := client.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
			require.NoError(t, err)
			_, err = client.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
			require.NoError(t, err)
		}
	}
}

// A method says what a server's metadata and endpoints are compared with.
func TestWhatAMethodSays(t *testing.T) {
	t.Parallel()
	for method, c := range map[oauth.AuthMethod]struct {
		name string
		tls  bool
	}{
		"": {"client_secret_basic", false}, oauth.ClientSecretBasic: {"client_secret_basic", false}, oauth.ClientSecretPost: {"client_secret_post", false},
		oauth.None: {"none", false}, oauth.TLSClientAuth: {"tls_client_auth", true}, oauth.SelfSignedTLSClientAuth: {"self_signed_tls_client_auth", true},
	} {
		var auth oauth.ClientAuth = method
		assert.Equal(t, c.name, auth.(oauth.NamedAuth).MethodName())
		assert.Equal(t, c.tls, auth.(oauth.MutualTLSAuth).UsesMutualTLS())
	}
}
