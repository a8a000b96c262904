package oidc_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// cached is a resource server that remembers tokens, and its clock.
type cached struct {
	*testing.T
	p      *provider
	client *oidc.Client

	mu    sync.Mutex
	clock time.Time
}

func newCached(t *testing.T, c oidc.AccessTokenCache) *cached {
	t.Helper()
	f := &cached{T: t, p: newProvider(t), clock: now()}
	f.client = f.p.client(oidc.Config{Issuer: issuer, AccessTokenCache: c, Now: func() time.Time {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.clock
	}})
	f.verify(newAccess().token(t), strict) // the first one fetches the keys
	return f
}

func (f *cached) after(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock = f.clock.Add(d)
}

func (f *cached) verify(raw string, e oidc.AccessTokenExpect) *oidc.AccessToken {
	f.Helper()
	t, err := f.client.VerifyAccessToken(f.Context(), raw, e)
	require.NoError(f, err)
	return t
}

// hit reports whether the token is remembered: then the result is the one from before.
func (f *cached) hit(raw string, e oidc.AccessTokenExpect) bool {
	f.Helper()
	first := f.verify(raw, e)
	return first == f.verify(raw, e)
}

var small = oidc.AccessTokenCache{Entries: 2}

func TestVerifiedTokenIsRemembered(t *testing.T) {
	t.Parallel()
	raw := newAccess().token(t)
	assert.True(t, newCached(t, small).hit(raw, strict))
	assert.False(t, newCached(t, oidc.AccessTokenCache{}).hit(raw, strict), "the zero value remembers none")

	f := newCached(t, small)
	first := f.verify(raw, strict)
	for _, jti := range []string{"2", "3"} {
		other := newAccess()
		other.claims["jti"] = jti
		f.verify(other.token(t), strict)
	}
	assert.NotSame(t, first, f.verify(raw, strict), "two others took its place")
}

func TestRememberedTokenEnds(t *testing.T) {
	t.Parallel()
	tr := newAccess()
	tr.claims["exp"] = unix(2 * time.Minute)
	raw := tr.token(t)
	f := newCached(t, small)
	f.after(time.Second)
	first := f.verify(raw, strict)
	f.after(2*time.Minute - 2*time.Second)
	assert.Same(t, first, f.verify(raw, strict))
	f.after(time.Second)
	assert.NotSame(t, first, f.verify(raw, strict), "at its end it is verified again, with the clock skew")
	f.after(59 * time.Second)
	f.verify(raw, strict)
	f.after(time.Second)
	got, err := f.client.VerifyAccessToken(t.Context(), raw, strict)
	require.ErrorIs(t, err, oidc.CheckExpired)
	assert.Nil(t, got)

	f = newCached(t, oidc.AccessTokenCache{Entries: 1, MaxAge: 10 * time.Second})
	raw = newAccess().token(t)
	first = f.verify(raw, strict)
	f.after(9 * time.Second)
	assert.Same(t, first, f.verify(raw, strict))
	f.after(time.Second)
	assert.NotSame(t, first, f.verify(raw, strict), "MaxAge")
	f.after(-time.Hour)
	_, err = f.client.VerifyAccessToken(t.Context(), raw, strict)
	require.ErrorIs(t, err, oidc.CheckIssuedAt, "the clock was set back")
}

// A token whose key was removed is refused as soon as the set without the key is known.
func TestRememberedTokenNeedsItsKeys(t *testing.T) {
	t.Parallel()
	raw := newAccess().token(t)
	f := newCached(t, oidc.AccessTokenCache{Entries: 5, MaxAge: 24 * time.Hour})
	tr := newAccess()
	tr.claims["exp"] = unix(24 * time.Hour)
	long := tr.token(t)
	require.True(t, f.hit(raw, strict))
	require.True(t, f.hit(long, strict))
	f.p.publish(jwk("other"))
	f.after(time.Hour - time.Second)
	f.verify(long, strict)
	f.after(time.Second) // the cached key set is no longer fresh
	_, err := f.client.VerifyAccessToken(t.Context(), long, strict)
	require.ErrorIs(t, err, oidc.CheckKey)
	f.p.publish(jwk("rsa"), jwk("other"))
	f.after(10 * time.Second)
	f.verify(long, strict)
	assert.True(t, f.hit(long, strict))

	// An unknown kid fetches the set early: nothing from the old set counts any more.
	first := f.verify(long, strict)
	f.p.publish(jwk("rsa"), jwk("p256"))
	f.after(10 * time.Second)
	stranger := newAccess()
	stranger.header["kid"] = "unknown"
	_, err = f.client.VerifyAccessToken(t.Context(), stranger.token(t), strict)
	require.ErrorIs(t, err, oidc.CheckKey)
	assert.NotSame(t, first, f.verify(long, strict))
}

