package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// invalid tries tokens that differ from an accepted one in one claim.
func invalid(t *testing.T, e oidc.AccessTokenExpect, base []claim, check error, spoil ...claim) {
	t.Helper()
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, e)})
	a.admitted(t, a.ask("Bearer "+accessToken(t, apiKey('a'), base...)))
	for _, c := range spoil {
		name := fmt.Sprintf("%s %v", c.name, c.value)
		a.refused(t, a.ask("Bearer "+accessToken(t, apiKey('a'), append(base[:len(base):len(base)], c)...)), 401, invalidToken, "invalid_token", check, name)
		require.ErrorIs(t, a.err, authentication.ErrRefused, name)
	}
}

func TestX1TypIsNotAnAccessToken(t *testing.T) {
	t.Parallel()
	typ := "header typ"
	invalid(t, forAPI, nil, oidc.CheckType, claim{typ, "JWT"}, claim{typ, nil}, claim{typ, "logout+jwt"}, claim{typ, "dpop+jwt"})
	invalid(t, forAPI, []claim{{typ, "application/at+jwt"}}, oidc.CheckType, claim{typ, "application/jwt"})

	plain := oidc.AccessTokenExpect{Audience: apiName, AllowPlainJWT: true}
	base := []claim{{typ, "JWT"}, {"client_id", nil}}
	invalid(t, plain, base, oidc.CheckType, claim{"nonce", "n"}, claim{"at_hash", "h"}, claim{"c_hash", "h"}, claim{"events", map[string]any{}}, claim{typ, "logout+jwt"})
	invalid(t, plain, base, oidc.CheckScope, claim{"scope", nil}, claim{"scope", ""})
	invalid(t, plain, append(base, claim{"scope", nil}, claim{"scp", []string{"orders:read"}}), oidc.CheckScope, claim{"scp", nil})
}

func TestX2ClaimsOfTheToken(t *testing.T) {
	t.Parallel()
	invalid(t, forAPI, nil, oidc.CheckIssuer, claim{"iss", nil}, claim{"iss", apiIssuer + "/"}, claim{"iss", "https://attacker.example"})
	invalid(t, forAPI, nil, oidc.CheckAudience, claim{"aud", nil}, claim{"aud", "https://other.example"}, claim{"aud", apiClient}, claim{"aud", []string{}})
	invalid(t, forAPI, []claim{{"aud", []string{"https://other.example", apiName}}}, oidc.CheckAudience, claim{"aud", []string{"https://other.example"}})
	invalid(t, forAPI, []claim{{"exp", apiNow().Add(-59 * time.Second).Unix()}}, oidc.CheckExpired, claim{"exp", apiNow().Add(-time.Minute).Unix()}, claim{"exp", nil})
	invalid(t, forAPI, []claim{{"iat", apiNow().Add(time.Minute).Unix()}}, oidc.CheckIssuedAt, claim{"iat", apiNow().Add(61 * time.Second).Unix()}, claim{"iat", nil})
	invalid(t, forAPI, nil, oidc.CheckSubject, claim{"sub", nil}, claim{"sub", ""}, claim{"sub", 7})
	invalid(t, forAPI, nil, oidc.CheckClientID, claim{"client_id", nil}, claim{"client_id", ""})
	invalid(t, forAPI, nil, oidc.CheckTokenID, claim{"jti", nil}, claim{"jti", ""})
	invalid(t, oidc.AccessTokenExpect{Audience: apiName, ClientIDs: []string{apiClient}}, nil, oidc.CheckClientID, claim{"client_id", "another"})
	// No proof of the key is checked: the token must not pass as a bearer token.
	const thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
	invalid(t, forAPI, nil, oauth.ErrBinding, claim{"cnf", map[string]any{"jkt": thumbprint}}, claim{"cnf", map[string]any{"x5t#S256": thumbprint}})
	invalid(t, forAPI, nil, oidc.CheckBinding, claim{"cnf", map[string]any{}}, claim{"cnf", "x"}, claim{"cnf", map[string]any{"kid": "k1"}},
		claim{"cnf", map[string]any{"jkt": thumbprint, "kid": "k1"}}, claim{"cnf", map[string]any{"jkt": thumbprint[1:]}})
}

