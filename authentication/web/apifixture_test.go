package web_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	apiIssuer = "https://id.example"
	apiName   = "https://api.example"
	apiClient = "s6BhdRkqt3"
	apiUser   = "248289761001"
)

// apiNow is the clock of the tests of APIs.
func apiNow() time.Time { return time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC) }

func apiKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(seed), ed25519.SeedSize)))
}

// claim is one change of a token; nil removes the claim. A name that begins with "header " is of the header.
type claim struct {
	name  string
	value any
}

// accessToken is one of RFC 9068 that is accepted, with changes.
func accessToken(t testing.TB, key ed25519.PrivateKey, changes ...claim) string {
	t.Helper()
	header := map[string]any{"typ": "at+jwt", "kid": "k1"}
	claims := map[string]any{
		"iss": apiIssuer, "aud": apiName, "sub": apiUser, "client_id": apiClient, "jti": "dbe39bf3a3ba4238", "scope": "orders:read openid",
		"iat": apiNow().Unix(), "exp": apiNow().Add(time.Hour).Unix(), "auth_time": apiNow().Unix(), "acr": "urn:mfa", "tenant": 7,
	}
	for _, c := range changes {
		part, name := claims, c.name
		if in, found := strings.CutPrefix(name, "header "); found {
			part, name = header, in
		}
		if part[name] = c.value; c.value == nil {
			delete(part, name)
		}
	}
	return signedToken(t, key, header, claims)
}

func signedToken(t testing.TB, key ed25519.PrivateKey, header, claims map[string]any) string {
	t.Helper()
	options := &gojose.SignerOptions{ExtraHeaders: map[gojose.HeaderKey]any{}}
	for name, value := range header {
		options.ExtraHeaders[gojose.HeaderKey(name)] = value
	}
	signer, err := gojose.NewSigner(gojose.SigningKey{Algorithm: gojose.EdDSA, Key: key}, options)
	require.NoError(t, err)
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	raw, err := signed.CompactSerialize()
	require.NoError(t, err)
	return raw
}

// apiVerifier verifies those tokens with a key that is known.
func apiVerifier(t testing.TB, e oidc.AccessTokenExpect) web.Verifier {
	t.Helper()
	client, err := oidc.NewClient(oidc.Config{
		Issuer: apiIssuer, AccessTokenSigningAlg: "EdDSA", Now: apiNow,
		Keys: oidc.StaticKeys{{ID: "k1", Public: apiKey('a').Public()}},
	})
	require.NoError(t, err)
	return web.JWT(client, e)
}

var forAPI = oidc.AccessTokenExpect{Audience: apiName}

// api is a handler behind a guard that remembers what was refused.
type api struct {
	http.Handler
	caller *web.Caller
	calls  int
	err    error
}

func newAPI(g web.TokenGuard) *api {
	a := &api{}
	if g.OnError == nil {
		g.OnError = func(_ *http.Request, err error) { a.err = err }
	}
	if g.Now == nil {
		g.Now = apiNow
	}
	a.Handler = g.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.calls++
		a.caller = web.CallerOf(r.Context())
		fmt.Fprint(w, "hello ", a.caller.Subject)
	}))
	return a
}

// ask calls the API with an Authorization field; empty is none.
func (a *api) ask(authorization string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, apiName+"/orders", nil)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return a.send(r)
}

func (a *api) send(r *http.Request) *httptest.ResponseRecorder {
	a.caller, a.calls, a.err = nil, 0, nil
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

// admitted is an answer of the handler.
func (a *api) admitted(t testing.TB, w *httptest.ResponseRecorder, name ...any) {
	t.Helper()
	require.NoError(t, a.err, name...)
	require.Equal(t, http.StatusOK, w.Code, name...)
	require.Equal(t, 1, a.calls, name...)
	assert.Equal(t, "private, no-cache", w.Header().Get("Cache-Control"))
	assert.Equal(t, []string{"Authorization"}, w.Header().Values("Vary"))
	assert.Empty(t, w.Header().Get("WWW-Authenticate"))
}

// refused is an answer of the guard: its status, challenge and code.
func (a *api) refused(t testing.TB, w *httptest.ResponseRecorder, status int, challenge, code string, reason error, name ...any) {
	t.Helper()
	require.Equal(t, status, w.Code, name...)
	assert.Zero(t, a.calls, name...)
	h := w.Header()
	assert.Equal(t, challenge, h.Get("WWW-Authenticate"), name...)
	assert.Equal(t, "no-store", h.Get("Cache-Control"))
	assert.Equal(t, []string{"Authorization"}, h.Values("Vary"))
	assert.Equal(t, "application/problem+json", h.Get("Content-Type"))
	assert.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	assert.Equal(t, status == http.StatusServiceUnavailable, h.Get("Retry-After") != "", name...)
	var problem struct {
		Status int
		Code   string
		Detail string
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &problem))
	assert.Equal(t, status, problem.Status)
	assert.Equal(t, code, problem.Code, name...)
	assert.NotEmpty(t, problem.Detail)
	require.ErrorIs(t, a.err, reason, name...)
}

const (
	bare         = `Bearer realm="api"`
	invalidToken = `Bearer error="invalid_token", error_description="The access token is expired, revoked, or not for this API."`
)

func badRequest(f web.BearerFault) string {
	return `Bearer error="invalid_request", error_description="` + string(f) + `"`
}
