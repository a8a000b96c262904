package oauth_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/redacttest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	marker    = "s3cr3tMARKER"
	planted32 = "s3cr3tMARKERs3cr3tMARKERs3cr3tMA"
)

// keyed is a custom ClientAuth that holds a key.
type keyed struct{ Key string }

func (keyed) Authenticate(context.Context, *oauth.AuthRequest) error { return nil }

// S12, S15: every exported type, in every verb, log and JSON, alone and inside others.
func TestS15EveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	cfg := config(nil)
	cfg.ClientSecret, cfg.Header = marker, http.Header{"X-Key": {marker}}
	c, err := oauth.NewClient(cfg)
	require.NoError(t, err)
	secret := []string{marker}
	auth := oauth.Config{TokenAuth: keyed{marker}, IntrospectionAuth: keyed{marker}, RevocationAuth: keyed{marker}}
	public := []string{"RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod", "ClientID", "Issuer", "Endpoints", "Endpoint"}
	source := oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
		return &oauth.Token{AccessToken: marker, TokenType: "Bearer"}, nil
	}, nil)
	_, err = source.Token(t.Context())
	require.NoError(t, err)
	host := &oauth.RequestObjectHost{URL: "https://app.example/requests"}
	_, err = host.Host(t.Context(), marker)
	require.NoError(t, err)
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{})
	require.NoError(t, err)
	remembering := with(t, replyAt("/introspect", jsonReply(200, `{"active":true,"sub":"`+marker+`"}`)), func(c *oauth.Config) { c.IntrospectionCache = cache })
	_, err = remembering.IntrospectToken(t.Context(), marker)
	require.NoError(t, err)
	dpop, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: ed25519.NewKeyFromSeed([]byte(planted32))})
	require.NoError(t, err)
	world := newWorld(t)
	world.cfg.Client.Header = http.Header{"X-Key": {marker}}
	resource := world.client()
	document, err := oauth.NewClientDocument(documentURL, agent(nil))
	require.NoError(t, err)
	redacttest.Judge(t,
		redacttest.Type{Value: oauth.Token{}, Public: []string{"TokenType", "Scope", "Binding"}, Form: redacttest.Stored},
		redacttest.Type{Value: oauth.Login{}, Public: public, Form: redacttest.Stored},
		redacttest.Type{Value: oauth.AuthorizationResponse{}, Public: []string{"Token", "Issuer", "TokenType", "Scope"}},
		redacttest.Type{Value: auth, Public: public, Secrets: secret},
		redacttest.Type{Value: c, Pointer: true, Secrets: secret},
		redacttest.Type{Value: oauth.AuthRequest{}, Public: public},
		redacttest.Type{Value: oauth.AuthorizeOptions{}, Public: public},
		redacttest.Type{Value: oauth.CodeOptions{}, Public: public},
		redacttest.Type{Value: oauth.RefreshOptions{}, Public: public},
		redacttest.Type{Value: oauth.ClientCredentialsOptions{}, Public: public},
		redacttest.Type{Value: oauth.DeviceLogin{}, Public: []string{"VerificationURI", "Scope", "ClientID", "Issuer"}, Form: redacttest.Stored},
		redacttest.Type{Value: oauth.DeviceOptions{}, Public: public},
		redacttest.Type{Value: oauth.CIBALogin{}, Public: []string{"Scope", "ClientID", "Issuer"}, Form: redacttest.Stored},
		redacttest.Type{Value: oauth.CIBAOptions{}, Public: []string{"Scope", "ACRValues"}},
		redacttest.Type{Value: oauth.TokenExchangeOptions{}, Public: []string{"SubjectTokenType", "ActorTokenType", "RequestedTokenType", "Resource", "Audience", "Scope"}},
		redacttest.Type{Value: oauth.ExchangedToken{}, Public: []string{"Token", "TokenType", "Scope", "IssuedTokenType"}},
		redacttest.Type{Value: oauth.Actor{}, Form: redacttest.Sent},
		redacttest.Type{Value: oauth.JWTBearerOptions{}, Public: public},
		redacttest.Type{Value: oauth.JWTAssertion{Key: oauth.SigningKey{Signer: ed25519.NewKeyFromSeed([]byte(planted32))}}, Secrets: []string{planted32}, Public: []string{"Issuer", "Audience"}},
		redacttest.Type{Value: oauth.TokenOptions{}, Public: []string{"TokenTypeHint"}},
		redacttest.Type{Value: oauth.UserInfoOptions{}},
		redacttest.Type{Value: oauth.Introspection{}, Public: []string{"Subject", "ClientID", "Scope", "TokenType", "Issuer", "Audience"}},
		redacttest.Type{Value: oauth.UserInfo{}, Public: []string{"Subject"}, Form: redacttest.Sent},
		redacttest.Type{Value: oauth.SigningKey{Signer: ed25519.NewKeyFromSeed([]byte(planted32))}, Secrets: []string{planted32}, Public: []string{"ID", "Alg"}},
		redacttest.Type{Value: oauth.JWK{}, Public: []string{"ID", "Alg", "Use"}},
		redacttest.Type{Value: oauth.JWKSet{}},
		redacttest.Type{Value: oauth.PrivateKeyJWT{}, Public: []string{"Audience", "Type"}},
		redacttest.Type{Value: oauth.ClientSecretJWT{}, Public: []string{"Alg", "Audience", "Type"}},
		redacttest.Type{Value: oauth.Assertion{}, Public: []string{"Type"}},
		redacttest.Type{
			Value: oauth.Registration{}, Form: redacttest.Stored,
			Public: []string{"ClientID", "RedirectURIs", "TokenEndpointAuthMethod", "TokenEndpointAuthSigningAlg", "IDTokenSignedResponseAlg", "Changed", "reply"},
		},
		redacttest.Type{Value: oauth.RegistrationError{Member: "client_id", Detail: "x"}},
		redacttest.Type{Value: oauth.RequestObject{}},
		redacttest.Type{Value: host, Pointer: true, Secrets: secret},
		redacttest.Type{Value: oauth.RegisterOptions{}},
		redacttest.Type{Value: oauth.ClientMetadata{}, Public: []string{"RedirectURIs", "ResponseTypes", "GrantTypes", "ClientName", "Scope", "TokenEndpointAuthMethod"}, Form: redacttest.Sent},
		redacttest.Type{Value: oauth.Profile{}, Form: redacttest.Sent},
		redacttest.Type{Value: oauth.Address{}, Form: redacttest.Sent},
		redacttest.Type{Value: source, Pointer: true, Secrets: secret},
		redacttest.Type{Value: oauth.Transport{Source: source}, Secrets: secret, Public: []string{"Source", "Origin"}},
		redacttest.Type{Value: cache, Pointer: true, Secrets: secret},
		redacttest.Type{Value: oauth.IntrospectionCacheOptions{}, Open: true},
		redacttest.Type{Value: dpop, Pointer: true, Secrets: []string{planted32}},
		redacttest.Type{Value: oauth.DPoPOptions{Signer: ed25519.NewKeyFromSeed([]byte(planted32))}, Secrets: []string{planted32}, Public: []string{"Alg"}},
		redacttest.Type{Value: oauth.Binding{}, Open: true},
		redacttest.Type{Value: oauth.Endpoints{}, Open: true},
		redacttest.Type{Value: oauth.Error{}, Open: true},
		redacttest.Type{Value: oauth.CallbackError{}, Open: true},
		redacttest.Type{Value: oauth.DiscoveryError{}, Open: true},
		redacttest.Type{Value: oauth.Metadata{}, Open: true},
		redacttest.Type{Value: oauth.ResourceMetadata{}, Open: true},
		redacttest.Type{Value: oauth.ResourceConfig{}, Public: []string{"Resource", "Scope"}},
		redacttest.Type{Value: resource, Pointer: true, Secrets: secret},
		redacttest.Type{Value: document, Pointer: true, Open: true},
	)
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		assert.NotContains(t, fmt.Sprintf(verb, struct{ client *oauth.Client }{c}), marker, "where Format cannot be reached")
	}
}