// The set may be replaced while a token is verified, and then be one that would not verify it.
func TestTokenIsNotRememberedWhenTheKeysChangedMeanwhile(t *testing.T) {
	t.Parallel()
	f := newCached(t, small)
	f.p.publish(jwk("rsa"), jwk("other"))
	tr := newAccess()
	tr.key, tr.header["kid"] = keys()["other"], "other"
	raw := tr.token(t)
	first := f.verify(raw, strict) // its kid fetches the set again
	second := f.verify(raw, strict)
	assert.NotSame(t, first, second)
	assert.Same(t, second, f.verify(raw, strict))
}

// Keys of the configuration have no age, and HMAC has none at all.
func TestTokenOfConfiguredKeysIsRemembered(t *testing.T) {
	t.Parallel()
	tr, secret := newAccess(), newAccess()
	tr.config.Keys = oidc.StaticKeys{{ID: "rsa", Public: publicRSA()}}
	secret.config.AccessTokenSigningAlg, secret.alg, secret.key = "HS256", "HS256", []byte(clientSecret)
	for _, tr := range []*trial{tr, secret} {
		p := newProvider(t)
		tr.config.AccessTokenCache = small
		client, raw := p.client(tr.config), tr.token(t)
		first, err := client.VerifyAccessToken(t.Context(), raw, strict)
		require.NoError(t, err)
		second, err := client.VerifyAccessToken(t.Context(), raw, strict)
		require.NoError(t, err)
		assert.Same(t, first, second)
		assert.Zero(t, p.total())
	}
}

// While the keys cannot be fetched, the last set is used, but no token is remembered by it.
func TestStaleKeysRememberNothing(t *testing.T) {
	t.Parallel()
	tr := newAccess()
	tr.claims["exp"] = unix(24 * time.Hour)
	raw := tr.token(t)
	f := newCached(t, oidc.AccessTokenCache{Entries: 5, MaxAge: 24 * time.Hour})
	require.True(t, f.hit(raw, strict))
	f.p.text("/jwks", 404, "text/plain", "")
	f.after(time.Hour)
	assert.False(t, f.hit(raw, strict))
}

