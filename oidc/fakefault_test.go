package oidc_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// against makes a fake server and a client of it.
func against(t *testing.T, server *oidctest.Server, change func(*oidc.Config)) *oidc.Client {
	t.Helper()
	server.Realm = &idptest.Realm{BaseURL: "https://id.example"}
	c := oidc.Config{
		Issuer: "https://id.example", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		RedirectURI: "http://localhost:3000/callback", HTTPClient: &http.Client{Transport: handler{server}},
	}
	change(&c)
	client, err := oidc.NewClient(c)
	require.NoError(t, err)
	return client
}

func TestN3IntrospectionByABrokenServer(t *testing.T) {
	t.Parallel()
	for fault, want := range map[idptest.Fault]error{
		oidctest.PlainIntrospection: oidc.CheckUnsigned, oidctest.UntypedIntrospection: oidc.CheckType, oidctest.OldIntrospection: oidc.CheckIssuedAt,
		oidctest.WrongAudience: oidc.CheckAudience, oidctest.WrongIssuer: oidc.CheckIssuer, oidctest.AlgNone: oidc.CheckAlgorithm,
		oidctest.BadSignature: oidc.CheckSignature, oidctest.SwappedKey: oidc.CheckSignature, oidctest.TextActive: nil,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := &oidctest.Server{}
			client := against(t, server, func(c *oidc.Config) { c.IntrospectionSigningAlg = "RS256" })
			token := loggedIn(server, client).Token.AccessToken
			server.Break(fault)
			got, err := client.IntrospectToken(t.Context(), token)
			require.Error(t, err)
			assert.Nil(t, got)
			if want != nil {
				require.ErrorIs(t, err, want)
			} else {
				require.ErrorContains(t, err, "active is missing, or is neither true nor false")
			}
			server.Break()
			got, err = client.IntrospectToken(t.Context(), token)
			require.NoError(t, err, "the accepted twin")
			assert.True(t, got.Active)
		})
	}
}

func TestSourcedClaimsOfABrokenServer(t *testing.T) {
	t.Parallel()
	for fault, want := range map[idptest.Fault]error{
		oidctest.MissingClaims: oidc.CheckClaimSource, oidctest.ForeignClaimsEndpoint: oidc.CheckClaimSource, oidctest.WrongIssuer: oidc.CheckIssuer,
		oidctest.WrongAudience: oidc.CheckAudience, oidctest.AlgNone: oidc.CheckAlgorithm, oidctest.BadSignature: oidc.CheckSignature, oidctest.SwappedKey: oidc.CheckSignature,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := &oidctest.Server{AggregatedClaims: map[string]any{"credit_score": 650}, DistributedClaims: map[string]any{"address": "CN"}}
			client := against(t, server, func(c *oidc.Config) {
				c.ClaimsProviders = []oidc.ClaimsProvider{{
					Issuer: "https://id.example/claims", JWKS: "https://id.example/claims/jwks.json", Endpoints: []string{"https://id.example/claims/endpoint"},
				}}
			})
			token := loggedIn(server, client).Token.AccessToken
			ask := func() (map[string]oidc.SourcedClaim, error) {
				u, err := client.GetUserInfoByAccessToken(t.Context(), token)
				require.NoError(t, err)
				return client.GetSourcedClaims(t.Context(), u)
			}
			server.Break(fault)
			got, err := ask()
			require.ErrorIs(t, err, want)
			assert.Nil(t, got)
			server.Break()
			got, err = ask()
			require.NoError(t, err, "the accepted twin")
			assert.Equal(t, []string{"650", `"CN"`}, []string{string(got["credit_score"].Value), string(got["address"].Value)})
		})
	}
}
