package oidc_test

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// The happy path with each client authentication, each binding of tokens, with and without aliases of endpoints.
func TestConformanceFAPIHappyPaths(t *testing.T) {
	t.Parallel()
	for method, auth := range map[string]oauth.ClientAuth{
		"private_key_jwt": oauth.PrivateKeyJWT{Keys: signs("p256", "")}, "tls_client_auth": oauth.TLSClientAuth, "self_signed_tls_client_auth": oauth.SelfSignedTLSClientAuth,
	} {
		for _, certificateBound := range []bool{false, true} {
			for _, aliases := range []bool{false, true} {
				for _, profile := range []oidc.Profile{oidc.FAPI2, oidc.FAPI2MessageSigning} {
					t.Run(fmt.Sprint(method, " ", certificateBound, " ", aliases, " ", profile), func(t *testing.T) {
						t.Parallel()
						w, config := certifiedFAPIWorld(t, aliases, &oidctest.Server{
							TokenAuth: method, CertificateBoundAccessTokens: certificateBound, FAPI2: true, FAPI2MessageSigning: profile == oidc.FAPI2MessageSigning,
						})
						config.TokenAuth, config.CertificateBoundTokens = auth, certificateBound
						if !certificateBound {
							config.DPoP = newDPoP(t)
						}
						if config.Profile = profile; profile == oidc.FAPI2MessageSigning {
							messageSigning(&config)
						}
						var err error
						w.client, err = oidc.NewClient(config)
						require.NoError(t, err)
						result, err := w.login(t, fapiModule{})
						require.NoError(t, err)
						assert.Equal(t, certificateBound, result.Token.Binding.X5T != "")
						assert.Equal(t, config.DPoP.JKT(), result.Token.Binding.JKT)
						fapiUse(t, w, result)
					})
				}
			}
		}
	}
}

// certifiedFAPIWorld has a client certificate. With aliases, the address of the issuer asks for none.
func certifiedFAPIWorld(t *testing.T, aliases bool, idp *oidctest.Server) (*fapiWorld, oidc.Config) {
	t.Helper()
	own := selfSigned(t, "app", "p256")
	set, err := json.Marshal(oauth.JWKSet{{Public: keys()["p256"].Public()}})
	require.NoError(t, err)
	idp.SigningKey, idp.JWKS, idp.CertificateSubject = keys()["fake"].(*rsa.PrivateKey), set, "CN=app"
	idp.RedirectURIs, idp.DPoPNonce = []string{redirectURI}, time.Hour
	mutual := httptest.NewUnstartedServer(idp)
	mutual.TLS = &tls.Config{ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: x509.NewCertPool()}
	mutual.TLS.ClientCAs.AddCert(own.Leaf)
	mutual.StartTLS()
	t.Cleanup(mutual.Close)
	at := mutual.URL
	if aliases {
		plain := httptest.NewTLSServer(idp)
		t.Cleanup(plain.Close)
		at, idp.MTLSBase = plain.URL, mutual.URL
	}
	idp.Realm = &idptest.Realm{BaseURL: at}
	transport := mutual.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates = []tls.Certificate{own}
	t.Cleanup(transport.CloseIdleConnections)
	return &fapiWorld{idp: idp}, oidc.Config{
		Issuer: at, ClientID: oidctest.ClientID, RedirectURI: redirectURI, HTTPClient: &http.Client{Transport: transport},
	}
}

// An API asks the server of FAPI2MessageSigning about a token, and gets a signed answer with the token's key.
func TestFAPIIntrospection(t *testing.T) {
	t.Parallel()
	w := newFAPIWorld(t, oidc.FAPI2MessageSigning, time.Hour)
	result, err := w.login(t, fapiModule{})
	require.NoError(t, err)
	api, err := oidc.NewClient(oidc.Config{
		Profile: oidc.FAPI2MessageSigning, Issuer: issuer, ClientID: oidctest.ClientID, HTTPClient: w.http,
		IntrospectionAuth: oauth.PrivateKeyJWT{Keys: signs("p256", "")}, IntrospectionSigningAlg: "PS256",
	})
	require.NoError(t, err)
	reply, err := api.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.NoError(t, err)
	assert.True(t, reply.Active)
	assert.Equal(t, result.Token.Binding, reply.Binding)
	w.idp.Break(oidctest.PlainIntrospection)
	_, err = api.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.ErrorIs(t, err, oidc.CheckUnsigned)
	_, err = api.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.ErrorContains(t, err, "TokenAuth must be set: want oauth.PrivateKeyJWT", "an API gets no token that is bound to nothing")
}
