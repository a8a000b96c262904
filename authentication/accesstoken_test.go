package authentication_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const testAK = "5f17a529f64fb009b794a2aa"

var accessKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// signRS256 signs with the key of publicKeys.
func signRS256(t testing.TB, header, claims map[string]any) string {
	t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	text := part(header) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, accessKey(), crypto.SHA256, sum[:])
	require.NoError(t, err)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func publicKeys(t testing.TB) *wire {
	encode := base64.RawURLEncoding.EncodeToString
	return always(t, http.StatusOK, fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"k1","alg":"RS256","use":"sig","n":%q,"e":%q}]}`,
		encode(accessKey().N.Bytes()), encode(big.NewInt(int64(accessKey().E)).Bytes())))
}

// userToken and machineToken have the claims of Authing's samples.
func userToken() map[string]any {
	return map[string]any{
		"jti": "j1", "sub": "u-1", "iat": 1700000000, "exp": 1700003600, "scope": "email openid profile", "iss": testHost + "/oidc", "aud": testApp,
	}
}

func machineToken() map[string]any {
	m := userToken()
	delete(m, "sub")
	m["aud"], m["azp"], m["scope"] = testAK, testApp, "book:read"
	return m
}

// X1 to X3 with Authing's tokens: each refused token differs from an accepted one in one fact.
func TestX2AuthingAccessTokens(t *testing.T) {
	t.Parallel()
	machine := authentication.AccessTokenExpect{AccessKeys: []string{testAK}}
	several := authentication.AccessTokenExpect{AccessKeys: []string{"another", testAK}}
	user := authentication.AccessTokenExpect{}
	clock := time.Unix(1700000100, 0)
	client := newTestClient(t, publicKeys(t), func(o *authentication.Options) { o.Now = func() time.Time { return clock } })
	for name, c := range map[string]struct {
		claims map[string]any
		header map[string]any
		change map[string]any // nil removes
		expect authentication.AccessTokenExpect
		check  error // nil: accepted
	}{
		"user":                         {userToken(), nil, nil, user, nil},
		"user, azp":                    {userToken(), nil, map[string]any{"azp": testApp}, user, nil},
		"user, azp of another":         {userToken(), nil, map[string]any{"azp": "other"}, user, oidc.CheckAuthorized},
		"user, another audience":       {userToken(), nil, map[string]any{"aud": "other"}, user, oidc.CheckAudience},
		"user, another issuer":         {userToken(), nil, map[string]any{"iss": testHost}, user, oidc.CheckIssuer},
		"user, without a scope":        {userToken(), nil, map[string]any{"scope": nil}, user, oidc.CheckScope},
		"user, ID token with a scope":  {userToken(), nil, map[string]any{"nonce": "n"}, user, oidc.CheckType},
		"user, over":                   {userToken(), nil, map[string]any{"exp": 1700000039}, user, oidc.CheckExpired},
		"user, just not over":          {userToken(), nil, map[string]any{"exp": 1700000041}, user, nil},
		"user, another algorithm":      {userToken(), map[string]any{"alg": "HS256"}, nil, user, oidc.CheckAlgorithm},
		"user, a logout token":         {userToken(), map[string]any{"typ": "logout+jwt"}, nil, user, oidc.CheckType},
		"machine's for a user":         {machineToken(), nil, map[string]any{"aud": testApp}, user, oidc.CheckSubject},
		"machine":                      {machineToken(), nil, nil, machine, nil},
		"machine, one of several":      {machineToken(), nil, nil, several, nil},
		"machine, unknown account":     {machineToken(), nil, map[string]any{"aud": "x"}, several, oidc.CheckAudience},
		"machine, another application": {machineToken(), nil, map[string]any{"azp": "other"}, machine, oidc.CheckClientID},
		"machine, no application":      {machineToken(), nil, map[string]any{"azp": nil}, machine, oidc.CheckClientID},
		"machine, with a user":         {machineToken(), nil, map[string]any{"sub": "u-1"}, machine, oidc.CheckSubject},
		"machine, two audiences":       {machineToken(), nil, map[string]any{"aud": []string{testAK, testApp}}, machine, oidc.CheckAudience},
		"machine, for a user":          {machineToken(), nil, nil, user, oidc.CheckAudience},
		"user, for a machine":          {userToken(), nil, map[string]any{"azp": testApp}, machine, oidc.CheckAudience},
	} {
		header := map[string]any{"alg": "RS256", "typ": "JWT", "kid": "k1"}
		maps.Copy(header, c.header)
		maps.Copy(c.claims, c.change)
		maps.DeleteFunc(c.claims, func(_ string, v any) bool { return v == nil })
		token, err := client.VerifyAccessToken(t.Context(), signRS256(t, header, c.claims), c.expect)
		if c.check == nil {
			require.NoError(t, err, name)
			assert.Equal(t, c.claims["scope"], token.Scope)
			continue
		}
		require.ErrorIs(t, err, c.check, "%s: %v", name, err)
		assert.Equal(t, "refused", kind(err), name)
		assert.Nil(t, token, name)
	}
}

func TestVerifyAccessTokenMisuse(t *testing.T) {
	t.Parallel()
	raw := signRS256(t, map[string]any{"alg": "RS256", "typ": "JWT", "kid": "k1"}, userToken())
	for want, c := range map[string]struct {
		change func(*authentication.Options)
		expect authentication.AccessTokenExpect
	}{
		"authentication: AppID is not set":                                {noApp, authentication.AccessTokenExpect{}},
		"authentication: AccessTokenExpect.AccessKeys has an empty entry": {nil, authentication.AccessTokenExpect{AccessKeys: []string{testAK, ""}}},
		"authentication: AccessTokenExpect.AccessKeys must not have AppID: a machine has its own access key": {
			nil, authentication.AccessTokenExpect{AccessKeys: []string{testApp}},
		},
		"authentication: VerifyAccessToken is not a call of protocol oauth: unsupported operation": {with(authentication.OAuth{}), authentication.AccessTokenExpect{}},
	} {
		w := publicKeys(t)
		client := newTestClient(t, w, c.change)
		_, err := client.VerifyAccessToken(t.Context(), raw, c.expect)
		require.EqualError(t, err, want)
		assert.Equal(t, "misconfigured", kind(err))
		assert.Empty(t, w.sent)
	}
	client := newTestClient(t, always(t, http.StatusServiceUnavailable, ""), nil)
	_, err := client.VerifyAccessToken(t.Context(), raw, authentication.AccessTokenExpect{})
	assert.Equal(t, "no answer", kind(err), "keys that cannot be fetched are neither a refusal nor a mistake: %v", err)
}

// The tokens that a fake Authing issues to a user and to a machine, and texts that are not access tokens.
func TestVerifyAccessTokenJourney(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	id, err := f.complete(t, authentication.AuthorizeOptions{})
	require.NoError(t, err)
	token, err := f.client.VerifyAccessToken(t.Context(), id.Token.AccessToken, authentication.AccessTokenExpect{})
	require.NoError(t, err)
	assert.Equal(t, id.Subject, token.Subject)
	assert.True(t, token.HasScope("openid"))
	_, err = f.client.VerifyAccessToken(t.Context(), id.Token.IDToken, authentication.AccessTokenExpect{})
	assert.Equal(t, "refused", kind(err), "X3: an ID token")

	machine, err := f.client.GetAccessTokenByClientCredentials(context.Background(), authentication.ClientCredentialsOptions{
		Scope: "orders:read", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey,
	})
	require.NoError(t, err)
	expect := authentication.AccessTokenExpect{AccessKeys: []string{authtest.AccessKey}}
	token, err = f.client.VerifyAccessToken(t.Context(), machine.AccessToken, expect)
	require.NoError(t, err)
	assert.Empty(t, token.Subject)
	assert.Equal(t, []string{authtest.AccessKey}, token.Audience)
	_, err = f.client.VerifyAccessToken(t.Context(), id.Token.AccessToken, expect)
	assert.True(t, errors.Is(err, oidc.CheckAudience))
}

// The access token on Authing's page, with the key on that page.
func TestVerifyAccessTokenOfTheDocs(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, always(t, http.StatusOK, docsKeys), func(o *authentication.Options) {
		o.AppID, o.AppHost = "5f17a529f64fb009b794a2ff", "https://oidc1.authing.cn"
		o.Now = func() time.Time { return time.Unix(1615883600, 0) }
	})
	token, err := client.VerifyAccessToken(t.Context(), docsToken, authentication.AccessTokenExpect{})
	require.NoError(t, err)
	assert.Equal(t, "5ff701d846b9203e2f6ac6f3", token.Subject)
	assert.True(t, token.HasScope("phone"))
}

// From Authing's public documentation; long expired.
const (
	docsKeys  = `{"keys": [{"e": "AQAB", "n": "o8iCY52uBPOCnBSRCr3YtlZ0UTuQQ4NCeVMzV7JBtH-7Vuv0hwGJTb_hG-BeYOPz8i6YG_o367smV2r2mnXbC1cz_tBfHD4hA5vnJ1eCpKRWX-l6fYuS0UMti-Bmg0Su2IZxXF9T1Cu-AOlpgXFC1LlPABL4E0haHO8OwQ6QyEfiUIs0byAdf5zeEHFHseVHLjsM2pzWOvh5e_xt9NOJY4vB6iLtD5EIak04i1ND_O0Lz0OYbuV0KjluxaxoiexJ8kGo9W1SNza_2TqUAR6hsPkeOwwh-oHnNwZg8OEnwXFmNg-bW4KiBrQEG4yUVdFGENW6vAQaRa2bJX7obn4xCw", "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "TfLOt3Lbn8_a8pRMuessamqj-o3DBCs1-owHLQ-VMqQ"}]}`
	docsToken = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlRmTE90M0xibjhfYThwUk11ZXNzYW1xai1vM0RCQ3MxLW93SExRLVZNcVEifQ.eyJqdGkiOiJsdzg0NW5zdGcwS3EtMTlodVpQOHYiLCJzdWIiOiI1ZmY3MDFkODQ2YjkyMDNlMmY2YWM2ZjMiLCJpYXQiOjE2MTU4ODM1ODYsImV4cCI6MTYxNTg4NzE4Niwic2NvcGUiOiJlbWFpbCBvcGVuaWQgcHJvZmlsZSBwaG9uZSIsImlzcyI6Imh0dHBzOi8vb2lkYzEuYXV0aGluZy5jbi9vaWRjIiwiYXVkIjoiNWYxN2E1MjlmNjRmYjAwOWI3OTRhMmZmIn0.VvYKBcWcr8iIi1b37ugWQ9hsvog4_7EqDQyFqwhIuvM0NHlHH3Bhw83EQIKSNfbWV4nv3ihfeNGPLMzslbQr-wwjnWZTLMYl1bcn7IdVtD_kTN3Zz10MwF5td-VQ7UndU28wJ0HE1mo6E8QH93kYGckS5FSZXmCBa0M5H59Jec_a1MHI1MZrr_V9cZ9EfeF97V-PcqU8JVAwDZclCJ3mWY_Mb65RnMR9yEVqUZzJStmaXGMuRIzjkm2pklqt0CtQQJfzECXq_4USpwRXDiYLWILYPUCcO6hGxDjhMEd8IcxdG51TQP-w1UM6LyIRn61uSJvDsz8zg5dStDKyocypiA"
)
