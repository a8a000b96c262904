package oidc_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// tokenCalls are the calls that use package oauth, correct and with a mistake.
var tokenCalls = map[string]struct {
	path    string
	form    url.Values
	right   func(ctx context.Context, c *oidc.Client) error
	message string
	wrong   func(ctx context.Context, c *oidc.Client) error
}{
	"GetAccessTokenByCode": {
		"/token", url.Values{"grant_type": {"authorization_code"}, "code": {"C1"}, "redirect_uri": {redirectURI}},
		func(ctx context.Context, c *oidc.Client) error { return second(c.GetAccessTokenByCode(ctx, "C1")) },
		"oauth: code is empty",
		func(ctx context.Context, c *oidc.Client) error { return second(c.GetAccessTokenByCode(ctx, "")) },
	},
	"GetNewAccessTokenByRefreshToken": {
		"/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"RT1"}},
		func(ctx context.Context, c *oidc.Client) error {
			return second(c.GetNewAccessTokenByRefreshToken(ctx, "RT1"))
		},
		"oauth: refresh token is empty",
		func(ctx context.Context, c *oidc.Client) error {
			return second(c.GetNewAccessTokenByRefreshToken(ctx, ""))
		},
	},
	"RefreshIfExpired": {
		"/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"RT1"}},
		func(ctx context.Context, c *oidc.Client) error {
			return second(c.RefreshIfExpired(ctx, &oauth.Token{RefreshToken: "RT1", Expiry: now()}, 0))
		},
		"oauth: token is nil",
		func(ctx context.Context, c *oidc.Client) error { return second(c.RefreshIfExpired(ctx, nil, 0)) },
	},
	"GetAccessTokenByClientCredentials": {
		"/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"a b"}},
		func(ctx context.Context, c *oidc.Client) error {
			return second(c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{Scope: "a b"}))
		},
		"oauth: Extra must not set scope: use its field instead",
		func(ctx context.Context, c *oidc.Client) error {
			return second(c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{Extra: url.Values{"scope": {"a"}}}))
		},
	},
	"GetAccessTokenByGrant": {
		"/token", url.Values{"grant_type": {"urn:example"}, "assertion": {"A"}},
		func(ctx context.Context, c *oidc.Client) error {
			return second(c.GetAccessTokenByGrant(ctx, "urn:example", url.Values{"assertion": {"A"}}))
		},
		"oauth: grant type is empty",
		func(ctx context.Context, c *oidc.Client) error { return second(c.GetAccessTokenByGrant(ctx, "", nil)) },
	},
	"IntrospectToken": {
		"/introspect", url.Values{"token": {"AT"}},
		func(ctx context.Context, c *oidc.Client) error { return second(c.IntrospectToken(ctx, "AT")) },
		"oauth: TokenOptions were given 2 times, want at most once",
		func(ctx context.Context, c *oidc.Client) error {
			return second(c.IntrospectToken(ctx, "AT", oauth.TokenOptions{}, oauth.TokenOptions{}))
		},
	},
	"RevokeToken": {
		"/revoke", url.Values{"token": {"AT"}},
		func(ctx context.Context, c *oidc.Client) error { return c.RevokeToken(ctx, "AT") },
		"oauth: token is empty",
		func(ctx context.Context, c *oidc.Client) error { return c.RevokeToken(ctx, "") },
	},
	"GetUserInfoByAccessToken": {
		"/me", url.Values{},
		func(ctx context.Context, c *oidc.Client) error { return second(c.GetUserInfoByAccessToken(ctx, "AT")) },
		"oauth: access token is empty",
		func(ctx context.Context, c *oidc.Client) error { return second(c.GetUserInfoByAccessToken(ctx, "")) },
	},
}

func second[T any](_ T, err error) error { return err }

func TestTokenCallsGoToTheirEndpoint(t *testing.T) {
	t.Parallel()
	for name, call := range tokenCalls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			p.serve(call.path, map[string]any{"access_token": "AT", "token_type": "Bearer", "active": true, "sub": "248289761001"})
			require.NoError(t, call.right(t.Context(), p.client(newTrial().config)))
			assert.Equal(t, call.form, p.form(call.path))
			assert.Equal(t, 2, p.total())
		})
	}
}

// A mistake is an error before discovery, and the same error after it.
func TestTokenCallMistakesSendNothing(t *testing.T) {
	t.Parallel()
	for name, call := range tokenCalls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			client := p.client(newTrial().config)
			require.EqualError(t, call.wrong(t.Context(), client), call.message)
			assert.Zero(t, p.total())
			_, err := client.Metadata(t.Context())
			require.NoError(t, err)
			require.EqualError(t, call.wrong(t.Context(), client), call.message)
			assert.Equal(t, 1, p.total())
		})
	}
}