func TestPublicFieldsAreShown(t *testing.T) {
	t.Parallel()
	token := oauth.Token{AccessToken: marker, TokenType: "Bearer", Scope: "a b\nlevel=INFO", ExpiresIn: 60, Expiry: now}
	assert.Equal(t, `oauth.Token{AccessToken:[redacted] TokenType:Bearer Scope:a b\nlevel=INFO ExpiresIn:60 Expiry:2026-03-04 05:06:07 +0000 UTC}`, fmt.Sprint(token))
	login := &oauth.Login{State: marker, ClientID: clientID, CreatedAt: time.Unix(0, 0).UTC()}
	assert.Equal(t, `oauth.Login{State:[redacted] ClientID:s6BhdRkqt3 CreatedAt:1970-01-01 00:00:00 +0000 UTC}`, fmt.Sprintf("%+v", login))
	assert.Equal(t, "<nil>", fmt.Sprint((*oauth.Token)(nil)))
	c := newClient(t, silent(t))
	assert.Contains(t, fmt.Sprint(c), "oauth.Config{ClientID:s6BhdRkqt3 ClientSecret:[redacted]")
	text, err := json.Marshal(map[string]any{"o": oauth.RefreshOptions{Scope: "a", Extra: url.Values{"x": {marker}}}})
	require.NoError(t, err)
	assert.Equal(t, `{"o":"oauth.RefreshOptions{Scope:a Extra:[redacted]}"}`, string(text))
	user := oauth.UserInfo{Subject: "248289761001", Profile: oauth.Profile{Email: marker}}
	assert.Equal(t, "oauth.UserInfo{Subject:248289761001 Profile:[redacted]}", fmt.Sprintf("%d", user))
	text, err = json.Marshal(user)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"Email":"`+marker+`"`, "applications show it on pages")
}

// A client that NewClient did not make has no settings: each call returns an error.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, c := range []*oauth.Client{nil, {}} {
		calls := map[string]func() error{
			"BuildAuthorizeUrl": func() error { _, err := c.BuildAuthorizeUrl(ctx, oauth.AuthorizeOptions{}); return err },
			"BeginLogin":        func() error { _, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{}); return err },
			"CompleteLogin": func() error {
				_, err := c.CompleteLogin(ctx, &oauth.Login{}, httptest.NewRequest(http.MethodGet, "/", nil))
				return err
			},
			"GetAccessTokenByCode": func() error { _, err := c.GetAccessTokenByCode(ctx, "C0DE"); return err },
			"GetAccessTokenByClientCredentials": func() error {
				_, err := c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{})
				return err
			},
			"GetAccessTokenByGrant":           func() error { _, err := c.GetAccessTokenByGrant(ctx, "g", nil); return err },
			"GetNewAccessTokenByRefreshToken": func() error { _, err := c.GetNewAccessTokenByRefreshToken(ctx, "RT"); return err },
			"RefreshIfExpired":                func() error { _, err := c.RefreshIfExpired(ctx, &oauth.Token{}, 0); return err },
			"GetUserInfoByAccessToken":        func() error { _, err := c.GetUserInfoByAccessToken(ctx, "AT"); return err },
			"IntrospectToken":                 func() error { _, err := c.IntrospectToken(ctx, "AT"); return err },
			"RevokeToken":                     func() error { return c.RevokeToken(ctx, "AT") },
			"CanLogin":                        func() error { return c.CanLogin(ctx, "") },
			"Metadata":                        func() error { _, err := c.Metadata(ctx); return err },
			"ReadCallback": func() error {
				_, err := c.ReadCallback(ctx, &oauth.Login{}, "", httptest.NewRequest(http.MethodGet, "/", nil))
				return err
			},
			"BeginDeviceLogin":          func() error { _, err := c.BeginDeviceLogin(ctx, oauth.DeviceOptions{}); return err },
			"CompleteDeviceLogin":       func() error { _, err := c.CompleteDeviceLogin(ctx, &oauth.DeviceLogin{}); return err },
			"BeginCIBALogin":            func() error { _, err := c.BeginCIBALogin(ctx, oauth.CIBAOptions{}); return err },
			"CompleteCIBALogin":         func() error { _, err := c.CompleteCIBALogin(ctx, &oauth.CIBALogin{}); return err },
			"ExchangeToken":             func() error { _, err := c.ExchangeToken(ctx, oauth.TokenExchangeOptions{}); return err },
			"GetAccessTokenByJWTBearer": func() error { _, err := c.GetAccessTokenByJWTBearer(ctx, oauth.JWTBearerOptions{}); return err },
			"RegisterClient":            func() error { _, err := c.RegisterClient(ctx, oauth.ClientMetadata{}); return err },
			"ReadRegistration":          func() error { _, err := c.ReadRegistration(ctx, nil); return err },
			"UpdateRegistration":        func() error { _, err := c.UpdateRegistration(ctx, nil, oauth.ClientMetadata{}); return err },
			"DeleteRegistration":        func() error { return c.DeleteRegistration(ctx, nil) },
		}
		for name, call := range calls {
			require.NotPanics(t, func() { assert.EqualError(t, call(), "oauth: the client was not made by NewClient", name) })
		}
		assert.Empty(t, c.Issuer())
	}
}

// A typed nil in a chain of errors has a text and no details.
func TestNilErrors(t *testing.T) {
	t.Parallel()
	var refused *oauth.Error
	var callback *oauth.CallbackError
	for _, err := range []error{refused, callback, fmt.Errorf("wrapped: %w", refused), fmt.Errorf("wrapped: %w", callback)} {
		assert.NotPanics(t, func() {
			assert.NotErrorIs(t, err, oauth.InvalidGrant)
			assert.NotErrorIs(t, err, oauth.CheckState)
			assert.NotEmpty(t, err.Error())
		})
	}
	assert.False(t, refused.Temporary())
	assert.False(t, errors.Is(refused, errors.ErrUnsupported))
}
