package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// authing is a server that listens, and the variables for it and what it offers.
func authing(t *testing.T, protocols string) (idp *authtest.Server, origin string, env []string) {
	t.Helper()
	idp = &authtest.Server{}
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	return idp, server.URL, []string{
		"AUTHING_APP_ID=" + authtest.AppID, "AUTHING_APP_SECRET=" + authtest.Secret, "AUTHING_APP_HOST=" + server.URL, "AUTHING_PROTOCOL=" + protocols,
	}
}

// other are the variables for the same server by the standards alone. It must know the application, when that has its
// address.
func other(t *testing.T) (know func(*demotest.Example), env []string) {
	t.Helper()
	idp, origin, _ := authing(t, "")
	idp.IDTokenSigningAlg = "RS256"
	key, certFile, keyFile := pemFiles(t)
	know = func(e *demotest.Example) {
		idp.SAMLApps = []samltest.App{{
			EntityID: e.Origin + "/auth/metadata/saml", ACSURLs: []string{e.Origin + "/auth/callback/saml"}, SLOURL: e.Origin + "/auth/slo/saml",
			Key: key, DemandSigned: true,
		}}
	}
	return know, []string{
		"OIDC_ISSUER=" + origin + "/oidc", "OIDC_CLIENT_ID=" + authtest.AppID, "OIDC_CLIENT_SECRET=" + authtest.Secret,
		"SAML_IDP_METADATA_URL=" + origin + "/api/v2/saml-idp/" + authtest.AppID + "/metadata", "SAML_CERT_FILE=" + certFile, "SAML_KEY_FILE=" + keyFile,
		"CAS_SERVER_URL=" + origin + "/cas",
	}
}

// pemFiles writes a key and its certificate.
func pemFiles(t *testing.T) (public crypto.PublicKey, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0)}
	cert, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certFile, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return key.Public(), certFile, keyFile
}

// At a real application of Authing, and at any other server, only what is configured is offered.
func TestServers(t *testing.T) {
	t.Parallel()
	_, _, atAuthing := authing(t, "oidc oauth saml cas")
	_, _, one := authing(t, "")
	know, elsewhere := other(t)
	knowToo, besides := other(t)
	_, old := other(t)
	_, _, cas := authing(t, "cas oauth")
	for name, c := range map[string]struct {
		env   []string
		wants []string
		know  func(*demotest.Example)
	}{
		"Authing":            {atAuthing, []string{"cas", "oauth", "oidc", "saml"}, nil},
		"Authing by default": {one, []string{"oidc"}, nil},
		"other servers":      {elsewhere, []string{"cas", "oidc", "saml"}, know},
		"both":               {append(cas[:4:4], besides[:6]...), []string{"cas", "oauth", "oidc", "saml"}, knowToo},
		"CAS 2.0":            {[]string{old[6], "CAS_VERSION=2.0"}, []string{"cas"}, nil},
		"shared CAS":         {append(cas[:4:4], "CAS_ALLOW_SHARED_SERVICE=true"), []string{"cas", "oauth"}, nil},
		"expert logout":      {append(one[:4:4], "AUTHING_LOGOUT=expert"), []string{"oidc"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := demotest.Start(t, newApp, c.env...)
			if c.know != nil {
				c.know(e)
			}
			assert.NotContains(t, e.Greeting, "embedded")
			for _, protocol := range protocols {
				p := e.Person()
				offered := strings.Contains(p.Open("/").Body, `id="login-`+protocol+`"`)
				if assert.Equal(t, strings.Contains(strings.Join(c.wants, " "), protocol), offered, protocol); !offered {
					assert.Equal(t, http.StatusNotFound, p.Open("/auth/login/"+protocol).Status)
					continue
				}
				assert.Contains(t, e.Greeting, protocol+": ")
				page := login(t, p, protocol)
				assert.Contains(t, page.Body, idptest.Email)
				out := p.Press("/auth/logout", nil)
				assert.Contains(t, out.Body, "You are signed out")
				assert.Equal(t, e.Origin, out.URL.Scheme+"://"+out.URL.Host)
				confirmed := protocol == "oidc" && name == "expert logout" || c.know != nil && (protocol == "oidc" || protocol == "saml")
				assert.Equal(t, confirmed, strings.Contains(out.Body, "and the sign-in service."), "%s: only a checked answer says so", protocol)
				assert.Contains(t, login(t, p, protocol).Asked, "login", "the server's session has ended too")
			}
		})
	}
}

// What a login by OpenID Connect asks for.
func TestScope(t *testing.T) {
	t.Parallel()
	for env, want := range map[string][]string{
		"OIDC_SCOPE=":               {"openid profile email phone address offline_access", "consent"},
		"OIDC_SCOPE=openid profile": {"openid profile", ""},
	} {
		p := demotest.Start(t, newApp, env).Person()
		p.Hold = func(r *http.Request) bool { return r.URL.Query().Has("scope") }
		asks := p.Open("/auth/login/oidc").Held.URL.Query()
		assert.Equal(t, want, []string{asks.Get("scope"), asks.Get("prompt")})
	}
}
