//go:build interop

package oidcprovider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func newDPoP(t *testing.T) *oauth.DPoP {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	d, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
	require.NoError(t, err)
	return d
}

func proving(d *oauth.DPoP) func(*oidc.Config) { return func(c *oidc.Config) { c.DPoP = d } }

// A login, user info, introspection and a refresh with a key; the provider demands it, with and without a nonce, and
// refuses a client that has none.
func TestDPoP(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, id := range []string{"dpop", "dpop-nonce"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			d := newDPoP(t)
			c := p.oidcClient(t, id, proving(d))
			options := oidc.AuthorizeOptions{Scope: "openid email offline_access", Prompt: "consent"}
			result := oidcLoginAs(t, c, person(t), options)
			require.Equal(t, "DPoP", result.Token.TokenType)
			require.Equal(t, oauth.Binding{JKT: d.JKT()}, result.Token.Binding)
			asked := oauth.UserInfoOptions{Subject: "alice", Binding: result.Token.Binding}
			user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, asked)
			require.NoError(t, err)
			assert.Equal(t, "alice@example.test", user.Email)
			seen, err := c.IntrospectToken(t.Context(), result.Token.AccessToken)
			require.NoError(t, err)
			assert.Equal(t, result.Token.Binding, seen.Binding)
			assert.Equal(t, "DPoP", seen.TokenType)
			next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, Binding: result.Token.Binding})
			require.NoError(t, err)
			assert.Equal(t, result.Token.Binding, next.Token.Binding)

			_, err = p.oidcClient(t, id).GetUserInfoByAccessToken(t.Context(), next.Token.AccessToken)
			require.ErrorIs(t, err, oauth.InvalidToken, "the token alone")
			_, err = p.oidcClient(t, id, proving(newDPoP(t))).GetUserInfoByAccessToken(t.Context(), next.Token.AccessToken)
			require.ErrorIs(t, err, oauth.InvalidToken, "another key")
			without := p.oidcClient(t, id)
			login, callback := oidcBegin(t, without, person(t), options)
			_, err = without.CompleteLogin(t.Context(), login, callback)
			require.ErrorIs(t, err, oauth.InvalidGrant, "a client without a key")
		})
	}
}

// The refresh token of a public client is bound to the key, and the code too (dpop_jkt).
func TestDPoPOfAPublicClient(t *testing.T) {
	t.Parallel()
	p := provider(t)
	d := newDPoP(t)
	c := p.oidcClient(t, "public", proving(d))
	result := oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
	other := p.oidcClient(t, "public", proving(newDPoP(t)))
	_, err := other.GetNewAccessTokenByRefreshToken(t.Context(), result.Token.RefreshToken)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	next, err := c.GetNewAccessTokenByRefreshToken(t.Context(), result.Token.RefreshToken)
	require.NoError(t, err)
	assert.Equal(t, d.JKT(), next.Binding.JKT)
}

// Both ends: an API that introspects at the provider admits the token with a proof, and not without.
func TestDPoPAtAnAPI(t *testing.T) {
	t.Parallel()
	p := provider(t)
	d := newDPoP(t)
	c := p.oidcClient(t, "dpop", proving(d))
	result := oidcLogin(t, c, "openid")
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	proofs, err := web.NewDPoP(web.DPoPConfig{BaseURL: base, RequireNonce: true})
	require.NoError(t, err)
	verifier := web.Introspection(c, web.IntrospectionExpect{ClientIDs: []string{"dpop"}})
	server.Config.Handler = web.TokenGuard{Verifier: verifier, DPoP: proofs}.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Start()
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/orders", nil)
	require.NoError(t, err)
	res, err := d.Send(server.Client().Transport, r, result.Token)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	assert.Equal(t, http.StatusOK, res.StatusCode)
	r.Header.Set("Authorization", "Bearer "+result.Token.AccessToken)
	res, err = server.Client().Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
}
