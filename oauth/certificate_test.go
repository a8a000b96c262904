package oauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// selfSigned is a client certificate with its key, and its x5t#S256.
func selfSigned(t testing.TB) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "app"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	digest := sha256.Sum256(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, base64.RawURLEncoding.EncodeToString(digest[:])
}

func withCertificates(list ...tls.Certificate) *http.Transport {
	return &http.Transport{TLSClientConfig: &tls.Config{Certificates: list}}
}

// nonceIn reads a proof that was not verified.
func nonceIn(t testing.TB, proof string) string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(proof, ".")[1])
	require.NoError(t, err)
	var claims struct{ Nonce string }
	require.NoError(t, json.Unmarshal(payload, &claims))
	return claims.Nonce
}

// mutual is a fake server over TLS that asks for certificates, and a client of it.
func mutual(t *testing.T, s *oidctest.Server) func(change func(*tls.Config)) oauth.Config {
	t.Helper()
	server := httptest.NewUnstartedServer(s)
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	server.StartTLS()
	t.Cleanup(server.Close)
	s.MTLSBase = server.URL
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return func(change func(*tls.Config)) oauth.Config {
		settings := &tls.Config{RootCAs: roots}
		change(settings)
		transport := &http.Transport{TLSClientConfig: settings}
		t.Cleanup(transport.CloseIdleConnections)
		return oauth.Config{
			ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Issuer: server.URL, RedirectURI: "http://127.0.0.1:7190/callback",
			HTTPClient: &http.Client{Transport: transport}, CertificateBoundTokens: true,
		}
	}
}

// The Token notes the certificate, which user info needs too; a server that binds to another one, or to none, is refused
// where that can be read (RFC 8705 §3).
func TestP5CertificateBoundTokens(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*oidctest.Server{"JWT": {CertificateBoundAccessTokens: true}, "opaque": {CertificateBoundAccessTokens: true, OAuth: true}} {
		config := mutual(t, s)
		pair, x5t := selfSigned(t)
		other, _ := selfSigned(t)
		client := func(change func(*tls.Config)) *oauth.Client {
			c, err := oauth.NewClient(config(change))
			require.NoError(t, err)
			return c
		}
		for _, change := range []func(*tls.Config){
			func(c *tls.Config) { c.Certificates = []tls.Certificate{pair} },
			func(c *tls.Config) {
				c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
			},
		} {
			c := client(change)
			login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "openid profile"})
			require.NoError(t, err)
			callback, err := s.Login(t.Context(), login.URL, "alice")
			require.NoError(t, err)
			token, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
			assert.Equal(t, oauth.Binding{X5T: x5t}, token.Binding, name)
			_, err = c.GetUserInfoByAccessToken(t.Context(), token.AccessToken, oauth.UserInfoOptions{Binding: token.Binding})
			require.NoError(t, err)
			wrong := client(func(c *tls.Config) { c.Certificates = []tls.Certificate{other} })
			_, err = wrong.GetUserInfoByAccessToken(t.Context(), token.AccessToken)
			require.ErrorIs(t, err, oauth.InvalidToken, "the server refuses it")
			_, err = wrong.GetUserInfoByAccessToken(t.Context(), token.AccessToken, oauth.UserInfoOptions{Binding: token.Binding})
			require.ErrorIs(t, err, oauth.ErrBinding, "and with its binding it is not sent")
		}
		c := client(func(c *tls.Config) { c.Certificates = []tls.Certificate{pair} })
		ask := func() error {
			_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "profile"})
			return err
		}
		require.NoError(t, ask())
		for _, fault := range []idptest.Fault{oidctest.OtherBinding, oidctest.MissingBinding} {
			s.Break(fault)
			if name == "JWT" {
				require.ErrorIs(t, ask(), oauth.ErrBinding, fault)
			} else {
				require.NoError(t, ask(), "an opaque token tells nothing")
			}
		}
	}
}

// A certificate that cannot be had any more is no reason to take or to send a token as one that is bound to nothing.
func TestP5CertificateThatIsGone(t *testing.T) {
	t.Parallel()
	s := &oidctest.Server{CertificateBoundAccessTokens: true}
	pair, x5t := selfSigned(t)
	broken := errors.New("the device is locked")
	var locked atomic.Bool
	c, err := oauth.NewClient(mutual(t, s)(func(c *tls.Config) {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if locked.Load() {
				return nil, broken
			}
			return &pair, nil
		}
	}))
	require.NoError(t, err)
	token, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "profile"})
	require.NoError(t, err)
	require.Equal(t, oauth.Binding{X5T: x5t}, token.Binding)
	locked.Store(true) // the connection stays
	_, err = c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "profile"})
	require.ErrorIs(t, err, broken)
	asked := s.Requests("/me")
	_, err = c.GetUserInfoByAccessToken(t.Context(), token.AccessToken, oauth.UserInfoOptions{Binding: token.Binding})
	require.ErrorIs(t, err, broken)
	assert.Equal(t, asked, s.Requests("/me"), "nothing is sent")
}

func TestCertificateMustBeKnown(t *testing.T) {
	t.Parallel()
	pair, _ := selfSigned(t)
	broken := errors.New("the device is locked")
	for want, base := range map[string]http.RoundTripper{
		"has one certificate":               withCertificates(pair, pair),
		"needs a client certificate":        &http.Transport{},
		"needs an http.Transport":           roundTrip(nil),
		"oauth: the client certificate: th": &http.Transport{TLSClientConfig: &tls.Config{GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return nil, broken }}},
	} {
		_, err := oauth.NewClient(oauth.Config{CertificateBoundTokens: true, HTTPClient: &http.Client{Transport: base}})
		require.ErrorContains(t, err, want)
	}
	_, err := oauth.NewClient(oauth.Config{CertificateBoundTokens: true, HTTPClient: &http.Client{Transport: withCertificates(pair)}})
	require.NoError(t, err)
}
