package oidctest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// appKeys is the JWK Set of an application whose key is the tests' own.
func appKeys(t *testing.T) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: signingKey().Public(), KeyID: "app", Use: "sig"}}})
	require.NoError(t, err)
	return text
}

// signJWT signs for an application: key is a secret or a private key.
func signJWT(t *testing.T, alg string, key any, header map[string]any, claims map[string]any) string {
	t.Helper()
	if secret, ok := key.(string); ok {
		key = []byte(secret)
	}
	options := &jose.SignerOptions{}
	for name, value := range header {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: key}, options)
	require.NoError(t, err)
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	raw, err := signed.CompactSerialize()
	require.NoError(t, err)
	return raw
}

// assertionClaims are those of a good assertion; pairs replace or, when nil, remove them.
func assertionClaims(issuer, client string, pairs ...any) map[string]any {
	now := time.Now()
	claims := map[string]any{
		"iss": client, "sub": client, "aud": issuer, "jti": idptest.Opaque(), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(50 * time.Second).Unix(),
	}
	for i := 0; i < len(pairs); i += 2 {
		claims[pairs[i].(string)] = pairs[i+1]
		if pairs[i+1] == nil {
			delete(claims, pairs[i].(string))
		}
	}
	return claims
}

// ecKey is a key that no application has.
func ecKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func (j *journey) assertion(raw string, more ...string) int {
	j.t.Helper()
	status, _ := j.post("/token", nil, form(append(more, "grant_type", "client_credentials", "client_assertion_type", jwtBearer, "client_assertion", raw)...))
	return status
}

func TestClientAssertions(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	j := start(t, &oidctest.Server{
		Scopes: []string{"api", "openid"}, JWKS: appKeys(t),
		Apps: []oidctest.App{
			{ClientID: "ps", TokenAuth: "private_key_jwt", TokenAuthAlg: "PS256", JWKS: appKeys(t)},
			{ClientID: "hs", ClientSecret: oidctest.ClientSecret, TokenAuth: "client_secret_jwt"},
			{ClientID: "basic", ClientSecret: oidctest.ClientSecret},
		},
	})
	id, secret := oidctest.ClientID, oidctest.ClientSecret
	now := time.Now()
	for _, c := range []struct {
		name   string
		client string
		alg    string
		key    any
		kid    string
		typ    string
		change []any
		status int
	}{
		{"a key", id, "RS256", signingKey(), "app", "JWT", nil, 200},
		{"a secret", id, "HS256", secret, "", "JWT", nil, 200},
		{"no typ, no kid", id, "PS512", signingKey(), "", "", nil, 200},
		{"the draft's typ", id, "RS256", signingKey(), "app", "client-authentication+jwt", nil, 200},
		{"another typ", id, "RS256", signingKey(), "app", "at+jwt", nil, 401},
		{"another key", id, "RS256", other, "app", "JWT", nil, 401},
		{"another kid", id, "RS256", signingKey(), "none", "JWT", nil, 401},
		{"another secret", id, "HS256", "x" + secret, "", "JWT", nil, 401},
		{"aud in a list of one", id, "RS256", signingKey(), "app", "JWT", []any{"aud", []string{j.url}}, 200},
		{"aud in a list of two", id, "RS256", signingKey(), "app", "JWT", []any{"aud", []string{j.url, "x"}}, 401},
		{"aud of the token endpoint", id, "RS256", signingKey(), "app", "JWT", []any{"aud", j.url + "/token"}, 401},
		{"another iss", id, "RS256", signingKey(), "app", "JWT", []any{"iss", "x"}, 401},
		{"another sub", id, "RS256", signingKey(), "app", "JWT", []any{"sub", "x"}, 401},
		{"expired", id, "RS256", signingKey(), "app", "JWT", []any{"exp", now.Add(-time.Second).Unix()}, 401},
		{"no exp", id, "RS256", signingKey(), "app", "JWT", []any{"exp", nil}, 401},
		{"a long time", id, "RS256", signingKey(), "app", "JWT", []any{"exp", now.Add(2 * time.Minute).Unix()}, 401},
		{"not yet", id, "RS256", signingKey(), "app", "JWT", []any{"nbf", now.Add(time.Minute).Unix()}, 401},
		{"issued in the future", id, "RS256", signingKey(), "app", "JWT", []any{"iat", now.Add(time.Minute).Unix()}, 401},
		{"neither nbf nor iat", id, "RS256", signingKey(), "app", "JWT", []any{"nbf", nil, "iat", nil}, 200},
		{"no jti", id, "RS256", signingKey(), "app", "JWT", []any{"jti", nil}, 401},
		{"its own algorithm", "ps", "PS256", signingKey(), "app", "JWT", nil, 200},
		{"another algorithm", "ps", "RS256", signingKey(), "app", "JWT", nil, 401},
		{"another method", "ps", "HS256", secret, "", "JWT", nil, 401},
		{"by a secret alone", "hs", "HS256", secret, "", "JWT", nil, 200},
		{"not by a key", "hs", "RS256", signingKey(), "app", "JWT", nil, 401},
		{"not by an assertion", "basic", "HS256", secret, "", "JWT", nil, 401},
		{"nobody", "nobody", "HS256", secret, "", "JWT", nil, 401},
	} {
		header := map[string]any{}
		if c.typ != "" {
			header["typ"] = c.typ
		}
		if c.kid != "" {
			header["kid"] = c.kid
		}
		raw := signJWT(t, c.alg, c.key, header, assertionClaims(j.url, c.client, c.change...))
		assert.Equal(t, c.status, j.assertion(raw), c.name)
		if c.status == 200 {
			assert.Equal(t, 401, j.assertion(raw), "%s: a second time", c.name)
		}
	}
	fresh := func() string { return signJWT(t, "HS256", secret, nil, assertionClaims(j.url, id)) }
	assert.Equal(t, 200, j.assertion(fresh(), "client_id", id))
	assert.Equal(t, 401, j.assertion(fresh(), "client_id", "ps"))
	assert.Equal(t, 400, j.assertion(fresh(), "client_secret", secret), "two mechanisms")
	assert.Equal(t, 401, j.assertion("not.a.jwt"))
	status, _ := j.post("/token", nil, form("grant_type", "client_credentials", "client_assertion_type", "x", "client_assertion", fresh()))
	assert.Equal(t, 400, status)

	j.idp.Break(oidctest.TokenEndpointAudience)
	assert.Equal(t, 401, j.assertion(fresh()))
	assert.Equal(t, 200, j.assertion(signJWT(t, "HS256", secret, nil, assertionClaims(j.url, id, "aud", j.url+"/token"))))
}

