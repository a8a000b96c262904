package oidc_test

import (
	"crypto/rsa"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// An independent server that signs and encrypts its responses, and its faults.
func TestResponsesOfAServer(t *testing.T) {
	t.Parallel()
	for fault, want := range map[idptest.Fault]error{
		"": nil, oidctest.ListAudience: nil, oidctest.OtherSubject: nil,
		oidctest.AlgNone: oidc.CheckAlgorithm, oidctest.WrongAlgorithm: oidc.CheckAlgorithm, oidctest.BadSignature: oidc.CheckSignature,
		oidctest.MissingIssParameter: oidc.CheckIssuer, oidctest.WrongIssParameter: oidc.CheckIssuer,
		oidctest.MissingResponseAudience: oidc.CheckAudience, oidctest.WrongAudience: oidc.CheckAudience, oidctest.SecondAudience: oidc.CheckAudience,
		oidctest.MissingResponseExpiry: oidc.CheckExpired, oidctest.ExpiredResponse: oidc.CheckExpired, oidctest.LongResponse: oidc.CheckExpired,
		oidctest.WrongMemberType: oauth.CheckMalformed, oidctest.PlainResponse: oauth.CheckResponse,
	} {
		for _, encryption := range []string{"", "dir"} {
			t.Run(string(fault)+" "+encryption, func(t *testing.T) {
				t.Parallel()
				idp := &oidctest.Server{
					Realm: &idptest.Realm{BaseURL: issuer}, SigningKey: keys()["fake"].(*rsa.PrivateKey), ClientSecret: clientSecret,
					RedirectURIs: []string{redirectURI}, AuthorizationSigningAlg: "PS256", AuthorizationEncryptionAlg: encryption,
				}
				if fault != "" {
					idp.Break(fault)
				}
				client, err := oidc.NewClient(oidc.Config{
					Issuer: issuer, ClientID: oidctest.ClientID, ClientSecret: clientSecret, RedirectURI: redirectURI,
					AuthorizationSigningAlg: "PS256", AuthorizationEncryptionAlg: encryption, HTTPClient: &http.Client{Transport: handler{idp}},
				})
				require.NoError(t, err)
				login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
				require.NoError(t, err)
				callback, err := idp.Login(t.Context(), login.URL, "")
				require.NoError(t, err)
				result, err := client.CompleteLogin(t.Context(), login, callback)
				if want == nil {
					require.NoError(t, err)
					assert.NotEmpty(t, result.Token.AccessToken)
					assert.Equal(t, 1, idp.Requests("/token"))
					return
				}
				require.ErrorIs(t, err, want)
				assert.Nil(t, result)
				assert.Zero(t, idp.Requests("/token"), "the code was not sent")
			})
		}
	}
}
