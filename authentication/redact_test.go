package authentication_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/redacttest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Security S12, S15: every exported type, in every verb, log and JSON, alone and inside others.
func TestS15EveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, nil)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	private := []string{key.D.String()[:40], key.Primes[0].String()[:40], key.D.Text(16)[:40]}
	token := &oauth.Token{AccessToken: "hidden-access", RefreshToken: "hidden-refresh", TokenType: "Bearer"}
	hidden := []string{"hidden"}
	person := func(c any) string { return fmt.Sprint(c) }
	redacttest.Judge(t,
		redacttest.Type{Value: authentication.Options{}, Public: strings.Fields("AppID AppHost RedirectURI Lang RequestFrom TenantID UserPoolID")},
		redacttest.Type{Value: client, Pointer: true, Secrets: []string{testSecret}},
		redacttest.Type{Value: authentication.Login{}, Public: []string{"Protocol"}, Form: redacttest.Stored},
		redacttest.Type{Value: authentication.Logout{}, Public: []string{"Protocol"}, Form: redacttest.Stored},
		redacttest.Type{Value: authentication.Identity{Token: token}, Secrets: hidden, Public: strings.Fields("Protocol Issuer Subject Token"), Form: redacttest.Stored},
		redacttest.Type{Value: authentication.PasswordOptions{}, Public: []string{"Scope"}},
		redacttest.Type{Value: authentication.ClientCredentialsOptions{}, Public: []string{"Scope", "AccessKey"}},
		redacttest.Type{Value: authentication.ClientCredentialsToken{}, Public: []string{"RejectedScope"}, Form: redacttest.Stored},
		redacttest.Type{Value: authentication.ValidateTokenOptions{}},
		redacttest.Type{Value: authentication.ValidateTokenResult{}, Public: []string{"Issuer", "Subject", "Audience"}, Form: redacttest.Sent},
		redacttest.Type{Value: authentication.LogoutOptions{}, Public: []string{"RedirectURI"}},
		redacttest.Type{Value: authentication.LogoutNotice{}, Public: []string{"Protocol", "Issuer"}},
		redacttest.Type{Value: authentication.CodeChallengeDigestOptions{}, Public: []string{"Method"}},
		redacttest.Type{Value: authentication.Initiation{}, Public: strings.Fields("Options " +
			"RedirectURI Scope ResponseType ResponseMode CodeChallengeMethod Prompt Display MaxAge UILocales ACRValues TenantID Renew Gateway IDP")},
		redacttest.Type{Value: authentication.AuthorizeOptions{}, Public: strings.Fields(
			"RedirectURI Scope ResponseType ResponseMode CodeChallengeMethod Prompt Display MaxAge UILocales ACRValues TenantID Renew Gateway IDP")},
		redacttest.Type{
			Value:   authentication.RefreshError{Identity: &authentication.Identity{Token: token}, Err: errNone},
			Secrets: hidden, Public: []string{"Identity", "Err"},
		},
		redacttest.Type{Value: authentication.SAML{Keys: []saml.Key{{Signer: key, Decrypter: key}}}, Secrets: private, Public: strings.Fields(
			"EntityID MoreACSURLs SLOURL SOAPLogoutURL Keys NameIDFormat MetadataKeys")},
		redacttest.Type{Value: authentication.TicketV1{}, Open: true},
		redacttest.Type{Value: authentication.AccessTokenExpect{}, Open: true},
		redacttest.Type{Value: authentication.OIDC{}, Open: true},
		redacttest.Type{Value: authentication.OAuth{}, Open: true},
		redacttest.Type{Value: authentication.CAS{}, Open: true},
		redacttest.Type{Value: authentication.Endpoints{}, Open: true},
		redacttest.Type{Value: authentication.HeaderNames{}, Open: true},
		redacttest.Type{Value: authentication.SAMLAddresses{}, Open: true},
	)
	assert.Contains(t, person(client), testApp)
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		text := fmt.Sprintf(verb, struct{ client *authentication.Client }{client})
		assert.NotContains(t, text, testSecret, "where Format cannot be reached")
	}
}

var errNone = authentication.ErrRefused

// prints is v as printed by fmt and slog, for other tests.
func prints(v any) []string {
	var all []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all = append(all, fmt.Sprintf(verb, v))
	}
	var text bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "v", v, slog.Group("g", "v", v))
	return append(all, text.String())
}

