//go:build interop

package oidcprovider

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// The users of provider.mjs agree after a second, refuse, or never answer.
func TestCIBALogin(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "ciba", func(c *oidc.Config) { c.RedirectURI = "" })
	login, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{Scope: "openid email offline_access", LoginHint: "alice", BindingMessage: "W4SCT"})
	require.NoError(t, err)
	result, err := c.CompleteCIBALogin(t.Context(), login)
	require.NoError(t, err)
	assert.Equal(t, "alice", result.IDToken.Subject)

	again, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{IDTokenHint: result.IDToken.Raw()})
	require.NoError(t, err)
	assert.Equal(t, "alice", again.Subject)
	_, err = c.CompleteCIBALogin(t.Context(), again)
	require.NoError(t, err)
	_, err = c.CompleteCIBALogin(t.Context(), again)
	require.ErrorIs(t, err, oauth.InvalidGrant, "a login is for one use")
}

func TestCIBALoginRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "ciba", func(c *oidc.Config) { c.RedirectURI = "" })
	login, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "deny-alice"})
	require.NoError(t, err)
	_, err = c.CompleteCIBALogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.AccessDenied)

	login, err = c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "hold-alice", RequestedExpiry: 8 * time.Second})
	require.NoError(t, err)
	_, err = c.CompleteCIBALogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.ExpiredToken)

	_, err = c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice", Ping: true})
	require.ErrorIs(t, err, oauth.DiscoveryMissing, "the server has the poll mode alone")
	_, err = p.oidcClient(t, "basic").BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
	require.ErrorIs(t, err, oauth.InvalidRequest, "this client may not: the server's code for unauthorized_client")
}

// This server has neither token exchange nor the JWT bearer grant: the answer is typed.
func TestGrantsThatAreMissing(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "m2m")
	_, err := c.ExchangeToken(t.Context(), oauth.TokenExchangeOptions{SubjectToken: "token"})
	require.ErrorIs(t, err, oauth.UnsupportedGrantType)
	_, err = c.GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: "a.b.c"})
	require.ErrorIs(t, err, oauth.UnsupportedGrantType)
	_, err = c.GetAccessTokenByGrant(t.Context(), "client_credentials", url.Values{})
	require.NoError(t, err, "the accepted twin")
}
