package oidc_test

import (
	"context"
	"crypto/rsa"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// pendingLogin is a login on another device, of one of both kinds.
type pendingLogin struct {
	code     string // what the user's device knows it by
	complete func(context.Context, *oidc.Client) (*oidc.Result, error)
}

// provenElsewhere runs f for a device and a CIBA login of a public client, at a server that demands proofs with a nonce of
// this second or the one before: each poll comes with an old nonce.
func provenElsewhere(t *testing.T, f func(t *testing.T, server *oidctest.Server, client func(*oauth.DPoP) *oidc.Client, begin func(*oidc.Client) pendingLogin)) {
	t.Helper()
	key := keys()["fake"].(*rsa.PrivateKey)
	const scope = "openid offline_access"
	for kind, begin := range map[string]func(*testing.T, *oidc.Client) pendingLogin{
		"device": func(t *testing.T, c *oidc.Client) pendingLogin {
			l, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Scope: scope})
			require.NoError(t, err)
			return pendingLogin{l.UserCode, func(ctx context.Context, c *oidc.Client) (*oidc.Result, error) { return c.CompleteDeviceLogin(ctx, l) }}
		},
		"CIBA": func(t *testing.T, c *oidc.Client) pendingLogin {
			l, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{Scope: scope, LoginHint: idptest.Username})
			require.NoError(t, err)
			return pendingLogin{l.AuthReqID, func(ctx context.Context, c *oidc.Client) (*oidc.Result, error) { return c.CompleteCIBALogin(ctx, l) }}
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &oidctest.Server{
					SigningKey: key, Device: &oidctest.Device{}, CIBA: &oidctest.CIBA{}, AllowPublic: true,
					DPoPBoundAccessTokens: true, DPoPNonce: time.Second, Scopes: []string{"openid", "offline_access"},
				}
				_ = against(t, server, func(*oidc.Config) {}) // names the realm
				client := func(d *oauth.DPoP) *oidc.Client {
					c, err := oidc.NewClient(oidc.Config{
						Issuer: "https://id.example", ClientID: oidctest.ClientID, TokenAuth: oauth.None, DPoP: d, HTTPClient: &http.Client{Transport: handler{server}},
					})
					require.NoError(t, err)
					return c
				}
				f(t, server, client, func(c *oidc.Client) pendingLogin { return begin(t, c) })
			})
		})
	}
}

// P4: each poll has a proof; a stale nonce costs a second request, and no slow_down. The token is bound to the key, and
// the refresh token of a public client too.
func TestP4ElsewhereWithAKey(t *testing.T) {
	t.Parallel()
	provenElsewhere(t, func(t *testing.T, server *oidctest.Server, client func(*oauth.DPoP) *oidc.Client, begin func(*oidc.Client) pendingLogin) {
		d := newDPoP(t)
		c := client(d)
		login := begin(c)
		after(t, 12*time.Second, func() error { return server.Allow(t.Context(), login.code, "") })
		start := time.Now()
		result, err := login.complete(t.Context(), c)
		require.NoError(t, err)
		assert.Equal(t, 15*time.Second, time.Since(start), "three polls")
		assert.Equal(t, 6, server.Requests("/token"), "each is sent again for its nonce, once")
		assert.Equal(t, idptest.Subject, result.IDToken.Subject)
		assert.Equal(t, oauth.Binding{JKT: d.JKT()}, result.Token.Binding)

		o := oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, Binding: result.Token.Binding}
		sent := server.Requests("/token")
		_, err = client(newDPoP(t)).Refresh(t.Context(), o)
		require.ErrorIs(t, err, oauth.ErrBinding)
		assert.Equal(t, sent, server.Requests("/token"), "another key: nothing is sent")
		next, err := c.Refresh(t.Context(), o)
		require.NoError(t, err, "the accepted twin")
		assert.Equal(t, result.Token.Binding, next.Token.Binding)

		login = begin(c)
		require.NoError(t, server.Allow(t.Context(), login.code, ""))
		_, err = login.complete(t.Context(), client(nil))
		require.ErrorIs(t, err, oauth.InvalidDPoPProof, "the server demands a proof")
		_, err = login.complete(t.Context(), c)
		require.NoError(t, err, "which has not used the code")
	})
}