func TestX2SignatureOfTheToken(t *testing.T) {
	t.Parallel()
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI)})
	good := accessToken(t, apiKey('a'))
	a.admitted(t, a.ask("Bearer "+good))
	assert.Equal(t, &web.Caller{
		Issuer: apiIssuer, Subject: apiUser, ClientID: apiClient, Scope: "orders:read openid", Audience: []string{apiName},
		Expiry: apiNow().Add(time.Hour), AuthTime: apiNow(), ACR: "urn:mfa", Claims: a.caller.Claims,
	}, a.caller)
	assert.Equal(t, "7", fmt.Sprint(a.caller.Claims["tenant"]))

	a.refused(t, a.ask("Bearer "+accessToken(t, apiKey('b'))), 401, invalidToken, "invalid_token", oidc.CheckSignature)
	a.refused(t, a.ask("Bearer "+accessToken(t, apiKey('a'), claim{"header kid", "k2"})), 401, invalidToken, "invalid_token", oidc.CheckKey)
	unsigned := good[:strings.LastIndexByte(good, '.')+1]
	a.refused(t, a.ask("Bearer "+unsigned), 401, invalidToken, "invalid_token", authentication.ErrRefused)
	a.refused(t, a.ask("Bearer opaque"), 401, invalidToken, "invalid_token", oidc.CheckFormat)
}

func TestX3IDTokenAsAccessToken(t *testing.T) {
	t.Parallel()
	idToken := []claim{{"header typ", "JWT"}, {"aud", apiClient}, {"client_id", nil}, {"jti", nil}, {"scope", nil}, {"nonce", "n-0S6_WzA2Mj"}}
	for name, e := range map[string]oidc.AccessTokenExpect{
		"RFC 9068":             {Audience: apiClient},
		"plain":                {Audience: apiClient, AllowPlainJWT: true},
		"plain, without scope": {Audience: apiName, AllowPlainJWT: true, AllowNoScope: true, ClientIDs: []string{apiClient}},
	} {
		a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, e)})
		a.refused(t, a.ask("Bearer "+accessToken(t, apiKey('a'), idToken...)), 401, invalidToken, "invalid_token", authentication.ErrRefused, name)
		a.admitted(t, a.ask("Bearer "+accessToken(t, apiKey('a'), claim{"aud", e.Audience})), name)
	}
}

func TestX6ScopeMissing(t *testing.T) {
	t.Parallel()
	const insufficient = `Bearer error="insufficient_scope", error_description="The access token does not have the required scope.", scope="orders:read orders:write"`
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), Scopes: []string{"orders:read", "orders:write"}})
	with := func(scope any) *httptest.ResponseRecorder {
		return a.ask("Bearer " + accessToken(t, apiKey('a'), claim{"scope", scope}))
	}
	a.admitted(t, with("orders:write openid orders:read"))
	for _, scope := range []any{"orders:read", "orders:write", "ORDERS:READ orders:write", "orders:readorders:write", "orders:read\torders:write", "", nil} {
		a.refused(t, with(scope), 403, insufficient, "insufficient_scope", oauth.InsufficientScope, scope)
	}
	// 401 for the rest, with the scopes that a client must ask for.
	a.refused(t, a.ask(""), 401, `Bearer scope="orders:read orders:write"`, "token_required", web.TokenMissing)
	a.refused(t, a.ask("Bearer x"), 401, invalidToken+`, scope="orders:read orders:write"`, "invalid_token", oidc.CheckFormat)
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI)})
	for _, authorization := range []string{"", "Basic dTpw", "DPoP " + accessToken(t, apiKey('a')), "Bearer2 x", accessToken(t, apiKey('a'))} {
		a.refused(t, a.ask(authorization), 401, bare, "token_required", web.TokenMissing, authorization)
		require.ErrorIs(t, a.err, authentication.ErrRefused)
	}
}

// A preflight has no token, and gets no exception: CORS stands outside.
func TestPreflightIsNotAdmitted(t *testing.T) {
	t.Parallel()
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI)})
	r := httptest.NewRequest(http.MethodOptions, apiName+"/orders", nil)
	r.Header.Set("Origin", "https://page.example")
	r.Header.Set("Access-Control-Request-Method", "GET")
	w := a.send(r)
	a.refused(t, w, 401, bare, "token_required", web.TokenMissing)
	for name := range w.Header() {
		assert.NotContains(t, name, "Access-Control")
	}
}

// verifier is a Verifier of an application.
type verifier func(token string) (*web.Caller, error)

