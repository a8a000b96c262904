package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func newDPoP(t testing.TB) *oauth.DPoP {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	d, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
	require.NoError(t, err)
	return d
}

// P4, P5, T3: a whole login with a key, with and without nonces; fapi2-security-profile-final happy path, DPoP.
func TestP4LoginWithAKey(t *testing.T) {
	t.Parallel()
	for name, nonce := range map[string]time.Duration{"without nonce": 0, "with nonce": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := &oidctest.Server{DPoPBoundAccessTokens: true, DPoPNonce: nonce, AllowPublic: true, AccessTokenAudience: resource}
			server := httptest.NewServer(idp)
			t.Cleanup(server.Close)
			client := func(d *oauth.DPoP) *oidc.Client {
				c, err := oidc.NewClient(oidc.Config{
					Issuer: server.URL, ClientID: oidctest.ClientID, TokenAuth: oauth.None, RedirectURI: "http://127.0.0.1:7190/callback",
					HTTPClient: server.Client(), DPoP: d,
				})
				require.NoError(t, err)
				return c
			}
			login := func(c *oidc.Client) (*oidc.Result, error) {
				login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid profile offline_access", Prompt: "consent"})
				require.NoError(t, err)
				callback, err := idp.Login(t.Context(), login.URL, "alice")
				require.NoError(t, err)
				return c.CompleteLogin(t.Context(), login, callback)
			}
			d := newDPoP(t)
			c := client(d)
			result, err := login(c)
			require.NoError(t, err)
			require.Equal(t, oauth.Binding{JKT: d.JKT()}, result.Token.Binding)
			user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject, Binding: result.Token.Binding})
			require.NoError(t, err)
			assert.Equal(t, result.IDToken.Subject, user.Subject)

			_, err = c.VerifyAccessToken(t.Context(), result.Token.AccessToken, oidc.AccessTokenExpect{Audience: resource})
			require.ErrorIs(t, err, oidc.CheckBinding)
			token, err := c.VerifyAccessToken(t.Context(), result.Token.AccessToken, oidc.AccessTokenExpect{Audience: resource, AllowBoundToken: true})
			require.NoError(t, err)
			assert.Equal(t, result.Token.Binding, token.Binding)

			refresh := oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, Binding: result.Token.Binding}
			for name, other := range map[string]*oidc.Client{"another key": client(newDPoP(t)), "no key": client(nil)} {
				before := idp.Requests("/token")
				_, err = other.Refresh(t.Context(), refresh)
				require.ErrorIs(t, err, oauth.ErrBinding, name)
				require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
				_, err = other.RefreshIfExpired(t.Context(), result.Token, 0)
				require.ErrorIs(t, err, oauth.ErrBinding, name)
				require.Equal(t, before, idp.Requests("/token"), name)
			}
			next, err := c.Refresh(t.Context(), refresh)
			require.NoError(t, err)
			assert.Equal(t, result.Token.Binding, next.Token.Binding)

			_, err = login(client(nil))
			require.ErrorIs(t, err, oauth.InvalidDPoPProof)
			for _, fault := range []func(){func() { idp.Break(oidctest.BearerTokenType) }, func() { idp.Break(oidctest.OtherBinding) }} {
				fault()
				_, err = login(c)
				require.ErrorIs(t, err, oauth.ErrBinding)
			}
		})
	}
}

// A token that was stored before the client had a key is replaced by a bound one.
func TestStoredTokenWithoutAKey(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{}
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	client := func(d *oauth.DPoP) *oidc.Client {
		c, err := oidc.NewClient(oidc.Config{
			Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: "http://127.0.0.1:7190/callback",
			HTTPClient: server.Client(), DPoP: d,
		})
		require.NoError(t, err)
		return c
	}
	plain := client(nil)
	login, err := plain.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
	require.NoError(t, err)
	callback, err := idp.Login(t.Context(), login.URL, "alice")
	require.NoError(t, err)
	result, err := plain.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	same, err := plain.RefreshIfExpired(t.Context(), result.Token, 0)
	require.NoError(t, err)
	require.Same(t, result.Token, same)
	d := newDPoP(t)
	next, err := client(d).RefreshIfExpired(t.Context(), result.Token, 0)
	require.NoError(t, err)
	require.Equal(t, oauth.Binding{JKT: d.JKT()}, next.Binding)
	same, err = client(d).RefreshIfExpired(t.Context(), next, 0)
	require.NoError(t, err)
	require.Same(t, next, same)
}

func TestFrontChannelTokenIsNotBound(t *testing.T) {
	t.Parallel()
	config := oidc.Config{Issuer: issuer, ClientID: clientID, DPoP: newDPoP(t)}
	_, err := oidc.NewClient(config)
	require.NoError(t, err)
	config.AllowFrontChannelAccessToken = true
	_, err = oidc.NewClient(config)
	require.ErrorContains(t, err, "AllowFrontChannelAccessToken contradicts DPoP")
	config.DPoP = nil
	_, err = oidc.NewClient(config)
	require.NoError(t, err)
	config.CertificateBoundTokens = true
	_, err = oidc.NewClient(config)
	require.ErrorContains(t, err, "AllowFrontChannelAccessToken contradicts")
}
