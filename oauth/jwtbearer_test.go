package oauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestJWTBearerMisuse(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	for want, o := range map[string]oauth.JWTBearerOptions{
		"Assertion is empty": {},
		"Assertion has a blank, a control character, or one that is not ASCII": {Assertion: "a.b.c\n"},
		"Extra must not set assertion: use its field instead":                  {Assertion: "a.b.c", Extra: url.Values{"assertion": {"x"}}},
		"Extra must not set scope: use its field instead":                      {Assertion: "a.b.c", Extra: url.Values{"scope": {"x"}}},
		"Extra must not set client_id: use its field instead":                  {Assertion: "a.b.c", Extra: url.Values{"client_id": {"x"}}},
	} {
		_, err := c.GetAccessTokenByJWTBearer(t.Context(), o)
		require.EqualError(t, err, "oauth: "+want)
	}
	refusing := newClient(t, tokenReply(400, `{"error":"invalid_grant","error_description":"a.SECRET.c is expired"}`))
	_, err := refusing.GetAccessTokenByJWTBearer(t.Context(), oauth.JWTBearerOptions{Assertion: "a.SECRET.c"})
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.NotContains(t, err.Error(), "SECRET")
}

func TestJWTAssertion(t *testing.T) {
	t.Parallel()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	a := oauth.JWTAssertion{Key: oauth.SigningKey{ID: "k1", Signer: private}, Issuer: "svc@project.example", Audience: "https://as.example"}
	read := func(a oauth.JWTAssertion) map[string]any {
		signed, err := a.Sign(now)
		require.NoError(t, err)
		parsed, err := jose.ParseSignedCompact(signed, []jose.SignatureAlgorithm{jose.ES256})
		require.NoError(t, err)
		assert.Equal(t, "k1", parsed.Signatures[0].Header.KeyID)
		payload, err := parsed.Verify(private.Public())
		require.NoError(t, err)
		var claims map[string]any
		require.NoError(t, json.Unmarshal(payload, &claims))
		return claims
	}
	claims := read(a)
	assert.Len(t, claims["jti"], 26)
	assert.NotEqual(t, claims["jti"], read(a)["jti"], "each is for one use")
	delete(claims, "jti")
	assert.Equal(t, map[string]any{
		"iss": "svc@project.example", "sub": "svc@project.example", "aud": "https://as.example", "iat": float64(now.Unix()), "exp": float64(now.Unix() + 60),
	}, claims)
	a.Subject, a.Lifetime, a.Claims = "alice", time.Hour, map[string]any{"scope": "read"}
	claims = read(a)
	assert.Equal(t, []any{"alice", "read", float64(now.Unix() + 3600)}, []any{claims["sub"], claims["scope"], claims["exp"]})

	for _, lifetime := range []time.Duration{-time.Second, 1500 * time.Millisecond} {
		bad := a
		bad.Lifetime = lifetime
		_, err := bad.Sign(now)
		require.EqualError(t, err, "oauth: JWTAssertion.Lifetime must be whole seconds, at most an hour")
	}
	nobody := a
	nobody.Issuer = ""
	_, err = nobody.Sign(now)
	require.EqualError(t, err, "oauth: JWTAssertion needs Issuer and Audience")
	for want, change := range map[string]func(*oauth.JWTAssertion){
		"JWTAssertion needs Issuer and Audience":                       func(a *oauth.JWTAssertion) { a.Audience = "" },
		"JWTAssertion.Lifetime must be whole seconds, at most an hour": func(a *oauth.JWTAssertion) { a.Lifetime = time.Hour + time.Second },
		"JWTAssertion.Claims must not set exp":                         func(a *oauth.JWTAssertion) { a.Claims = map[string]any{"exp": 1} },
		"JWTAssertion: SigningKey.Signer is not set":                   func(a *oauth.JWTAssertion) { a.Key = oauth.SigningKey{} },
	} {
		bad := a
		change(&bad)
		signed, err := bad.Sign(now)
		require.EqualError(t, err, "oauth: "+want)
		assert.Empty(t, signed)
	}
}
