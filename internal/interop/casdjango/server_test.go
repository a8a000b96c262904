//go:build interop

package casdjango

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

// site is the running server and one application of a test.
type site struct {
	base, tlsBase string
	trust         *http.Transport // trusts the CA of the run
	app           *app
}

func server(t *testing.T) *site {
	t.Helper()
	facts, err := interop.Facts("cas-django")
	require.NoError(t, err)
	ca, err := os.ReadFile(facts["CA_FILE"])
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(ca))
	cert, err := tls.LoadX509KeyPair(facts["CERT_FILE"], facts["KEY_FILE"])
	require.NoError(t, err)
	trust := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(trust.CloseIdleConnections)
	return &site{base: facts["BASE_URL"], tlsBase: facts["TLS_BASE_URL"], trust: trust, app: newApp(t, cert)}
}

// config is the configuration of an application for the server.
func (s *site) config() cas.Config {
	return cas.Config{ServerURL: s.base, Service: s.app.plain.URL + "/callback?next=/a%20b&x=1"}
}

func newClient(t *testing.T, config cas.Config) *cas.Client {
	t.Helper()
	c, err := cas.NewClient(config)
	require.NoError(t, err)
	return c
}

func (s *site) client(t *testing.T) *cas.Client {
	t.Helper()
	return newClient(t, s.config())
}

func person(t *testing.T) *formlogin.Person {
	t.Helper()
	who, err := formlogin.New("alice", "wonderland", nil)
	require.NoError(t, err)
	return who
}

// visit goes from a page of the server to the application as the user would.
func (s *site) visit(t *testing.T, who *formlogin.Person, address string) *http.Request {
	t.Helper()
	r, err := who.Visit(t.Context(), address, s.app.plain.URL)
	require.NoError(t, err)
	return r
}

// ticket is a service ticket for the service, by the two calls.
func (s *site) ticket(t *testing.T, c *cas.Client, who *formlogin.Person, service string) string {
	t.Helper()
	address, err := c.BuildAuthorizeUrl(t.Context(), cas.AuthorizeOptions{Service: service})
	require.NoError(t, err)
	ticket := s.visit(t, who, address).URL.Query().Get("ticket")
	require.NotEmpty(t, ticket)
	return ticket
}