func (v verifier) VerifyToken(_ context.Context, token string) (*web.Caller, error) { return v(token) }

func TestAnswerByTheKindOfTheError(t *testing.T) {
	t.Parallel()
	plain := errors.New("connection refused")
	for name, c := range map[string]struct {
		err       error
		status    int
		challenge string
		code      string
	}{
		"refused":                    {authentication.ErrRefused, 401, invalidToken, "invalid_token"},
		"denied":                     {authentication.ErrDenied, 403, bare, "denied"},
		"misconfigured":              {authentication.ErrMisconfigured, 500, "", "misconfigured"},
		"misconfigured and refused":  {errors.Join(authentication.ErrRefused, authentication.ErrMisconfigured), 500, "", "misconfigured"},
		"no answer":                  {plain, 503, "", "no_answer"},
		"a scope":                    {&oidc.TokenError{Check: oidc.CheckInsufficientScope}, 403, `Bearer error="insufficient_scope", error_description="The access token does not have the required scope."`, "insufficient_scope"},
		"neither caller nor refusal": {nil, 500, "", "misconfigured"},
	} {
		a := newAPI(web.TokenGuard{Verifier: verifier(func(string) (*web.Caller, error) { return nil, c.err })})
		reason := c.err
		if reason == nil {
			reason = authentication.ErrMisconfigured
		}
		a.refused(t, a.ask("Bearer secret-token"), c.status, c.challenge, c.code, reason, name)
	}
	a := newAPI(web.TokenGuard{Verifier: verifier(func(token string) (*web.Caller, error) { return &web.Caller{Subject: token}, nil })})
	w := a.ask("Bearer kim")
	a.admitted(t, w)
	assert.Equal(t, "hello kim", w.Body.String())
}

// How long to wait is as the server said, else ten seconds.
func TestRetryAfterOfAnAPI(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"7": fmt.Errorf("x: %w", &oauth.Error{StatusCode: 503, RetryAfter: 6500 * time.Millisecond}), "10": errors.New("no route"),
	} {
		a := newAPI(web.TokenGuard{Verifier: verifier(func(string) (*web.Caller, error) { return nil, err })})
		assert.Equal(t, want, a.ask("Bearer x").Header().Get("Retry-After"))
	}
}

func TestMistakesOfAGuard(t *testing.T) {
	t.Parallel()
	v := verifier(func(string) (*web.Caller, error) { return &web.Caller{Scope: "a"}, nil })
	for want, g := range map[string]web.TokenGuard{
		"web: TokenGuard.Verifier is not set":                                                                          {},
		"web: TokenGuard.Scopes has an entry that is not one scope (RFC 6749 §3.3)":                                    {Verifier: v, Scopes: []string{"a", "a b"}},
		"web: TokenGuard.Resource was not made by NewResource":                                                         {Verifier: v, Resource: &web.Resource{}},
		"web: Freshness.MaxAge must be whole seconds, and not negative":                                                {Verifier: v, Fresh: web.Freshness{MaxAge: time.Millisecond}},
		`web: Freshness.ACRValues must be words of visible ASCII without " and \, separated by one space`:              {Verifier: v, Fresh: web.Freshness{ACRValues: "a  b"}},
		"web: AccessTokenExpect.Scopes is set: name the scopes in RequireToken, whose answers tell them to the client": {Verifier: apiVerifier(t, oidc.AccessTokenExpect{Audience: apiName, Scopes: []string{"a"}})},
		"oidc: AccessTokenExpect.Audience and ClientID are not set":                                                    {Verifier: apiVerifier(t, oidc.AccessTokenExpect{})},
		"oidc: the client was not made by NewClient":                                                                   {Verifier: web.JWT(nil, forAPI)},
	} {
		a := newAPI(g)
		a.refused(t, a.ask("Bearer "+accessToken(t, apiKey('a'))), 500, "", "misconfigured", authentication.ErrMisconfigured, want)
		require.EqualError(t, a.err, want)
	}
	for _, bad := range []string{"", " ", `a"b`, `a\b`, "a\r\nb", "a\x00", "é", "a\x7f"} {
		a := newAPI(web.TokenGuard{Verifier: v, Scopes: []string{bad}})
		a.refused(t, a.ask("Bearer x"), 500, "", "misconfigured", authentication.ErrMisconfigured, bad)
		if bad != "" {
			a = newAPI(web.TokenGuard{Verifier: v, Fresh: web.Freshness{ACRValues: bad}})
			a.refused(t, a.ask("Bearer x"), 500, "", "misconfigured", authentication.ErrMisconfigured, bad)
		}
	}
	a := newAPI(web.TokenGuard{Verifier: v, Scopes: []string{"a"}})
	a.admitted(t, a.ask("Bearer x"))

	w := httptest.NewRecorder()
	web.TokenGuard{Verifier: v, OnError: func(*http.Request, error) {}}.Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, 500, w.Code)
}

