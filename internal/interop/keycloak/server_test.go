//go:build interop

package keycloak

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// callback is an address where nothing listens: the walk stops before it.
const callback = "http://127.0.0.1:34567/callback"

// keycloak is the running server (servers/keycloak/realm.py has its clients). It is used over https, because its
// cookies are Secure.
type keycloak struct {
	base, admin, adminPassword, secret string
	certificates                       string // the folder of the clients' certificates
	http                               *http.Client
}

func server(t *testing.T) *keycloak {
	t.Helper()
	facts, err := interop.Facts("keycloak")
	require.NoError(t, err)
	pem, err := os.ReadFile(facts["CA_FILE"])
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(pem))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	return &keycloak{
		base: facts["TLS_BASE_URL"], admin: facts["ADMIN"], adminPassword: facts["ADMIN_PASSWORD"],
		secret: facts["SECRET_SUFFIX"], certificates: facts["CERTIFICATES"], http: &http.Client{Transport: transport},
	}
}

// config is the configuration of an application from Keycloak's console.
func (k *keycloak) config(id string) oidc.Config {
	return oidc.Config{
		Issuer: k.base + "/realms/interop", ClientID: id, ClientSecret: id + k.secret, RedirectURI: callback, HTTPClient: k.http,
	}
}

func (k *keycloak) client(t *testing.T, id string, change ...func(*oidc.Config)) *oidc.Client {
	t.Helper()
	cfg := k.config(id)
	for _, f := range change {
		f(&cfg)
	}
	c, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	return c
}

// rotation is the realm where a refresh token is for one use.
func rotation(k *keycloak) func(*oidc.Config) {
	return func(c *oidc.Config) { c.Issuer = k.base + "/realms/rotation" }
}

func alg(name string) func(*oidc.Config) {
	return func(c *oidc.Config) { c.IDTokenSigningAlg = name }
}

func method(m oauth.ClientAuth) func(*oidc.Config) {
	return func(c *oidc.Config) { c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = m, m, m }
}

func public(c *oidc.Config) {
	c.ClientSecret = ""
	method(oauth.None)(c)
}

func (k *keycloak) person(t *testing.T, name, password string) *formlogin.Person {
	t.Helper()
	who, err := formlogin.New(name, password, k.http.Transport)
	require.NoError(t, err)
	return who
}

func (k *keycloak) alice(t *testing.T) *formlogin.Person { return k.person(t, "alice", "wonderland") }

func visit(t *testing.T, who *formlogin.Person, address, stop string) *http.Request {
	t.Helper()
	r, err := who.Visit(t.Context(), address, stop)
	require.NoError(t, err)
	return r
}

func begin(t *testing.T, c *oidc.Client, who *formlogin.Person, o oidc.AuthorizeOptions) (*oidc.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	back := visit(t, who, login.URL, login.RedirectURI)
	if login.ResponseMode == oauth.ResponseModeFragment {
		back = formlogin.PostFragment(back)
	}
	return login, back
}

func login(t *testing.T, c *oidc.Client, who *formlogin.Person) *oidc.Result {
	t.Helper()
	pending, back := begin(t, c, who, oidc.AuthorizeOptions{})
	result, err := c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
	return result
}
