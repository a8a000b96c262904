package oidc_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// conformanceFAPI are the modules of the plans fapi2-security-profile-final-client and fapi2-message-signing-final-client.
// Each is a complete login at oidctest, which demands the profile of the client, too. TestConformanceFAPIHappyPaths has the
// servers with endpoint aliases.
var conformanceFAPI = map[string]fapiModule{
	fapi("happy-path"):                                                     {then: fapiUse},
	fapi("happy-path-no-dpop-nonce"):                                       {noNonce: true, then: fapiUse},
	fapi("happy-path-no-mtls-endpoint-aliases"):                            {then: fapiUse},
	fapi("discovery-issuer-mismatch"):                                      {first: oidctest.WrongDiscoveryIssuer, want: errDiscovery},
	fapi("invalid-iss"):                                                    {token: oidctest.WrongIssuer, want: oidc.CheckIssuer},
	fapi("invalid-aud"):                                                    {token: oidctest.WrongAudience, want: oidc.CheckAudience},
	fapi("invalid-secondary-aud"):                                          {token: oidctest.SecondAudience, want: oidc.CheckAudience},
	fapi("invalid-null-alg"):                                               {token: oidctest.AlgNone, want: oidc.CheckAlgorithm},
	fapi("invalid-alternate-alg"):                                          {token: oidctest.WrongAlgorithm, want: oidc.CheckAlgorithm},
	fapi("invalid-alternate-alg, RS256"):                                   {rework: signedAgain(gojose.RS256), want: oidc.CheckAlgorithm},
	fapi("invalid-alternate-alg, PS256 again"):                             {rework: signedAgain(gojose.PS256)},
	fapi("invalid-expired-exp"):                                            {token: oidctest.ExpiredIDToken, want: oidc.CheckExpired},
	fapi("invalid-missing-exp"):                                            {token: oidctest.EndlessIDToken, want: oidc.CheckExpired},
	fapi("invalid-missing-aud"):                                            {token: oidctest.MissingAudience, want: oidc.CheckAudience},
	fapi("invalid-missing-iss"):                                            {token: oidctest.MissingIssuer, want: oidc.CheckIssuer},
	fapi("valid-aud-as-array"):                                             {token: oidctest.ListAudience, then: fapiList},
	fapi("invalid-nonce"):                                                  {token: oidctest.WrongNonce, want: oidc.CheckNonce},
	fapi("invalid-missing-nonce"):                                          {token: oidctest.MissingNonce, want: oidc.CheckNonce},
	fapi("invalid-authorization-response-iss"):                             {first: oidctest.WrongIssParameter, want: oauth.CheckIssuer, signed: oidc.CheckIssuer},
	fapi("remove-authorization-response-iss"):                              {first: oidctest.MissingIssParameter, want: oauth.CheckIssuer, signed: oidc.CheckIssuer},
	fapi("ensure-authorization-response-with-invalid-state-fails"):         {first: idptest.WrongState, want: oauth.CheckState},
	fapi("ensure-authorization-response-with-invalid-missing-state-fails"): {first: idptest.NoState, want: oauth.CheckState},
	fapi("token-endpoint-response-without-expires_in"): {token: oidctest.MissingExpiresIn, then: func(t *testing.T, w *fapiWorld, r *oidc.Result) {
		assert.True(t, r.Token.Expiry.IsZero())
		fapiUse(t, w, r)
	}},
	fapi("token-type-case-insensitivity"):                    {token: oidctest.OtherCaseTokenType, then: fapiTokenType},
	fapi("rs-dpop-auth-scheme-case-insensitivity"):           {noNonce: true, then: fapiOtherCase},
	fapi("ensure-jarm-without-iss-fails"):                    {first: oidctest.MissingIssParameter, want: oidc.CheckIssuer},
	fapi("ensure-jarm-with-invalid-iss-fails"):               {first: oidctest.WrongIssParameter, want: oidc.CheckIssuer},
	fapi("ensure-jarm-without-aud-fails"):                    {first: oidctest.MissingResponseAudience, want: oidc.CheckAudience},
	fapi("ensure-jarm-with-invalid-aud-fails"):               {first: oidctest.WrongAudience, want: oidc.CheckAudience},
	fapi("ensure-jarm-without-exp-fails"):                    {first: oidctest.MissingResponseExpiry, want: oidc.CheckExpired},
	fapi("ensure-jarm-with-expired-exp-fails"):               {first: oidctest.ExpiredResponse, want: oidc.CheckExpired},
	fapi("ensure-jarm-with-invalid-sig-fails"):               {first: oidctest.BadSignature, want: oidc.CheckSignature},
	fapi("ensure-jarm-signature-is-not-none"):                {first: oidctest.AlgNone, want: oidc.CheckAlgorithm},
	"fapi2-security-profile-final-client-refresh-token-test": {then: fapiRefresh},
	fapi("grant-management-happy-path"): {edit: granted, then: func(t *testing.T, w *fapiWorld, r *oidc.Result) {
		var reply struct {
			GrantID string `json:"grant_id"`
		}
		require.NoError(t, r.Token.Claims(&reply))
		assert.Equal(t, "G1", reply.GrantID)
		fapiUse(t, w, r)
	}},
	fapi("grant-management-query-and-revoke"):       {edit: granted, then: fapiGrant},
	fapi("grant-management-invalid-grant-id-fails"): {edit: unknownGrant, want: oauth.ErrorCode("invalid_grant_id")},
}