// Without OnError, what the operator must know is logged, and nothing else. It is not parallel: the logger is one.
func TestDefaultLog(t *testing.T) {
	before := slog.Default()
	defer slog.SetDefault(before)
	for _, c := range []struct {
		err  error
		want string
	}{
		{authentication.ErrMisconfigured, `level=ERROR msg="an API is not set up correctly" err="authentication: misconfigured"`},
		{errors.New("no route"), `level=WARN msg="an access token cannot be checked" err="no route"`},
		{authentication.ErrRefused, ""}, {authentication.ErrDenied, ""},
	} {
		var log strings.Builder
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer secret-token")
		v := verifier(func(string) (*web.Caller, error) { return nil, c.err })
		web.RequireToken(v)(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
		_, got, _ := strings.Cut(log.String(), " ")
		assert.Equal(t, c.want, strings.TrimSuffix(got, "\n"))
	}
}

// A remembered token is shared, and its Caller is not.
func TestCallerOfARememberedTokenIsItsOwn(t *testing.T) {
	t.Parallel()
	client, err := oidc.NewClient(oidc.Config{
		Issuer: apiIssuer, AccessTokenSigningAlg: "EdDSA", Now: apiNow, Keys: oidc.StaticKeys{{ID: "k1", Public: apiKey('a').Public()}},
		AccessTokenCache: oidc.AccessTokenCache{Entries: 10},
	})
	require.NoError(t, err)
	a := newAPI(web.TokenGuard{Verifier: web.JWT(client, forAPI)})
	raw := accessToken(t, apiKey('a'))
	for range 3 {
		a.admitted(t, a.ask("Bearer "+raw))
		assert.Equal(t, []string{apiName}, a.caller.Audience)
		assert.Equal(t, json.Number("7"), a.caller.Claims["tenant"])
		a.caller.Audience[0], a.caller.Claims["tenant"] = "https://other.example", "changed"
	}
}

// writer is a ResponseWriter that a handler must get as it is: with its other methods.
type writer struct{ *httptest.ResponseRecorder }

func TestWriterIsNotWrapped(t *testing.T) {
	t.Parallel()
	given := &writer{httptest.NewRecorder()}
	var got http.ResponseWriter
	v := verifier(func(string) (*web.Caller, error) { return &web.Caller{}, nil })
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer x")
	web.RequireToken(v)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { got = w })).ServeHTTP(given, r)
	assert.Same(t, given, got)
}

// A guard does not see later changes of the caller's slices.
func TestGuardKeepsItsOwnScopes(t *testing.T) {
	t.Parallel()
	scopes := []string{"orders:write"}
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), Scopes: scopes})
	scopes[0] = "orders:read"
	assert.Equal(t, 403, a.ask("Bearer "+accessToken(t, apiKey('a'))).Code)
}

func TestCallerOf(t *testing.T) {
	t.Parallel()
	assert.Nil(t, web.CallerOf(t.Context()))
	assert.False(t, web.CallerOf(t.Context()).HasScope("a"))
	c := &web.Caller{Scope: "a b"}
	assert.True(t, c.HasScope("a"))
	assert.True(t, c.HasScope("b"))
	for _, no := range []string{"", "c", "a b", "A"} {
		assert.False(t, c.HasScope(no), no)
	}
}

// The answer never repeats the token, nor an error.
func TestAnswerHasNoSecret(t *testing.T) {
	t.Parallel()
	a := newAPI(web.TokenGuard{Verifier: verifier(func(token string) (*web.Caller, error) { return nil, errors.New("dial failed for " + token) })})
	for _, authorization := range []string{"Bearer secret-token", "Bearer secret-token,", "secret-token", "Basic secret-token"} {
		w := a.ask(authorization)
		assert.NotContains(t, fmt.Sprint(w.Header(), w.Body), "secret-token")
		assert.NotContains(t, w.Body.String(), "dial")
	}
}