// A client that NewClient did not make has no settings: each call returns an error.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := httptest.NewRequest(http.MethodGet, "/?state=x", nil)
	for _, c := range []*authentication.Client{nil, {}} {
		calls := map[string]func() error{
			"BuildAuthorizeUrl": func() error { _, err := c.BuildAuthorizeUrl(ctx, authentication.AuthorizeOptions{}); return err },
			"BuildLogoutUrl":    func() error { _, err := c.BuildLogoutUrl(ctx, authentication.LogoutOptions{}); return err },
			"BeginLogin":        func() error { _, err := c.BeginLogin(ctx, authentication.AuthorizeOptions{}); return err },
			"CompleteLogin":     func() error { _, err := c.CompleteLogin(ctx, &authentication.Login{}, r); return err },
			"VerifyIDToken":     func() error { _, err := c.VerifyIDToken(ctx, "a.b.c", oidc.Expect{}); return err },
			"ValidateToken": func() error {
				_, err := c.ValidateToken(ctx, authentication.ValidateTokenOptions{IDToken: "I"})
				return err
			},
			"ValidateTicketV1": func() error { _, err := c.ValidateTicketV1(ctx, "ST-1", "https://app.example/"); return err },
			"ValidateTicketV2": func() error { _, err := c.ValidateTicketV2(ctx, "ST-1", "https://app.example/"); return err },
			"GetAccessTokenByClientCredentials": func() error {
				_, err := c.GetAccessTokenByClientCredentials(ctx, authentication.ClientCredentialsOptions{})
				return err
			},
			"GetAccessTokenByPassword": func() error { _, err := c.GetAccessTokenByPassword(ctx, authentication.PasswordOptions{}); return err },
			"GetAccessTokenByCode":     func() error { _, err := c.GetAccessTokenByCode(ctx, "C"); return err },
			"RevokeToken":              func() error { return c.RevokeToken(ctx, "T") },
			"IntrospectToken":          func() error { _, err := c.IntrospectToken(ctx, "T"); return err },
			"Refresh":                  func() error { _, err := c.Refresh(ctx, &authentication.Identity{}); return err },
			"BeginLogout": func() error {
				_, err := c.BeginLogout(ctx, &authentication.Identity{}, authentication.LogoutOptions{})
				return err
			},
			"ReadInitiation": func() error { _, err := c.ReadInitiation(ctx, r); return err },
			"ReceiveLogout":  func() error { _, err := c.ReceiveLogout(ctx, r); return err },
			"Metadata":       func() error { _, err := c.Metadata(ctx); return err },
			"VerifyAccessToken": func() error {
				_, err := c.VerifyAccessToken(ctx, "a.b.c", authentication.AccessTokenExpect{})
				return err
			},
			"RefreshIfExpired": func() error { _, err := c.RefreshIfExpired(ctx, &authentication.Identity{}, 0); return err },
			"CompleteLogout":   func() error { return c.CompleteLogout(ctx, &authentication.Logout{}, r) },
			"StepUp":           func() error { _, err := c.StepUp(authentication.AuthorizeOptions{}, 0, nil); return err },
		}
		for name, call := range calls {
			require.NotPanics(t, func() {
				assert.ErrorContains(t, call(), "authentication: the client was not made by NewClient", name)
			}, name)
		}
		assert.Empty(t, c.LoginKey(r)+c.LogoutKey(r))
		assert.Nil(t, c.Flow())
		assert.False(t, c.HasNotice(r) || c.UnsignedNotices())
		assert.Zero(t, c.SAMLAddresses())
	}
}

// A flow with a nil client returns errors.
func TestFromNil(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/?state=x", nil)
	for want, flow := range map[string]authentication.LoginFlow{
		"oidc: ": authentication.FromOIDC(nil), "oauth: ": authentication.FromOAuth(nil), "saml: ": authentication.FromSAML(nil), "cas: ": authentication.FromCAS(nil),
		"oidc": authentication.FromOIDC(&oidc.Client{}), "oauth": authentication.FromOAuth(&oauth.Client{}), "saml": authentication.FromSAML(&saml.Client{}), "cas": authentication.FromCAS(&cas.Client{}),
	} {
		require.NotPanics(t, func() {
			_, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.ErrorContains(t, err, want)
			assert.ErrorContains(t, err, "the client was not made by NewClient")
			_, err = flow.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
			assert.ErrorContains(t, err, "the client was not made by NewClient", want)
			_, err = flow.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{})
			assert.Error(t, err, want)
			_ = flow.LoginKey(r)
			_, err = flow.CompleteLogin(t.Context(), &authentication.Login{Protocol: strings.TrimSuffix(want, ": "), Key: "x", Data: json.RawMessage("{}")}, r)
			assert.Error(t, err, want)
		}, want)
	}
}