func TestConformanceFAPI(t *testing.T) {
	t.Parallel()
	for _, profile := range []oidc.Profile{oidc.FAPI2, oidc.FAPI2MessageSigning} {
		for module, c := range conformanceFAPI {
			if strings.Contains(module, "-jarm-") && profile == oidc.FAPI2 {
				continue // it has no such response
			}
			t.Run(string(profile)+"/"+module, func(t *testing.T) {
				t.Parallel()
				nonce := time.Hour
				if c.noNonce {
					nonce = 0
				}
				w := newFAPIWorld(t, profile, nonce)
				if c.edit != nil {
					w.edit = c.edit
				}
				if c.rework != nil {
					w.edit = func(reply http.ResponseWriter, r *http.Request, next http.Handler) {
						editJSON(reply, r, next, "/token", func(m map[string]any) { m["id_token"] = c.rework(t, m["id_token"].(string)) })
					}
				}
				want := c.want
				if c.signed != nil && profile == oidc.FAPI2MessageSigning {
					want = c.signed
				}
				result, err := w.login(t, c)
				if want == errDiscovery {
					var refused *oauth.DiscoveryError
					require.ErrorAs(t, err, &refused)
					assert.Equal(t, oauth.DiscoveryIssuer, refused.Check)
					return
				}
				require.ErrorIs(t, err, want)
				if want != nil {
					assert.Nil(t, result)
					return
				}
				assert.Equal(t, idptest.Subject, result.IDToken.Subject)
				assert.Equal(t, oauth.Binding{JKT: w.dpop.JKT()}, result.Token.Binding)
				assert.Equal(t, !c.noNonce, w.usedNonce(t))
				if c.then != nil {
					c.then(t, w, result)
				}
			})
		}
	}
}

// The plan of the client credentials grant: no login, and a token of its own for the program.
func TestConformanceFAPIClientCredentials(t *testing.T) {
	t.Parallel()
	for module, c := range map[string]struct {
		nonce time.Duration
		fault idptest.Fault
	}{
		fapi("happy-path"): {nonce: time.Hour}, fapi("happy-path-no-dpop-nonce"): {}, fapi("token-type-case-insensitivity"): {time.Hour, oidctest.OtherCaseTokenType},
	} {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			w := newFAPIWorld(t, oidc.FAPI2, c.nonce)
			if c.fault != "" {
				w.idp.Break(c.fault)
			}
			token, err := w.client.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
			require.NoError(t, err)
			assert.Equal(t, oauth.Binding{JKT: w.dpop.JKT()}, token.Binding)
			assert.Equal(t, c.nonce != 0, w.usedNonce(t))
			if c.fault != "" {
				fapiOtherType(t, token)
			}
		})
	}
}
