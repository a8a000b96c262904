package web_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func half(text []byte) string {
	digest := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(digest[:])
}

// jwkOf is the public key in the header of a proof; its thumbprint is jktOf (RFC 7638 §3.2, RFC 8037 §2).
func jwkOf(key ed25519.PrivateKey) map[string]any {
	return map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey))}
}

func jktOf(key ed25519.PrivateKey) string {
	return half([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + jwkOf(key)["x"].(string) + `"}`))
}

// boundToken is an access token that is bound to the key, with changes.
func boundToken(t testing.TB, key ed25519.PrivateKey, changes ...claim) string {
	t.Helper()
	return accessToken(t, apiKey('a'), append([]claim{{"cnf", map[string]any{"jkt": jktOf(key)}}}, changes...)...)
}

// proofFor is an accepted proof of GET /orders, with changes as for accessToken.
func proofFor(t testing.TB, key ed25519.PrivateKey, token string, changes ...claim) string {
	t.Helper()
	header := map[string]any{"typ": "dpop+jwt", "alg": "EdDSA", "jwk": jwkOf(key)}
	claims := map[string]any{"jti": rand.Text(), "htm": "GET", "htu": apiName + "/orders", "iat": apiNow().Unix(), "ath": half([]byte(token))}
	for _, c := range changes {
		part, name := claims, c.name
		if in, found := strings.CutPrefix(name, "header "); found {
			part, name = header, in
		}
		if part[name] = c.value; c.value == nil {
			delete(part, name)
		}
	}
	encode := func(v any) string {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	input := encode(header) + "." + encode(claims)
	return input + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(input)))
}

func newProofs(t testing.TB, change func(*web.DPoPConfig)) *web.DPoP {
	t.Helper()
	c := web.DPoPConfig{BaseURL: apiName, Now: apiNow}
	if change != nil {
		change(&c)
	}
	d, err := web.NewDPoP(c)
	require.NoError(t, err)
	return d
}

func newBoundAPI(t testing.TB, change func(*web.DPoPConfig)) *api {
	t.Helper()
	return newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), DPoP: newProofs(t, change)})
}

// prove calls the API with a token and proofs.
func (a *api) prove(token string, proofs ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, apiName+"/orders?page=2", nil)
	r.Header.Set("Authorization", "DPoP "+token)
	for _, p := range proofs {
		r.Header.Add("DPoP", p)
	}
	return a.send(r)
}

// rejected is an answer to a request with DPoP, with that error.
func (a *api) rejected(t testing.TB, w *httptest.ResponseRecorder, code oauth.ErrorCode, reason error, name ...any) {
	t.Helper()
	require.Equal(t, http.StatusUnauthorized, w.Code, name...)
	require.Zero(t, a.calls, name...)
	require.ErrorIs(t, a.err, reason, name...)
	require.ErrorIs(t, a.err, authentication.ErrRefused, name...)
	fields := w.Header().Values("WWW-Authenticate")
	require.NotEmpty(t, fields, name...)
	assert.Contains(t, fields[0], `DPoP error="`+string(code)+`"`, name...)
	assert.Contains(t, fields[0], `algs="ES256 ES384 ES512 EdDSA Ed25519 PS256 PS384 PS512"`, name...)
}

func TestX4LongestAge(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	token := boundToken(t, key)
	old := claim{"iat", apiNow().Add(-time.Hour).Unix()}
	a := newBoundAPI(t, func(c *web.DPoPConfig) { c.MaxAge = math.MaxInt64 })
	a.admitted(t, a.prove(token, proofFor(t, key, token, old)))
	a = newBoundAPI(t, nil)
	a.rejected(t, a.prove(token, proofFor(t, key, token, old)), oauth.InvalidDPoPProof, oauth.InvalidDPoPProof)
}

