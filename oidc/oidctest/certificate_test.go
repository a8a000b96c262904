package oidctest_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// certificateFor makes a certificate for name; without an issuer it signs itself.
func certificateFor(t *testing.T, name string, issuer *tls.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: issuer == nil, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	parent, signer := template, crypto.Signer(key)
	if issuer != nil {
		parent, signer = issuer.Leaf, issuer.PrivateKey.(crypto.Signer)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func TestClientCertificates(t *testing.T) {
	t.Parallel()
	authority := certificateFor(t, "authority", nil)
	issued, stranger, own := certificateFor(t, "app", &authority), certificateFor(t, "other", &authority), certificateFor(t, "app", nil)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: own.Leaf.PublicKey}}})
	require.NoError(t, err)
	idp := &oidctest.Server{Scopes: []string{"api", "openid"}, Apps: []oidctest.App{
		{ClientID: "pki", TokenAuth: "tls_client_auth", CertificateSubject: "CN=app"},
		{ClientID: "own", TokenAuth: "self_signed_tls_client_auth", JWKS: keys},
	}}
	for _, verified := range []bool{true, false} {
		server := httptest.NewUnstartedServer(idp)
		server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
		if verified {
			server.TLS.ClientAuth, server.TLS.ClientCAs = tls.VerifyClientCertIfGiven, x509.NewCertPool()
			server.TLS.ClientCAs.AddCert(authority.Leaf)
		}
		server.StartTLS()
		t.Cleanup(server.Close)
		try := func(client string, certificates ...tls.Certificate) int {
			transport := server.Client().Transport.(*http.Transport).Clone()
			transport.TLSClientConfig.Certificates, transport.DisableKeepAlives = certificates, true
			body := form("grant_type", "client_credentials", "client_id", client).Encode()
			response, err := (&http.Client{Transport: transport}).Post(server.URL+"/token", "application/x-www-form-urlencoded", strings.NewReader(body))
			if err != nil {
				return 0
			}
			defer response.Body.Close()
			return response.StatusCode
		}
		assert.Equal(t, 401, try("pki"))
		assert.Equal(t, 401, try("own"))
		if verified {
			assert.Equal(t, 200, try("pki", issued))
			assert.Equal(t, 401, try("pki", stranger))
			assert.Equal(t, 401, try("own", issued))
		} else {
			assert.Equal(t, 401, try("pki", issued), "nobody checked who issued it")
			assert.Equal(t, 200, try("own", own))
			assert.Equal(t, 401, try("own", certificateFor(t, "app", nil)))
		}
	}
}
