package oidc_test

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// finding are the modules about where a server is and what it says about itself, by their names in the suite: of
// oidcc-client-config, -dynamic and the plan of all.
var finding = map[string]func(t *testing.T){
	"oidcc-client-test-discovery-webfinger-acct": func(t *testing.T) { webFingerLogin(t, "acct:alice@") },
	"oidcc-client-test-discovery-webfinger-url":  func(t *testing.T) { webFingerLogin(t, "https://alice@") },
	"oidcc-client-test-mtls-endpoint-aliases":    aliasLogin,
	"oidcc-client-test-discovery-openid-config": func(t *testing.T) {
		discoveryRefuses(t, map[idptest.Fault]error{
			oidctest.MissingEndpoints: oauth.DiscoveryMissing, oidctest.HTTPEndpoints: oauth.DiscoveryEndpoint, oidctest.RepeatedMember: oauth.DiscoveryDocument,
			oidctest.NoAlgorithms: oauth.DiscoveryAlgorithm, idptest.HTML.At(wellKnown): oauth.DiscoveryDocument, idptest.Redirect.At(wellKnown): oauth.DiscoveryRedirect,
			idptest.BrokenJSON.At(wellKnown): oauth.DiscoveryDocument, idptest.Oversized.At(wellKnown): oauth.DiscoveryDocument,
		})
	},
	"oidcc-client-test-discovery-issuer-mismatch": func(t *testing.T) {
		discoveryRefuses(t, map[idptest.Fault]error{oidctest.WrongDiscoveryIssuer: oauth.DiscoveryIssuer})
	},
	"oidcc-client-test-discovery-jwks-uri-keys": func(t *testing.T) {
		for fault, want := range map[idptest.Fault]string{
			oidctest.EmptyJWKS: "oidc: refused the token (key)", oidctest.NoJWKS: "oidc: JWKS: GET https://op.example/.well-known/jwks.json: status 404, want 200",
		} {
			s := newApplication(t, nil, func(s *oidctest.Server) { s.RedirectURIs = []string{redirectURI} })
			s.server.Break(fault)
			require.ErrorContains(t, s.plainLogin(t), want)
			s.server.Break()
			require.NoError(t, s.plainLogin(t))
		}
	},
}

func TestConformanceDiscovery(t *testing.T) {
	t.Parallel()
	for module, test := range finding {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// plainLogin logs the first user in at a new client.
func (s *application) plainLogin(t *testing.T) error {
	t.Helper()
	client := s.client(t, func(c *oidc.Config) { c.ClientID, c.ClientSecret = oidctest.ClientID, oidctest.ClientSecret })
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	if err != nil {
		return err
	}
	back, err := s.server.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	_, err = client.CompleteLogin(t.Context(), login, back)
	return err
}

// discoveryRefuses breaks the server; the refusal is typed and comes before the browser is sent there.
func discoveryRefuses(t *testing.T, faults map[idptest.Fault]error) {
	t.Helper()
	for fault, want := range faults {
		s := newApplication(t, nil, func(s *oidctest.Server) { s.RedirectURIs = []string{redirectURI} })
		s.server.Break(fault)
		err := s.plainLogin(t)
		require.ErrorIs(t, err, want, fault)
		var refused *oauth.DiscoveryError
		require.ErrorAs(t, err, &refused, fault)
		assert.Zero(t, s.server.Requests("/auth"))
		s.server.Break()
		require.NoError(t, s.plainLogin(t), "the accepted twin")
	}
}

// webFingerLogin begins with what the user typed, and ends with a login at the issuer that was found.
func webFingerLogin(t *testing.T, prefix string) {
	t.Helper()
	provider := &oidctest.Server{SigningKey: keys()["fake"].(*rsa.PrivateKey)}
	server := httptest.NewTLSServer(provider)
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "https://")
	finger, err := oidc.NewWebFinger(oidc.WebFingerConfig{Hosts: []string{host}, Issuers: []string{server.URL}, HTTPClient: server.Client()})
	require.NoError(t, err)
	found, err := finger.Issuer(t.Context(), prefix+host)
	require.NoError(t, err)
	client, err := oidc.NewClient(oidc.Config{
		Issuer: found, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: "http://localhost/callback", HTTPClient: server.Client(),
	})
	require.NoError(t, err)
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	back, err := provider.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	_, err = client.CompleteLogin(t.Context(), login, back)
	require.NoError(t, err)

	asked := provider.Requests("/.well-known/webfinger")
	_, err = finger.Issuer(t.Context(), prefix+"attacker.example")
	require.ErrorIs(t, err, oauth.DiscoveryHost)
	assert.Equal(t, asked, provider.Requests("/.well-known/webfinger"))
	for fault, want := range map[idptest.Fault]error{
		oidctest.WrongWebFingerIssuer: oauth.DiscoveryIssuer, oidctest.NoWebFingerLink: oauth.DiscoveryDocument, idptest.Redirect.At("/.well-known/webfinger"): oauth.DiscoveryRedirect,
	} {
		provider.Break(fault)
		_, err = finger.Issuer(t.Context(), prefix+host)
		require.ErrorIs(t, err, want, fault)
	}
}

// aliasLogin has two addresses of one server: only that of the alias asks for a certificate.
func aliasLogin(t *testing.T) {
	t.Helper()
	own := selfSigned(t, "app", "rsa")
	certificates := x509.NewCertPool()
	certificates.AddCert(own.Leaf)
	text, err := json.Marshal(oauth.JWKSet{{Public: own.Leaf.PublicKey}})
	require.NoError(t, err)
	var provider atomic.Pointer[oidctest.Server]
	listen := func(certificate tls.ClientAuthType) *httptest.Server {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.Load().ServeHTTP(w, r) }))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.TLS = &tls.Config{ClientAuth: certificate, ClientCAs: certificates}
		server.StartTLS()
		t.Cleanup(server.Close)
		return server
	}
	conventional, mutual := listen(tls.NoClientCert), listen(tls.RequireAndVerifyClientCert)
	transport := conventional.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates = []tls.Certificate{own}
	t.Cleanup(transport.CloseIdleConnections)
	login := func(base string, faults ...idptest.Fault) error {
		s := &oidctest.Server{
			Realm: &idptest.Realm{BaseURL: conventional.URL}, MTLSBase: base, SigningKey: keys()["fake"].(*rsa.PrivateKey),
			Apps: []oidctest.App{{ClientID: "own", TokenAuth: "self_signed_tls_client_auth", JWKS: text, RedirectURIs: []string{redirectURI}}},
		}
		provider.Store(s)
		s.Break(faults...)
		client, err := oidc.NewClient(oidc.Config{
			Issuer: conventional.URL, ClientID: "own", RedirectURI: redirectURI, TokenAuth: oauth.SelfSignedTLSClientAuth, HTTPClient: &http.Client{Transport: transport},
		})
		require.NoError(t, err)
		begun, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if err != nil {
			return err
		}
		assert.True(t, strings.HasPrefix(begun.URL, conventional.URL+"/auth?"), "the browser has no certificate")
		back, err := s.Login(t.Context(), begun.URL, "")
		require.NoError(t, err)
		result, err := client.CompleteLogin(t.Context(), begun, back)
		if err != nil {
			return err
		}
		_, err = client.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
		return err
	}
	require.NoError(t, login(mutual.URL))
	require.ErrorIs(t, login(""), oauth.InvalidClient, "without an alias the conventional endpoint is called, which sees no certificate")
	require.ErrorIs(t, login(mutual.URL, oidctest.HTTPAliases), oauth.DiscoveryEndpoint)
}