func TestX4Proof(t *testing.T) {
	t.Parallel()
	key, other := apiKey('k'), apiKey('o')
	token := boundToken(t, key)
	private := jwkOf(key)
	private["d"] = base64.RawURLEncoding.EncodeToString(key.Seed())
	with := func(name string, value any) []claim { return []claim{{name, value}} }
	at := func(d time.Duration) []claim { return with("iat", apiNow().Add(d).Unix()) }
	for name, c := range map[string]struct{ accepted, refused []claim }{
		"typ":             {nil, with("header typ", "JWT")},
		"no typ":          {nil, with("header typ", nil)},
		"alg none":        {nil, with("header alg", "none")},
		"alg HMAC":        {nil, with("header alg", "HS256")},
		"another alg":     {with("header alg", "Ed25519"), with("header alg", "ES256")},
		"alg not listed":  {nil, with("header alg", "RS256")},
		"no jwk":          {nil, with("header jwk", nil)},
		"jwk is private":  {nil, with("header jwk", private)},
		"jwk symmetric":   {nil, with("header jwk", map[string]any{"kty": "oct", "k": "AAAA"})},
		"jwk of another":  {nil, with("header jwk", jwkOf(other))},
		"jwk is a URL":    {nil, []claim{{"header jwk", nil}, {"header jku", "https://attacker.example/jwks"}}},
		"crit":            {nil, with("header crit", []string{"x"})},
		"htm":             {nil, with("htm", "POST")},
		"htm in small":    {nil, with("htm", "get")},
		"no htm":          {nil, with("htm", nil)},
		"htu":             {with("htu", "HTTPS://API.example:443/%6Frders?page=1#x"), with("htu", apiName+"/orders/")},
		"htu: another":    {nil, with("htu", "https://other.example/orders")},
		"htu: http":       {nil, with("htu", "http://api.example/orders")},
		"htu: user":       {nil, with("htu", "https://a@api.example/orders")},
		"htu: path alone": {nil, with("htu", "/orders")},
		"no htu":          {nil, with("htu", nil)},
		"iat: old":        {at(-2 * time.Minute), at(-2*time.Minute - time.Second)},
		"iat: ahead":      {at(time.Minute), at(time.Minute + time.Second)},
		"iat: a text":     {with("iat", float64(apiNow().Unix())+0.5), with("iat", "1")},
		"no iat":          {nil, with("iat", nil)},
		"ath":             {nil, with("ath", half([]byte("another token")))},
		"no ath":          {nil, with("ath", nil)},
		"no jti":          {nil, with("jti", nil)},
		"jti too long":    {with("jti", strings.Repeat("j", 512)), with("jti", strings.Repeat("j", 513))},
		"jti: a number":   {nil, with("jti", 7)},
	} {
		a := newBoundAPI(t, nil)
		a.admitted(t, a.prove(token, proofFor(t, key, token, c.accepted...)), name)
		assert.Equal(t, oauth.Binding{JKT: jktOf(key)}, a.caller.Binding)
		a.rejected(t, a.prove(token, proofFor(t, key, token, c.refused...)), oauth.InvalidDPoPProof, oauth.InvalidDPoPProof, name)
	}
	a := newBoundAPI(t, nil)
	good := proofFor(t, key, token)
	spoilt := good[:len(good)-4] + "AAAA"
	for name, proofs := range map[string][]string{
		"none": nil, "two": {good, proofFor(t, key, token)}, "no JWT": {"x"}, "bad signature": {spoilt}, "too long": {proofFor(t, key, token, claim{"x", strings.Repeat("a", 4<<10)})},
		"twice in one field": {good + ", " + good},
	} {
		a.rejected(t, a.prove(token, proofs...), oauth.InvalidDPoPProof, oauth.InvalidDPoPProof, name)
	}
	a.admitted(t, a.prove(token, good))
}