// T3, P5, P6: a token of no key, or of another one, is dropped with the login; a server that never accepts a nonce ends it.
func TestT3ElsewhereByABrokenServer(t *testing.T) {
	t.Parallel()
	for fault, want := range map[idptest.Fault]error{
		"": nil, oidctest.BearerTokenType: oauth.ErrBinding, oidctest.OtherBinding: oauth.ErrBinding, oidctest.MissingBinding: oauth.ErrBinding,
		oidctest.EndlessNonce: oauth.UseDPoPNonce, oidctest.SilentNonce: oauth.UseDPoPNonce,
	} {
		t.Run(string(fault), func(t *testing.T) {
			provenElsewhere(t, func(t *testing.T, server *oidctest.Server, client func(*oauth.DPoP) *oidc.Client, begin func(*oidc.Client) pendingLogin) {
				c := client(newDPoP(t))
				login := begin(c)
				require.NoError(t, server.Allow(t.Context(), login.code, ""))
				if fault != "" {
					server.Break(fault)
				}
				result, err := login.complete(t.Context(), c)
				require.ErrorIs(t, err, want)
				assert.LessOrEqual(t, server.Requests("/token"), 2, "the login is over")
				if want != nil {
					assert.Nil(t, result)
					assert.NotContains(t, err.Error(), login.code)
				}
			})
		})
	}
}

// A token that is no access token has token_type N_A also for a client with a key, and is bound to none; an access token
// from the same call is.
func TestNotApplicableWithAKey(t *testing.T) {
	t.Parallel()
	server := &oidctest.Server{SigningKey: keys()["fake"].(*rsa.PrivateKey), TokenExchange: &oidctest.TokenExchange{}, DPoPBoundAccessTokens: true, DPoPNonce: time.Hour}
	d := newDPoP(t)
	client := against(t, server, func(c *oidc.Config) { c.DPoP = d })
	o := oauth.TokenExchangeOptions{SubjectToken: loggedIn(server, client).Token.AccessToken, RequestedTokenType: oauth.TokenTypeIDToken}
	send := func(token *oauth.Token) error {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://id.example/me", nil)
		require.NoError(t, err)
		res, err := d.Send(handler{server}, r, token)
		if err == nil {
			assert.Equal(t, http.StatusOK, res.StatusCode)
		}
		return err
	}
	result, err := client.ExchangeToken(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, []any{"N_A", oauth.Binding{}}, []any{result.Token.TokenType, result.Token.Binding})
	_, err = client.VerifyIDToken(t.Context(), result.Token.AccessToken, oidc.Expect{})
	require.NoError(t, err)
	require.ErrorIs(t, send(result.Token), oauth.ErrBinding, "it does not reach an API")

	o.RequestedTokenType = oauth.TokenTypeAccessToken
	result, err = client.ExchangeToken(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, []any{"DPoP", oauth.Binding{JKT: d.JKT()}}, []any{result.Token.TokenType, result.Token.Binding})
	require.NoError(t, send(result.Token), "the accepted twin")

	for _, fault := range []idptest.Fault{oidctest.BearerTokenType, oidctest.OtherBinding} {
		server.Break(fault)
		_, err = client.ExchangeToken(t.Context(), o)
		require.ErrorIs(t, err, oauth.ErrBinding, fault)
	}
	server.Break(oidctest.NotApplicable)
	_, err = client.ExchangeToken(t.Context(), o)
	require.EqualError(t, err, "oauth: token exchange reply: token_type is N_A, and issued_token_type is an access token")
	_, err = client.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.ErrorIs(t, err, oauth.ErrBinding)
}
