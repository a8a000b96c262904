//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestTokenExchange(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "exchange")
	mine := login(t, c, k.alice(t))
	o := oauth.TokenExchangeOptions{SubjectToken: mine.Token.AccessToken, Audience: []string{"api"}, RequestedTokenType: oauth.TokenTypeAccessToken}
	result, err := c.ExchangeToken(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, oauth.TokenTypeAccessToken, result.IssuedTokenType)
	assert.Nil(t, result.Actor, "this server has no delegation")
	access, err := c.VerifyAccessToken(t.Context(), result.Token.AccessToken, oidc.AccessTokenExpect{Audience: "api", AllowPlainJWT: true})
	require.NoError(t, err)
	assert.Equal(t, mine.IDToken.Subject, access.Subject)
	assert.Equal(t, []string{"api"}, access.Audience)

	// An ID token is no access token: its token_type is N_A.
	o.RequestedTokenType, o.Audience = oauth.TokenTypeIDToken, nil
	result, err = c.ExchangeToken(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, []string{"N_A", string(oauth.TokenTypeIDToken)}, []string{result.Token.TokenType, string(result.IssuedTokenType)})
	id, err := c.VerifyIDToken(t.Context(), result.Token.AccessToken, oidc.Expect{AllowAnyNonce: true})
	require.NoError(t, err)
	assert.Equal(t, mine.IDToken.Subject, id.Subject)

	o.RequestedTokenType, o.Audience = "", []string{"no-such-service"}
	_, err = c.ExchangeToken(t.Context(), o)
	require.ErrorIs(t, err, oauth.InvalidClient, "this server's code for invalid_target")
	o.SubjectToken, o.Audience = "no-such-token", nil
	_, err = c.ExchangeToken(t.Context(), o)
	require.ErrorIs(t, err, oauth.InvalidRequest)
	o.SubjectToken = mine.Token.AccessToken
	_, err = k.client(t, "basic").ExchangeToken(t.Context(), o)
	require.Error(t, err)
	var refused *oauth.Error
	require.ErrorAs(t, err, &refused, "this client may not")
}

// Keycloak 26.4 has no JWT bearer grant: the answer is typed.
func TestJWTBearerIsMissing(t *testing.T) {
	t.Parallel()
	_, err := server(t).client(t, "m2m").GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: "a.b.c"})
	require.ErrorIs(t, err, oauth.UnsupportedGrantType)
}