// X4: a proof is used once, also for another address or by another guard of the API; the Replay learns of accepted ones
// alone, and its failure is no refusal.
func TestX4ProofTwice(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	token := boundToken(t, key)
	a := newBoundAPI(t, nil)
	proof := proofFor(t, key, token)
	a.admitted(t, a.prove(token, proof))
	a.rejected(t, a.prove(token, proof), oauth.InvalidDPoPProof, oauth.InvalidDPoPProof)

	asked := 0
	broken := errors.New("no connection")
	var answer error
	a = newBoundAPI(t, func(c *web.DPoPConfig) {
		c.Replay = replayFunc(func(_ context.Context, _ string, until time.Time) (bool, error) {
			asked++
			assert.Equal(t, apiNow().Add(3*time.Minute), until.UTC(), "a minute more, for the store's own clock")
			return true, answer
		})
	})
	a.rejected(t, a.prove(token, proofFor(t, key, token, claim{"htm", "POST"})), oauth.InvalidDPoPProof, oauth.InvalidDPoPProof)
	other := boundToken(t, apiKey('o'))
	a.rejected(t, a.prove(other, proofFor(t, key, other)), oauth.InvalidToken, oauth.ErrBinding)
	require.Zero(t, asked, "a request without the key fills no memory")
	a.admitted(t, a.prove(token, proofFor(t, key, token)))
	require.Equal(t, 1, asked)
	answer = broken
	w := a.prove(token, proofFor(t, key, token))
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.ErrorIs(t, a.err, broken)
	require.NotErrorIs(t, a.err, authentication.ErrRefused)
}

// X4: the memory is by the clock of the proofs: one that is behind time.Now does not make it forget early.
func TestX4ProofTwiceByAnotherClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := func() time.Time { return time.Now().Add(-time.Hour) }
		key := apiKey('k')
		token := boundToken(t, key)
		a := newBoundAPI(t, func(c *web.DPoPConfig) { c.Now = clock })
		proof, other := proofFor(t, key, token, claim{"iat", clock().Unix()}), proofFor(t, key, token, claim{"iat", clock().Unix()})
		a.admitted(t, a.prove(token, proof))
		time.Sleep(2 * time.Minute)
		a.rejected(t, a.prove(token, proof), oauth.InvalidDPoPProof, oauth.InvalidDPoPProof, "it is not too old")
		a.admitted(t, a.prove(token, other))
	})
}

// X4: whatever the jti is, the key in the Replay has letters, digits and a colon: no store takes it for a command, or cuts it.
func TestX4ReplayKey(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	token := boundToken(t, key)
	seen := map[string]bool{}
	a := newBoundAPI(t, func(c *web.DPoPConfig) {
		c.Replay = replayFunc(func(_ context.Context, key string, _ time.Time) (bool, error) {
			assert.Regexp(t, "^dpop:[0-9a-f]{64}$", key)
			first := !seen[key]
			seen[key] = true
			return first, nil
		})
	})
	for _, id := range []string{"x\r\nflush_all\r\n", strings.Repeat("j", 511) + "1", strings.Repeat("j", 511) + "2"} {
		a.admitted(t, a.prove(token, proofFor(t, key, token, claim{"jti", id})))
		a.rejected(t, a.prove(token, proofFor(t, key, token, claim{"jti", id})), oauth.InvalidDPoPProof, oauth.InvalidDPoPProof)
	}
	own := apiKey('o')
	token = boundToken(t, own)
	a.admitted(t, a.prove(token, proofFor(t, own, token, claim{"jti", "x\r\nflush_all\r\n"})), "another key has its own")
}

