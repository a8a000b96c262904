package oidc_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/redacttest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// S12, S15: every exported type, in every verb, log and JSON, alone and inside others.
func TestS15EveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	cfg := newTrial().config
	cfg.IDTokenSigningAlg = "HS256"
	cfg.OlderClientSecrets = []string{"hidden" + clientSecret}
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	secret := []string{clientSecret, "hidden"}
	finger, err := oidc.NewWebFinger(oidc.WebFingerConfig{Hosts: []string{"example.com"}, Issuers: []string{issuer}, Header: http.Header{"X-Key": {"hidden"}}})
	require.NoError(t, err)
	token := &oauth.Token{AccessToken: "hidden-access", RefreshToken: "hidden-refresh", IDToken: "hidden-id", TokenType: "Bearer"}
	redacttest.Judge(t,
		redacttest.Type{Value: oidc.Config{}, Public: []string{"Issuer", "ClientID", "RedirectURI", "IDTokenSigningAlg", "AccessTokenSigningAlg", "IDTokenEncryptionAlg", "UserInfoSigningAlg", "UserInfoEncryptionAlg"}},
		redacttest.Type{Value: oidc.DecryptionKey{Private: "hidden-key"}, Public: []string{"ID", "Alg"}, Secrets: secret},
		redacttest.Type{Value: client, Pointer: true, Secrets: secret},
		redacttest.Type{Value: oidc.Initiation{}, Public: []string{"Options", "RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod", "Prompt"}},
		redacttest.Type{Value: oidc.AuthorizeOptions{}, Public: []string{"RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod", "Prompt"}},
		redacttest.Type{Value: oidc.Login{}, Public: []string{"RedirectURI", "ResponseType", "ResponseMode", "Scope", "ClientID", "Issuer"}, Form: redacttest.Stored},
		redacttest.Type{Value: oidc.Result{Token: token}, Public: []string{"Token", "IDToken"}, Secrets: secret, Form: redacttest.Stored, Whole: "hidden-access"},
		redacttest.Type{Value: oidc.IDToken{}, Public: []string{"Issuer", "Subject", "Audience"}, Form: redacttest.Stored},
		redacttest.Type{Value: oidc.AccessToken{}, Public: []string{"Issuer", "Subject", "ClientID", "Scope", "Audience"}, Form: redacttest.Sent},
		redacttest.Type{Value: oidc.Expect{}, Public: []string{"ACRValues"}},
		redacttest.Type{Value: oidc.RefreshOptions{}, Public: []string{"Scope", "Previous"}},
		redacttest.Type{Value: oidc.LogoutOptions{}, Public: []string{"PostLogoutRedirectURI"}},
		redacttest.Type{Value: oidc.Logout{}, Public: []string{"PostLogoutRedirectURI", "ClientID", "Issuer"}, Form: redacttest.Stored},
		redacttest.Type{Value: oidc.LogoutRequest{}, Public: []string{"Issuer"}},
		redacttest.Type{Value: oidc.RefreshError{Token: token, Err: oidc.CheckNonce}, Secrets: secret, Public: []string{"Token", "Err"}},
		redacttest.Type{Value: oidc.AccessTokenExpect{}, Open: true},
		redacttest.Type{Value: oidc.AccessTokenCache{}, Open: true},
		redacttest.Type{Value: oidc.KeyFetch{}, Open: true},
		redacttest.Type{Value: oidc.ClaimsProvider{}, Open: true},
		redacttest.Type{Value: oidc.SourcedClaim{}, Public: []string{"Issuer"}, Form: redacttest.Sent},
		redacttest.Type{Value: oidc.IssuerFamily{}, Open: true},
		redacttest.Type{Value: oidc.WebFingerConfig{}, Public: []string{"Hosts", "Issuers"}},
		redacttest.Type{Value: finger, Pointer: true, Secrets: secret},
		redacttest.Type{Value: oidc.Endpoints{}, Open: true},
		redacttest.Type{Value: oidc.Key{}, Open: true},
		redacttest.Type{Value: oidc.StaticKeys{}, Open: true},
		redacttest.Type{Value: oidc.TokenError{}, Open: true},
	)
	assert.Contains(t, fmt.Sprint(client), issuer)
	holder := struct{ client *oidc.Client }{client}
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", holder, holder, holder), clientSecret, "where Format cannot be reached")
}

