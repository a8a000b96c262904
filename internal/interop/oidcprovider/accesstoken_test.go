//go:build interop

package oidcprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A resource server knows only the issuer and its own identifier.
func resourceServer(t *testing.T, p *op, alg string) *oidc.Client {
	t.Helper()
	c, err := oidc.NewClient(oidc.Config{Issuer: p.base, AccessTokenSigningAlg: alg})
	require.NoError(t, err)
	return c
}

func TestAccessToken(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for alg, resource := range map[string]string{"RS256": "urn:interop:jwt", "ES256": "urn:interop:jwt-es256"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			token, err := p.oauthClient(t, "m2m").GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{
				Scope: "api:read api:write", Extra: map[string][]string{"resource": {resource}},
			})
			require.NoError(t, err)
			c := resourceServer(t, p, alg)
			access, err := c.VerifyAccessToken(t.Context(), token.AccessToken, oidc.AccessTokenExpect{Audience: resource})
			require.NoError(t, err)
			assert.Equal(t, "m2m", access.ClientID)
			assert.Equal(t, "api:read api:write", access.Scope)
			assert.NotEmpty(t, access.JWTID)

			_, err = c.VerifyAccessToken(t.Context(), token.AccessToken, oidc.AccessTokenExpect{Audience: "urn:interop:opaque"})
			require.ErrorIs(t, err, oidc.CheckAudience)
			_, err = c.VerifyAccessToken(t.Context(), flipped(token.AccessToken), oidc.AccessTokenExpect{Audience: resource})
			require.ErrorIs(t, err, oidc.CheckSignature)
		})
	}
}

func TestAccessTokenOfAUser(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "basic")
	login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid api:read", Resource: []string{"urn:interop:jwt"}})
	result, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	token := result.Token
	access, err := resourceServer(t, p, "").VerifyAccessToken(t.Context(), token.AccessToken, oidc.AccessTokenExpect{Audience: "urn:interop:jwt"})
	require.NoError(t, err)
	assert.Equal(t, "alice basic api:read", access.Subject+" "+access.ClientID+" "+access.Scope)
}

func TestTokensOfOneKindAreNotTheOther(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "basic")
	raw := oidcLogin(t, c, "openid").Token.IDToken
	_, err := c.VerifyAccessToken(t.Context(), raw, oidc.AccessTokenExpect{})
	require.ErrorIs(t, err, oidc.CheckType)
	_, err = c.VerifyAccessToken(t.Context(), raw, oidc.AccessTokenExpect{AllowPlainJWT: true})
	require.ErrorIs(t, err, oidc.CheckType)

	token, err := p.oauthClient(t, "m2m").GetAccessTokenByClientCredentials(t.Context(),
		oauth.ClientCredentialsOptions{Extra: map[string][]string{"resource": {"urn:interop:jwt"}}})
	require.NoError(t, err)
	_, err = c.VerifyIDToken(t.Context(), token.AccessToken, oidc.Expect{AllowAnyNonce: true})
	require.ErrorIs(t, err, oidc.CheckType)
}
