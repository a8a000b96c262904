//go:build interop

package oidcprovider

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func pushing(c *oidc.Config) { c.PushedAuthorization = oauth.PushAlways }

// signing makes a client of rp_private_jwks sign its assertions and its requests.
func (p *op) signing(c *oidc.Config) {
	keys := p.signer()
	authBy(oauth.PrivateKeyJWT{Keys: keys})(c)
	c.RequestObject = &oauth.RequestObject{Keys: keys}
}

// pushedOnly wants an address with nothing but client_id and a request_uri.
func pushedOnly(t *testing.T, address, clientID string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	query := u.Query()
	assert.Equal(t, clientID, query.Get("client_id"))
	assert.Contains(t, query.Get("request_uri"), "urn:ietf:params:oauth:request_uri:")
	assert.Len(t, query, 2)
}

// The provider demands it of these clients. A parameter that somebody adds to the address does not count, and the address
// is for one use.
func TestPushedAuthorization(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, change := range map[string]func(*oidc.Config){
		"par": func(*oidc.Config) {}, "par-post": func(*oidc.Config) {}, "par-jar": p.signing, "par-dpop-nonce": proving(newDPoP(t)),
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c, options := p.oidcClient(t, id, change, pushing), oidc.AuthorizeOptions{Scope: "openid email"}
			login, err := c.BeginLogin(t.Context(), options)
			require.NoError(t, err)
			pushedOnly(t, login.URL, id)
			callback := visit(t, person(t), login.URL+"&scope=openid&nonce=another&redirect_uri=https%3A%2F%2Fevil.example", login.RedirectURI)
			result, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
			assert.True(t, result.Token.HasScope("email"))

			second := visit(t, person(t), login.URL, login.RedirectURI)
			assert.Equal(t, "invalid_request_uri", second.URL.Query().Get("error"), "a second use")

			login, err = p.oidcClient(t, id, change).BeginLogin(t.Context(), options)
			require.NoError(t, err)
			refused := visit(t, person(t), login.URL, login.RedirectURI)
			assert.Equal(t, "invalid_request", refused.URL.Query().Get("error"), "a client that does not push")
		})
	}
}

// The provider's refusals come before the browser leaves. TestPushedAuthorization has the accepted twins.
func TestPushedAuthorizationRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for name, row := range map[string]struct {
		id      string
		change  func(*oidc.Config)
		options oidc.AuthorizeOptions
		refusal oauth.ErrorCode
	}{
		"another secret":        {"par", func(c *oidc.Config) { c.ClientSecret = "x" + c.ClientSecret }, oidc.AuthorizeOptions{}, oauth.InvalidClient},
		"another redirect URI":  {"par", func(*oidc.Config) {}, oidc.AuthorizeOptions{RedirectURI: "http://127.0.0.1:7191/callback"}, oauth.InvalidRequest},
		"another resource":      {"par", func(*oidc.Config) {}, oidc.AuthorizeOptions{Resource: []string{"urn:interop:none"}}, oauth.InvalidTarget},
		"no signed request":     {"par-jar", func(c *oidc.Config) { p.signing(c); c.RequestObject = nil }, oidc.AuthorizeOptions{}, oauth.InvalidRequest},
		"no rich authorization": {"par", func(*oidc.Config) {}, oidc.AuthorizeOptions{Resource: resource, AuthorizationDetails: details(t, payment{Type: "payment_initiation"})}, oauth.InvalidAuthorizationDetails},
	} {
		_, err := p.oidcClient(t, row.id, row.change, pushing).BeginLogin(t.Context(), row.options)
		require.ErrorIs(t, err, row.refusal, name)
	}
}

// A server whose metadata demands it: the client pushes by itself, and one that may not push does not begin.
func TestPushedAuthorizationRequired(t *testing.T) {
	t.Parallel()
	p := provider(t)
	right, transport := p.overTLS(t, "")
	fapi := func(c *oidc.Config) {
		right(c)
		p.signing(c)
		c.Issuer, c.RequestObject, c.IDTokenSigningAlg, c.DPoP = p.fapiBase, nil, "PS256", newDPoP(t)
	}
	c := p.oidcClient(t, "fapi-dpop", fapi)
	login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	pushedOnly(t, login.URL, "fapi-dpop")
	who, err := formlogin.New("alice", "wonderland", transport)
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), login, visit(t, who, login.URL, login.RedirectURI))
	require.NoError(t, err)

	_, err = p.oidcClient(t, "fapi-dpop", fapi, func(c *oidc.Config) { c.PushedAuthorization = oauth.PushNever }).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "require_pushed_authorization_requests")
}

// The client's certificate authenticates at the endpoint that mtls_endpoint_aliases names.
func TestPushedAuthorizationByCertificate(t *testing.T) {
	t.Parallel()
	p := provider(t)
	right, transport := p.overTLS(t, "mtls-ca")
	c := p.oidcClient(t, "mtls-par", right, authBy(oauth.TLSClientAuth), pushing)
	login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	pushedOnly(t, login.URL, "mtls-par")
	who, err := formlogin.New("alice", "wonderland", transport)
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), login, visit(t, who, login.URL, login.RedirectURI))
	require.NoError(t, err)

	wrong, _ := p.overTLS(t, "mtls-self")
	_, err = p.oidcClient(t, "mtls-par", wrong, authBy(oauth.TLSClientAuth), pushing).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidClient)
}