// A missing secret is a mistake too.
func TestMissingSecretSendsNothing(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(*oidc.Client) error{
		"TokenAuth":         func(c *oidc.Client) error { _, err := c.GetAccessTokenByCode(t.Context(), "C1"); return err },
		"IntrospectionAuth": func(c *oidc.Client) error { _, err := c.IntrospectToken(t.Context(), "AT"); return err },
		"RevocationAuth":    func(c *oidc.Client) error { return c.RevokeToken(t.Context(), "AT") },
	} {
		p := newProvider(t)
		config := newTrial().config
		config.ClientSecret, config.IDTokenSigningAlg = "", "RS256"
		require.EqualError(t, call(p.client(config)), "oauth: "+name+": ClientSecret is not set, client_secret_basic needs it")
		assert.Zero(t, p.total(), name)
		_, err := p.client(config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1"})
		require.EqualError(t, err, "oauth: TokenAuth: ClientSecret is not set, client_secret_basic needs it")
		assert.Zero(t, p.total())
	}
}

func TestRefreshIfExpiredLeavesAGoodTokenAlone(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	good := &oauth.Token{AccessToken: "AT", Expiry: now().Add(time.Minute)}
	got, err := p.client(newTrial().config).RefreshIfExpired(t.Context(), good, 30*time.Second)
	require.NoError(t, err)
	assert.Same(t, good, got)
	assert.Zero(t, p.total())
}

// R3: late callers with a spent refresh token get the result of the first, whatever leeway they want, until one of its
// tokens is revoked.
func TestR3SpentRefreshToken(t *testing.T) {
	t.Parallel()
	for revoked, calls := range map[string]int{"": 1, "RT7": 1, "RT1": 2, "AT1": 2} {
		p, n := newProvider(t), 0
		p.on("/token", func(*http.Request) (*http.Response, error) {
			n++
			return httpmock.NewJsonResponse(http.StatusOK, map[string]any{
				"access_token": fmt.Sprint("AT", n), "refresh_token": fmt.Sprint("RT", n), "token_type": "Bearer", "expires_in": 60,
			})
		})
		p.text("/revoke", http.StatusOK, "", "")
		client := p.client(newTrial().config)
		refresh := func(leeway time.Duration) *oauth.Token {
			next, err := client.RefreshIfExpired(t.Context(), &oauth.Token{AccessToken: "AT0", RefreshToken: "RT0", Expiry: now()}, leeway)
			require.NoError(t, err)
			return next
		}
		assert.Equal(t, "AT1", refresh(0).AccessToken)
		if revoked != "" {
			require.NoError(t, client.RevokeToken(t.Context(), revoked))
		}
		for _, leeway := range []time.Duration{0, time.Hour} {
			assert.Equal(t, fmt.Sprint("AT", calls), refresh(leeway).AccessToken, revoked)
		}
		assert.Equal(t, calls, p.count("/token"), revoked)
	}
}

// R2: each caller has its own refusal.
func TestR2RefusalsOfARefreshAreNotShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProvider(t)
		p.on("/token", func(*http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return httpmock.NewJsonResponse(http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		})
		client := p.client(newTrial().config)
		seen := map[*oauth.Error]bool{}
		for _, err := range atOnce(5, func(int) error { _, err := client.GetNewAccessTokenByRefreshToken(t.Context(), "RT0"); return err }) {
			var refused *oauth.Error
			require.ErrorAs(t, err, &refused)
			seen[refused] = true
		}
		assert.Len(t, seen, 5)
		assert.Equal(t, 1, p.count("/token"))
	})
}

func TestT9RedirectFromTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.on("/token", func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusTemporaryRedirect, Header: http.Header{"Location": {issuer + "/elsewhere"}}, Body: http.NoBody}, nil
	})
	_, err := p.client(newTrial().config).GetAccessTokenByCode(t.Context(), "SplxlOBeZQQYbYS6WxSbIA")
	require.EqualError(t, err, "oauth: POST https://op.example/token: refused a redirect (status 307) to https://op.example")
	assert.Equal(t, 1, p.count("/token"))
}

// A refresh that the server refuses is its refusal, and no token.
func TestRefreshIfExpiredRefused(t *testing.T) {
	t.Parallel()
	p, tr := newProvider(t), newTrial()
	p.publish(tr.jwks...)
	p.text("/token", 400, "application/json", `{"error":"invalid_grant"}`)
	client := p.client(tr.config)
	token, err := client.RefreshIfExpired(t.Context(), &oauth.Token{AccessToken: "AT", RefreshToken: "RT", Expiry: now()}, 0)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.Nil(t, token)
	_, err = client.GetNewAccessTokenByRefreshToken(t.Context(), "RT", oauth.RefreshOptions{}, oauth.RefreshOptions{})
	require.EqualError(t, err, "oidc: RefreshOptions were given 2 times, want at most once")
}
