package oidc_test

import (
	"crypto/rsa"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// fakeAuthing is a client of authtest's server, without a network.
func fakeAuthing(t testing.TB, server *authtest.Server, change func(c *oidc.Config)) *oidc.Client {
	t.Helper()
	server.BaseURL, server.SigningKey = "https://sample.authing.example", keys()["fake"].(*rsa.PrivateKey)
	cfg := oidc.Config{
		Issuer: server.BaseURL + "/oidc", ClientID: authtest.AppID, ClientSecret: authtest.Secret,
		RedirectURI: "http://localhost:3000/callback", IDTokenSigningAlg: "HS256", HTTPClient: &http.Client{Transport: handler{server}},
	}
	if change != nil {
		change(&cfg)
	}
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	return client
}

func TestJourney(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"HS256", "RS256", "PS256", "ES256", "EdDSA"} {
		for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFormPost} {
			t.Run(alg+string(mode), func(t *testing.T) {
				t.Parallel()
				server := &authtest.Server{IDTokenSigningAlg: alg, SendIssuer: mode != ""}
				client := fakeAuthing(t, server, func(c *oidc.Config) { c.IDTokenSigningAlg = alg })
				ctx := t.Context()
				login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{
					Scope: "openid profile email offline_access", Prompt: "consent", ResponseMode: mode, MaxAge: time.Hour,
				})
				require.NoError(t, err)
				back, err := server.Login(ctx, login.URL, idptest.Username)
				require.NoError(t, err)
				first, err := client.CompleteLogin(ctx, login, back)
				require.NoError(t, err)
				assert.Equal(t, idptest.Subject, first.IDToken.Subject)
				assert.Equal(t, idptest.Email, first.IDToken.Email)
				assert.NotEmpty(t, first.IDToken.AccessTokenHash)

				user, err := client.GetUserInfoByAccessToken(ctx, first.Token.AccessToken, oauth.UserInfoOptions{Subject: first.IDToken.Subject})
				require.NoError(t, err)
				assert.Equal(t, idptest.Email, user.Email)
				access, err := client.VerifyAccessToken(ctx, first.Token.AccessToken, oidc.AccessTokenExpect{AllowPlainJWT: true})
				require.NoError(t, err)
				assert.True(t, access.HasScope("offline_access"))
				_, err = client.VerifyIDToken(ctx, first.Token.AccessToken, oidc.Expect{AllowAnyNonce: true})
				require.Error(t, err)

				next, err := client.Refresh(ctx, oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
				require.NoError(t, err)
				assert.NotEqual(t, first.Token.AccessToken, next.Token.AccessToken)
				state, err := client.IntrospectToken(ctx, next.Token.AccessToken)
				require.NoError(t, err)
				assert.True(t, state.Active)
				require.NoError(t, client.RevokeToken(ctx, next.Token.AccessToken))
				state, err = client.IntrospectToken(ctx, next.Token.AccessToken)
				require.NoError(t, err)
				assert.False(t, state.Active)

				_, err = client.CompleteLogin(ctx, login, back)
				require.Error(t, err, "the code was used, and its form_post body read")
				address, err := client.BuildLogoutUrl(ctx, oidc.LogoutOptions{IDTokenHint: first.IDToken.Raw()})
				require.NoError(t, err)
				assert.Contains(t, address, "https://sample.authing.example/oidc/session/end?id_token_hint=")
			})
		}
	}
}

// faults are authtest's faults that must make a login fail.
var faults = map[idptest.Fault]error{
	oidctest.ExpiredIDToken: oidc.CheckExpired, oidctest.FutureIDToken: oidc.CheckIssuedAt, oidctest.WrongAudience: oidc.CheckAudience,
	oidctest.WrongIssuer: oidc.CheckIssuer, oidctest.WrongAuthorizedParty: oidc.CheckAuthorized, oidctest.WrongNonce: oidc.CheckNonce,
	oidctest.MissingNonce: oidc.CheckNonce, oidctest.MissingSubject: oidc.CheckSubject, oidctest.WrongAtHash: oidc.CheckAtHash,
	oidctest.OldAuthTime: oidc.CheckAuthTime, oidctest.AlgNone: oidc.CheckAlgorithm, oidctest.BadSignature: oidc.CheckSignature,
	oidctest.SwappedKey: oidc.CheckSignature, oidctest.StaleJWKS: oidc.CheckKey, idptest.WrongState: oauth.CheckState,
	idptest.NoState: oauth.CheckState, idptest.RepeatedParameter: oauth.CheckRepeated, oidctest.WrongIssParameter: oauth.CheckIssuer,
}

func TestJourneyWithABrokenServer(t *testing.T) {
	t.Parallel()
	for fault, want := range faults {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := &authtest.Server{IDTokenSigningAlg: "RS256"}
			client := fakeAuthing(t, server, func(c *oidc.Config) { c.IDTokenSigningAlg = "RS256" })
			run := func() (*oidc.Result, error) {
				login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{MaxAge: time.Hour})
				require.NoError(t, err)
				back, err := server.Login(t.Context(), login.URL, "")
				require.NoError(t, err)
				return client.CompleteLogin(t.Context(), login, back)
			}
			server.Break(fault)
			result, err := run()
			require.ErrorIs(t, err, want)
			assert.Nil(t, result)
			server.Break()
			if fault == oidctest.StaleJWKS {
				client = fakeAuthing(t, server, func(c *oidc.Config) { c.IDTokenSigningAlg = "RS256" }) // the cool-down is real time
			}
			_, err = run()
			require.NoError(t, err, "the accepted twin")
		})
	}
}