// X4: a guard within a guard sees the same request: its proof was not used before.
func TestX4GuardWithinAGuard(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	token := boundToken(t, key)
	a := newBoundAPI(t, nil)
	shared := newProofs(t, nil)
	reached := 0
	inner := web.TokenGuard{Verifier: apiVerifier(t, forAPI), DPoP: shared, OnError: func(*http.Request, error) {}}
	outer := inner
	inner.Scopes = []string{"orders:read"}
	a.Handler = outer.Handler(inner.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ })))
	proof := proofFor(t, key, token)
	require.Equal(t, http.StatusOK, a.prove(token, proof).Code)
	require.Equal(t, http.StatusUnauthorized, a.prove(token, proof).Code, "another request")
	require.Equal(t, 1, reached)
	within := func(change func(*http.Request)) int {
		a.Handler = outer.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			inner.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ })).ServeHTTP(w, r)
		}))
		return a.prove(token, proofFor(t, key, token)).Code
	}
	used := proofFor(t, key, token)
	require.Equal(t, http.StatusOK, within(func(r *http.Request) { r.Header.Set("DPoP", used) }), "a new proof is used")
	require.Equal(t, http.StatusUnauthorized, within(func(r *http.Request) { r.Header.Set("DPoP", used) }))
	other := boundToken(t, apiKey('o'))
	require.Equal(t, http.StatusUnauthorized, within(func(r *http.Request) { r.Header.Set("Authorization", "DPoP "+other) }))
}

type replayFunc func(ctx context.Context, key string, until time.Time) (bool, error)

func (f replayFunc) First(ctx context.Context, key string, until time.Time) (bool, error) {
	return f(ctx, key, until)
}

// X4: downgrade. A bound token does not pass as a bearer token, and a bearer token does not pass with a proof.
func TestX4Downgrade(t *testing.T) {
	t.Parallel()
	key, other := apiKey('k'), apiKey('o')
	token, bearer := boundToken(t, key), accessToken(t, apiKey('a'))
	a := newBoundAPI(t, nil)
	a.admitted(t, a.prove(token, proofFor(t, key, token)))
	a.admitted(t, a.ask("Bearer "+bearer))
	assert.True(t, a.caller.Binding.Zero())
	a.rejected(t, a.prove(bearer, proofFor(t, key, bearer)), oauth.InvalidToken, oauth.ErrBinding, "not bound")
	a.rejected(t, a.prove(token, proofFor(t, other, token)), oauth.InvalidToken, oauth.ErrBinding, "another key")
	w := a.ask("Bearer " + token)
	require.ErrorIs(t, a.err, oauth.ErrBinding)
	assert.Equal(t, []string{
		`Bearer error="invalid_token", error_description="The access token is expired, revoked, or not for this API."`,
		`DPoP algs="ES256 ES384 ES512 EdDSA Ed25519 PS256 PS384 PS512"`,
	}, w.Header().Values("WWW-Authenticate"))
	r := httptest.NewRequest(http.MethodGet, apiName+"/orders", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("DPoP", proofFor(t, key, token))
	a.send(r)
	require.ErrorIs(t, a.err, oauth.ErrBinding, "the scheme decides")
	w = a.ask("")
	assert.Equal(t, []string{`Bearer realm="api"`, `DPoP algs="ES256 ES384 ES512 EdDSA Ed25519 PS256 PS384 PS512"`}, w.Header().Values("WWW-Authenticate"))

	a = newBoundAPI(t, func(c *web.DPoPConfig) { c.RequireDPoP = true })
	a.admitted(t, a.prove(token, proofFor(t, key, token)))
	w = a.ask("Bearer " + bearer)
	a.rejected(t, w, oauth.InvalidToken, oauth.ErrBinding, "RequireDPoP")
	require.Len(t, w.Header().Values("WWW-Authenticate"), 1)

	// Without DPoP in the guard the scheme is none that counts.
	a = newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI)})
	a.refused(t, a.prove(token, proofFor(t, key, token)), 401, bare, "token_required", web.TokenMissing)
	a = newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), DPoP: &web.DPoP{}})
	require.Equal(t, http.StatusInternalServerError, a.ask("Bearer "+bearer).Code)

	// A Verifier on its own checks no proof.
	v := apiVerifier(t, forAPI)
	_, err := v.VerifyToken(t.Context(), token)
	require.ErrorIs(t, err, oauth.ErrBinding)
	_, err = v.VerifyToken(t.Context(), bearer)
	require.NoError(t, err)
	caller, err := v.(web.BoundVerifier).VerifyBoundToken(t.Context(), token)
	require.NoError(t, err)
	assert.Equal(t, jktOf(key), caller.Binding.JKT)
	own := newAPI(web.TokenGuard{Verifier: verifier(func(token string) (*web.Caller, error) {
		return v.(web.BoundVerifier).VerifyBoundToken(t.Context(), token)
	})})
	own.ask("Bearer " + token)
	require.ErrorIs(t, own.err, oauth.ErrBinding, "also of a Verifier of one's own")
}