// The keys may be at an address of the application.
func TestClientKeysAtAnAddress(t *testing.T) {
	t.Parallel()
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(appKeys(t)) }))
	t.Cleanup(keys.Close)
	j := start(t, &oidctest.Server{Scopes: []string{"api", "openid"}, Apps: []oidctest.App{
		{ClientID: "here", TokenAuth: "private_key_jwt", JWKSURI: keys.URL}, {ClientID: "gone", TokenAuth: "private_key_jwt", JWKSURI: keys.URL + "0"},
	}})
	for client, status := range map[string]int{"here": 200, "gone": 401} {
		assert.Equal(t, status, j.assertion(signJWT(t, "RS256", signingKey(), map[string]any{"kid": "app"}, assertionClaims(j.url, client))), client)
	}
}

// A code and a refresh token are for the application that asked for them.
func TestCodeOfAnotherApplication(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Apps: []oidctest.App{{ClientID: "second", ClientSecret: "s2", IDTokenSigningAlg: "ES256", RedirectURIs: []string{callbackURI}}}})
	code := j.login("/auth", "client_id", "second").Get("code")
	status, _ := j.post("/token", basic(oidctest.ClientID, oidctest.ClientSecret), form("grant_type", "authorization_code", "code", code, "redirect_uri", callbackURI))
	assert.Equal(t, 400, status)
	status, reply := j.post("/token", basic("second", "s2"), form("grant_type", "authorization_code", "code", code, "redirect_uri", callbackURI))
	require.Equal(t, 200, status)
	parsed, err := jose.ParseSignedCompact(reply["id_token"].(string), []jose.SignatureAlgorithm{jose.ES256})
	require.NoError(t, err)
	assert.Contains(t, string(parsed.UnsafePayloadWithoutVerification()), `"aud":"second"`)
}