// A client that NewClient did not make has no settings: each call returns an error.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := httptest.NewRequest(http.MethodGet, "/?state=x", nil)
	for _, c := range []*oidc.Client{nil, {}} {
		calls := map[string]func() error{
			"BuildAuthorizeUrl":               func() error { _, err := c.BuildAuthorizeUrl(ctx, oidc.AuthorizeOptions{}); return err },
			"BuildLogoutUrl":                  func() error { _, err := c.BuildLogoutUrl(ctx, oidc.LogoutOptions{}); return err },
			"BeginLogout":                     func() error { _, err := c.BeginLogout(ctx, oidc.LogoutOptions{}); return err },
			"CompleteLogout":                  func() error { return c.CompleteLogout(ctx, &oidc.Logout{}, r) },
			"ReceiveLogout":                   func() error { _, err := c.ReceiveLogout(ctx, r); return err },
			"VerifyLogoutToken":               func() error { _, err := c.VerifyLogoutToken(ctx, "a.b.c", nil); return err },
			"BeginLogin":                      func() error { _, err := c.BeginLogin(ctx, oidc.AuthorizeOptions{}); return err },
			"CompleteLogin":                   func() error { _, err := c.CompleteLogin(ctx, &oidc.Login{}, r); return err },
			"ReadInitiation":                  func() error { _, err := c.ReadInitiation(ctx, r); return err },
			"Metadata":                        func() error { _, err := c.Metadata(ctx); return err },
			"Refresh":                         func() error { _, err := c.Refresh(ctx, oidc.RefreshOptions{}); return err },
			"VerifyIDToken":                   func() error { _, err := c.VerifyIDToken(ctx, "a.b.c", oidc.Expect{}); return err },
			"VerifyAccessToken":               func() error { _, err := c.VerifyAccessToken(ctx, "a.b.c", oidc.AccessTokenExpect{}); return err },
			"GetAccessTokenByCode":            func() error { _, err := c.GetAccessTokenByCode(ctx, "C"); return err },
			"GetNewAccessTokenByRefreshToken": func() error { _, err := c.GetNewAccessTokenByRefreshToken(ctx, "R"); return err },
			"GetUserInfoByAccessToken":        func() error { _, err := c.GetUserInfoByAccessToken(ctx, "A"); return err },
			"GetAccessTokenByGrant":           func() error { _, err := c.GetAccessTokenByGrant(ctx, "g", nil); return err },
			"GetSourcedClaims":                func() error { _, err := c.GetSourcedClaims(ctx, &oidc.IDToken{}); return err },
			"IntrospectToken":                 func() error { _, err := c.IntrospectToken(ctx, "A"); return err },
			"RefreshIfExpired":                func() error { _, err := c.RefreshIfExpired(ctx, &oauth.Token{}, 0); return err },
			"RevokeToken":                     func() error { return c.RevokeToken(ctx, "A") },
			"BeginDeviceLogin":                func() error { _, err := c.BeginDeviceLogin(ctx, oauth.DeviceOptions{}); return err },
			"CompleteDeviceLogin":             func() error { _, err := c.CompleteDeviceLogin(ctx, &oauth.DeviceLogin{}); return err },
			"BeginCIBALogin":                  func() error { _, err := c.BeginCIBALogin(ctx, oauth.CIBAOptions{}); return err },
			"CompleteCIBALogin":               func() error { _, err := c.CompleteCIBALogin(ctx, &oauth.CIBALogin{}); return err },
			"ExchangeToken":                   func() error { _, err := c.ExchangeToken(ctx, oauth.TokenExchangeOptions{}); return err },
			"GetAccessTokenByJWTBearer":       func() error { _, err := c.GetAccessTokenByJWTBearer(ctx, oauth.JWTBearerOptions{}); return err },
			"RegisterClient":                  func() error { _, err := c.RegisterClient(ctx, oauth.ClientMetadata{}); return err },
			"ReadRegistration":                func() error { _, err := c.ReadRegistration(ctx, nil); return err },
			"UpdateRegistration":              func() error { _, err := c.UpdateRegistration(ctx, nil, oauth.ClientMetadata{}); return err },
			"DeleteRegistration":              func() error { return c.DeleteRegistration(ctx, nil) },
			"GetAccessTokenByClientCredentials": func() error {
				_, err := c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{})
				return err
			},
		}
		for name, call := range calls {
			require.NotPanics(t, func() { assert.EqualError(t, call(), "oidc: the client was not made by NewClient", name) }, name)
		}
	}
}

// A typed nil in a chain of errors has a text and no details.
func TestNilErrors(t *testing.T) {
	t.Parallel()
	var refused *oidc.TokenError
	var refresh *oidc.RefreshError
	for _, err := range []error{refused, refresh, fmt.Errorf("wrapped: %w", refused), errors.Join(refresh, refused)} {
		assert.NotPanics(t, func() {
			assert.NotErrorIs(t, err, oidc.CheckNonce)
			assert.NotEmpty(t, err.Error())
		})
	}
}