// X4: the other errors keep the scheme.
func TestX4ScopeMissingWithAProof(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), DPoP: newProofs(t, func(c *web.DPoPConfig) { c.Algs = []string{"EdDSA"} }), Scopes: []string{"orders:read"}})
	token := boundToken(t, key)
	a.admitted(t, a.prove(token, proofFor(t, key, token)))
	token = boundToken(t, key, claim{"scope", "other"})
	w := a.prove(token, proofFor(t, key, token))
	require.Equal(t, http.StatusForbidden, w.Code)
	assert.Equal(t, []string{
		`DPoP error="insufficient_scope", error_description="The access token does not have the required scope.", algs="EdDSA", scope="orders:read"`,
		`Bearer scope="orders:read"`,
	}, w.Header().Values("WWW-Authenticate"))
}

// X4: the nonces of the API.
func TestX4Nonce(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	token := boundToken(t, key)
	clock := apiNow()
	keys := web.Keys{[]byte(strings.Repeat("k", 32))}
	a := newBoundAPI(t, func(c *web.DPoPConfig) {
		c.RequireNonce, c.NonceKeys, c.NonceLifetime, c.Now = true, keys, 10*time.Second, func() time.Time { return clock }
	})
	ask := func(nonce any) *httptest.ResponseRecorder {
		return a.prove(token, proofFor(t, key, token, claim{"nonce", nonce}, claim{"iat", clock.Unix()}))
	}
	w := ask(nil)
	a.rejected(t, w, oauth.UseDPoPNonce, oauth.UseDPoPNonce)
	nonce := w.Header().Get("DPoP-Nonce")
	require.NotEmpty(t, nonce)
	w = ask(nonce)
	a.admitted(t, w)
	assert.Empty(t, w.Header().Get("DPoP-Nonce"), "it is new")
	clock = clock.Add(6 * time.Second)
	w = ask(nonce)
	a.admitted(t, w)
	next := w.Header().Get("DPoP-Nonce")
	require.NotEmpty(t, next, "half of its life is over")
	clock = clock.Add(5 * time.Second)
	a.rejected(t, ask(nonce), oauth.UseDPoPNonce, oauth.UseDPoPNonce, "too old")
	a.admitted(t, ask(next))
	elsewhere := newBoundAPI(t, func(c *web.DPoPConfig) {
		c.RequireNonce, c.NonceKeys, c.Now = true, keys, func() time.Time { return clock }
	})
	a, same := elsewhere, next
	a.admitted(t, ask(same), "another instance with the same key")
	for name, nonce := range map[string]any{
		"of the client": "1782907200.AAAA", "changed time": "9" + next[1:], "cut": next[:len(next)-1], "empty": "", "future": nil,
	} {
		a.rejected(t, ask(nonce), oauth.UseDPoPNonce, oauth.UseDPoPNonce, name)
	}
	now := clock
	for ahead, accepted := range map[time.Duration]bool{time.Minute: true, time.Minute + time.Second: false} {
		clock = now.Add(ahead)
		w = ask(nil)
		clock = now
		if w = ask(w.Header().Get("DPoP-Nonce")); accepted {
			a.admitted(t, w, "an instance whose clock is ahead")
		} else {
			a.rejected(t, w, oauth.UseDPoPNonce, oauth.UseDPoPNonce, "from the future")
		}
	}
	a = newBoundAPI(t, func(c *web.DPoPConfig) { c.RequireNonce, c.Now = true, func() time.Time { return clock } })
	a.rejected(t, ask(next), oauth.UseDPoPNonce, oauth.UseDPoPNonce, "another key")
}