// Each field of the expectation is checked at each use.
func TestRememberedTokenIsOfItsExpectation(t *testing.T) {
	t.Parallel()
	base := oidc.AccessTokenExpect{Audience: resource, ClientIDs: []string{"another", clientID}}
	other := map[string]func(*oidc.AccessTokenExpect){
		"Audience":        func(e *oidc.AccessTokenExpect) { e.Audience = "https://two.example" },
		"OtherAudiences":  func(e *oidc.AccessTokenExpect) { e.OtherAudiences = []string{"x"} },
		"Scopes":          func(e *oidc.AccessTokenExpect) { e.Scopes = []string{"orders:read"} },
		"ClientIDs":       func(e *oidc.AccessTokenExpect) { e.ClientIDs = []string{clientID} },
		"AllowPlainJWT":   func(e *oidc.AccessTokenExpect) { e.AllowPlainJWT = true },
		"AllowBoundToken": func(e *oidc.AccessTokenExpect) { e.AllowBoundToken = true },
		"AllowNoScope":    func(e *oidc.AccessTokenExpect) { e.AllowPlainJWT, e.AllowNoScope = true, true },
	}
	tr := newAccess()
	tr.claims["aud"] = []string{resource, "https://two.example"}
	raw := tr.token(t)
	for _, field := range reflect.VisibleFields(reflect.TypeFor[oidc.AccessTokenExpect]()) {
		change := other[field.Name]
		require.NotNil(t, change, "%s: is it compared?", field.Name)
		f := newCached(t, small)
		first := f.verify(raw, base)
		require.Same(t, first, f.verify(raw, base))
		e := base
		change(&e)
		if field.Name == "Scopes" { // the one field that is not a part of the verification
			assert.Same(t, first, f.verify(raw, e))
			continue
		}
		assert.NotSame(t, first, f.verify(raw, e), field.Name)
	}

	f := newCached(t, small)
	f.verify(raw, base)
	for _, e := range []oidc.AccessTokenExpect{{Audience: "https://three.example"}, {Audience: resource, ClientIDs: []string{"another"}}} {
		_, err := f.client.VerifyAccessToken(t.Context(), raw, e)
		require.Error(t, err)
	}
	ids := []string{clientID}
	e := oidc.AccessTokenExpect{Audience: resource, ClientIDs: ids}
	f.verify(raw, e)
	ids[0] = "another"
	_, err := f.client.VerifyAccessToken(t.Context(), raw, e)
	require.ErrorIs(t, err, oidc.CheckClientID, "the caller's slice is not kept")
	others := []string{resource}
	e = oidc.AccessTokenExpect{Audience: "https://four.example", OtherAudiences: others}
	f.verify(raw, e)
	others[0] = "another"
	_, err = f.client.VerifyAccessToken(t.Context(), raw, e)
	require.ErrorIs(t, err, oidc.CheckAudience, "nor this one")

	bare := newAccess()
	bare.header["typ"] = "JWT"
	delete(bare.claims, "scope")
	noScope := bare.token(t)
	e = oidc.AccessTokenExpect{Audience: resource, ClientIDs: []string{clientID}, AllowPlainJWT: true, AllowNoScope: true}
	f.verify(noScope, e)
	e.AllowNoScope = false
	_, err = f.client.VerifyAccessToken(t.Context(), noScope, e)
	require.ErrorIs(t, err, oidc.CheckScope, "AllowNoScope was of another caller")
	_, err = f.client.VerifyAccessToken(t.Context(), raw, oidc.AccessTokenExpect{Audience: resource, Scopes: []string{"orders:write"}})
	require.ErrorIs(t, err, oidc.CheckInsufficientScope)
	f.verify(raw, strict)
	_, err = f.client.VerifyAccessToken(t.Context(), raw, oidc.AccessTokenExpect{Audience: resource, Scopes: []string{"orders:write"}})
	require.ErrorIs(t, err, oidc.CheckInsufficientScope, "of a remembered token too")
}

func TestRefusedTokenIsNotRemembered(t *testing.T) {
	t.Parallel()
	f := newCached(t, small)
	bad := newAccess()
	bad.key = keys()["other"]
	for range 3 {
		_, err := f.client.VerifyAccessToken(t.Context(), bad.token(t), strict)
		require.ErrorIs(t, err, oidc.CheckSignature)
	}
	good := newAccess().token(t)
	require.True(t, f.hit(good, strict))
	changed := good[:len(good)-2] + map[bool]string{true: "B", false: "A"}[good[len(good)-2] == 'A'] + good[len(good)-1:]
	_, err := f.client.VerifyAccessToken(t.Context(), changed, strict)
	require.Error(t, err, "every byte counts")
}

func TestAccessTokenCacheMistakes(t *testing.T) {
	t.Parallel()
	for cache, want := range map[oidc.AccessTokenCache]string{
		{Entries: -1}:            "oidc: AccessTokenCache has a negative number",
		{Entries: 1, MaxAge: -1}: "oidc: AccessTokenCache has a negative number",
		{MaxAge: time.Minute}:    "oidc: AccessTokenCache.MaxAge is set, and Entries is not",
	} {
		_, err := oidc.NewClient(oidc.Config{Issuer: issuer, AccessTokenCache: cache})
		require.EqualError(t, err, want)
	}
}

// Not parallel: it counts allocations.
func TestRememberedTokenAllocatesNothing(t *testing.T) {
	verify := benchmarkAccess(t, small)
	assert.Zero(t, testing.AllocsPerRun(100, verify))
}

func benchmarkAccess(t testing.TB, c oidc.AccessTokenCache) func() {
	t.Helper()
	p := newProvider(t)
	client := p.client(oidc.Config{Issuer: issuer, Now: now, AccessTokenCache: c})
	raw, ctx := newAccess().token(t), t.Context()
	verify := func() {
		if _, err := client.VerifyAccessToken(ctx, raw, strict); err != nil {
			t.Fatal(err)
		}
	}
	verify()
	verify()
	return verify
}

func BenchmarkVerifyAccessToken(b *testing.B) {
	for name, c := range map[string]oidc.AccessTokenCache{"miss": {}, "hit": small} {
		verify := benchmarkAccess(b, c)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				verify()
			}
		})
	}
}