// X4: the address is BaseURL's, whatever the Host of the request, and with the part of the path that a proxy removed.
func TestX4AddressOfTheRequest(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	token := boundToken(t, key)
	ask := func(a *api, target, htu string) error {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Header.Set("Authorization", "dpop "+token)
		r.Header.Set("DPoP", proofFor(t, key, token, claim{"htu", htu}))
		r.Header.Set("X-Forwarded-Host", "attacker.example")
		a.send(r)
		return a.err
	}
	a := newBoundAPI(t, nil)
	require.NoError(t, ask(a, "http://10.0.0.7:8080/orders", apiName+"/orders"))
	require.NoError(t, ask(a, "/orders?x", apiName+"/orders"))
	require.NoError(t, ask(a, apiName, apiName+"/"))
	for _, htu := range []string{"http://10.0.0.7:8080/orders", "https://attacker.example/orders"} {
		require.ErrorIs(t, ask(a, "http://10.0.0.7:8080/orders", htu), oauth.InvalidDPoPProof)
	}
	below := newBoundAPI(t, func(c *web.DPoPConfig) { c.BaseURL = apiName + "/v1" })
	for _, target := range []string{"/orders", "/v1/orders"} {
		require.NoError(t, ask(below, target, apiName+"/v1/orders"), target)
		require.ErrorIs(t, ask(below, target, apiName+"/orders"), oauth.InvalidDPoPProof, target)
	}
	a.Handler = http.StripPrefix("/mounted", a.Handler)
	require.NoError(t, ask(a, "/mounted/orders", apiName+"/mounted/orders"), "a router that changes the path")
}

// X4 by introspection (RFC 9449 §6.2).
func TestX4Introspection(t *testing.T) {
	t.Parallel()
	key := apiKey('k')
	cnf := claim{"cnf", map[string]any{"jkt": jktOf(key)}}
	for name, c := range map[string]struct {
		claims []claim
		ok     bool
	}{
		"bound":               {[]claim{{"token_type", "DPoP"}, cnf}, true},
		"of no type":          {[]claim{{"token_type", nil}, cnf}, true},
		"as Bearer":           {[]claim{{"token_type", "Bearer"}, cnf}, true}, // cnf decides
		"without cnf":         {[]claim{{"token_type", "DPoP"}}, false},
		"another type":        {[]claim{{"token_type", "N_A"}, cnf}, false},
		"another key":         {[]claim{{"token_type", "DPoP"}, {"cnf", map[string]any{"jkt": jktOf(apiKey('o'))}}}, false},
		"unknown cnf":         {[]claim{{"token_type", "DPoP"}, {"cnf", map[string]any{"kid": "k"}}}, false},
		"only a cnf, unknown": {[]claim{{"cnf", map[string]any{"kid": "k"}}}, false},
	} {
		client, _ := introspector(t, http.StatusOK, introspected(c.claims...))
		v := web.Introspection(client, web.IntrospectionExpect{Audience: apiName, Now: apiNow})
		b := newAPI(web.TokenGuard{Verifier: v, DPoP: newProofs(t, nil)})
		w := b.prove("opaque", proofFor(t, key, "opaque"))
		if c.ok {
			b.admitted(t, w, name)
			b.ask("Bearer opaque")
			require.ErrorIs(t, b.err, oauth.ErrBinding, name)
		} else {
			require.Equal(t, http.StatusUnauthorized, w.Code, name)
			require.ErrorIs(t, b.err, authentication.ErrRefused, name)
			require.Equal(t, http.StatusUnauthorized, b.ask("Bearer opaque").Code, "%s, as a Bearer token", name)
		}
	}
}

// X4: a token whose key cannot be checked is no bearer token.
func TestX4UnknownKeyInAJWT(t *testing.T) {
	t.Parallel()
	a := newBoundAPI(t, nil)
	a.admitted(t, a.ask("Bearer "+accessToken(t, apiKey('a'))))
	for _, cnf := range []any{map[string]any{"kid": "k"}, map[string]any{}, "k", map[string]any{"jkt": "short"}} {
		require.Equal(t, http.StatusUnauthorized, a.ask("Bearer "+accessToken(t, apiKey('a'), claim{"cnf", cnf})).Code, cnf)
		require.ErrorIs(t, a.err, authentication.ErrRefused, cnf)
	}
}

// X5: a token that is bound to a certificate needs that of the connection (RFC 8705 §3).
func TestX5Certificate(t *testing.T) {
	t.Parallel()
	mine, other := &x509.Certificate{Raw: []byte("mine")}, &x509.Certificate{Raw: []byte("another")}
	key := apiKey('k')
	token := accessToken(t, apiKey('a'), claim{"cnf", map[string]any{"x5t#S256": half(mine.Raw)}})
	over := func(a *api, token string, certificates ...*x509.Certificate) error {
		r := httptest.NewRequest(http.MethodGet, apiName+"/orders", nil)
		r.TLS = &tls.ConnectionState{PeerCertificates: certificates}
		r.Header.Set("Authorization", "Bearer "+token)
		a.send(r)
		return a.err
	}
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI)})
	require.NoError(t, over(a, token, mine, other))
	assert.Equal(t, oauth.Binding{X5T: half(mine.Raw)}, a.caller.Binding)
	require.ErrorIs(t, over(a, token, other, mine), oauth.ErrBinding, "the leaf counts")
	require.ErrorIs(t, over(a, token), oauth.ErrBinding)
	a.ask("Bearer " + token)
	require.ErrorIs(t, a.err, oauth.ErrBinding, "no TLS")
	require.NoError(t, over(a, accessToken(t, apiKey('a')), other), "a token that is not bound")

	proxied := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), Certificate: func(r *http.Request) *x509.Certificate {
		return map[string]*x509.Certificate{"mine": mine, "other": other}[r.Header.Get("X-Client-Cert")]
	}})
	for name, want := range map[string]bool{"mine": true, "other": false, "": false} {
		r := httptest.NewRequest(http.MethodGet, apiName+"/orders", nil)
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{mine}} // the proxy's own
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("X-Client-Cert", name)
		proxied.send(r)
		assert.Equal(t, want, proxied.err == nil, name)
	}

	// Bound to both: both are needed.
	both := accessToken(t, apiKey('a'), claim{"cnf", map[string]any{"x5t#S256": half(mine.Raw), "jkt": jktOf(key)}})
	a = newBoundAPI(t, nil)
	require.ErrorIs(t, over(a, both, mine), oauth.ErrBinding)
	a.prove(both, proofFor(t, key, both))
	require.ErrorIs(t, a.err, oauth.ErrBinding)
	r := httptest.NewRequest(http.MethodGet, apiName+"/orders", nil)
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{mine}}
	r.Header.Set("Authorization", "DPoP "+both)
	r.Header.Set("DPoP", proofFor(t, key, both))
	a.admitted(t, a.send(r))
}

func TestNewDPoPChecksItsSettings(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]web.DPoPConfig{
		"BaseURL is not set":        {},
		"BaseURL must begin with":   {BaseURL: "http://api.example"},
		"BaseURL must have no user": {BaseURL: "https://api.example?x"},
		"Algs has an entry":         {BaseURL: apiName, Algs: []string{"HS256"}},
		"negative duration":         {BaseURL: apiName, MaxAge: -1},
		"need RequireNonce":         {BaseURL: apiName, NonceLifetime: 1},
		"NonceKeys[0] has 1 bytes":  {BaseURL: apiName, RequireNonce: true, NonceKeys: web.Keys{[]byte("x")}},
	} {
		_, err := web.NewDPoP(c)
		require.ErrorIs(t, err, authentication.ErrMisconfigured, want)
		require.ErrorContains(t, err, want)
	}
	_, err := web.NewDPoP(web.DPoPConfig{BaseURL: "http://api.internal", InsecureAllowHTTP: true, Algs: []string{"RS256"}})
	require.NoError(t, err)
}
