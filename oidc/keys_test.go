package oidc_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func keySet(members ...any) []byte { return []byte(mustJSON(map[string]any{"keys": members})) }

func TestK2KidAbsentTriesAtMostFourKeys(t *testing.T) {
	t.Parallel()
	others := func(n int) []any {
		var set []any
		for range n {
			set = append(set, jwk("other"))
		}
		return append(set, jwk("rsa"))
	}
	noKid := func(tr *trial) { delete(tr.header, "kid") }
	refuses(t, oidc.CheckSignature, func(tr *trial) {
		noKid(tr)
		// Keys that do not fit RS256 do not count.
		tr.jwks = append([]any{jwk("p256"), jwk("ed"), jwk("other", map[string]any{"alg": "PS256"})}, others(3)...)
	}, map[string]change{"the fifth": func(tr *trial) { tr.jwks = others(4) }})
}

func TestK5UnsupportedMembersAreSkipped(t *testing.T) {
	t.Parallel()
	for _, member := range []any{
		map[string]any{"kty": "AKP", "alg": "ML-DSA-44"}, map[string]any{"kty": "EC", "crv": "secp256k1", "x": "eA", "y": "eQ"},
		map[string]any{"kty": "RSA"}, map[string]any{"kty": 7}, map[string]any{}, "text", nil, 7, []any{},
		jwk("rsa", map[string]any{"alg": "RSA-OAEP-256"}), jwk("rsa", map[string]any{"use": "enc"}),
		jwk("rsa", map[string]any{"alg": "ES256"}), jwk("rsa", map[string]any{"e": "AQ"}), jwk("rsa", map[string]any{"kid": 7}),
	} {
		set, err := oidc.ParseKeys(keySet(member, jwk("other")))
		require.NoError(t, err)
		require.Len(t, set, 1, mustJSON(member))
		assert.Equal(t, "other", set[0].ID)
		_, err = oidc.ParseKeys(keySet(member))
		require.ErrorContains(t, err, "the key set holds no key that can verify", "nothing is left")
	}
}

func TestK6SymmetricKeyIsIgnored(t *testing.T) {
	t.Parallel()
	secret := map[string]any{"kty": "oct", "k": b64(clientSecret), "kid": "rsa", "alg": "HS256"}
	set, err := oidc.ParseKeys(keySet(secret, jwk("rsa")))
	require.NoError(t, err)
	require.Len(t, set, 1)
	assert.IsType(t, &rsa.PublicKey{}, set[0].Public)

	refuses(t, oidc.CheckSignature, hmac("HS256"), map[string]change{
		"a token under a published secret": func(tr *trial) { tr.key = []byte(strings.Repeat("k", 64)) },
	})
}

func TestK8PrivateKeyIsSkipped(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
		_, err := oidc.ParseKeys(keySet(jwk("rsa", map[string]any{name: "AQAB"})))
		require.EqualError(t, err, "oidc: JWKS: jose: key: the key set holds no key that can verify: kid \"rsa\": it holds "+name+", so it is a secret or private key", name)
	}
	set, err := oidc.ParseKeys(keySet(jwk("rsa", map[string]any{"d": "AQAB"}), jwk("other")))
	require.NoError(t, err)
	assert.Len(t, set, 1)
}

func TestK9TooManyKeys(t *testing.T) {
	t.Parallel()
	many := make([]any, 100)
	for i := range many {
		many[i] = jwk("rsa")
	}
	set, err := oidc.ParseKeys(keySet(many...))
	require.NoError(t, err)
	assert.Len(t, set, 100)
	_, err = oidc.ParseKeys(keySet(append(many, jwk("rsa"))...))
	require.EqualError(t, err, "oidc: JWKS: jose: malformed: the key set holds more than 100 keys")
}

// A kid is compared byte by byte.
func TestKidIsExact(t *testing.T) {
	t.Parallel()
	const kid = "caf\u00e9-1"
	refuses(t, oidc.CheckKey, func(tr *trial) {
		tr.jwks, tr.header["kid"] = []any{jwk("rsa", map[string]any{"kid": kid})}, kid
	}, map[string]change{
		"another case":     func(tr *trial) { tr.header["kid"] = "CAF\u00e9-1" },
		"decomposed":       func(tr *trial) { tr.header["kid"] = "cafe\u0301-1" },
		"a blank behind":   func(tr *trial) { tr.header["kid"] = kid + " " },
		"a blank before":   func(tr *trial) { tr.header["kid"] = " " + kid },
		"one byte less":    func(tr *trial) { tr.header["kid"] = kid[:len(kid)-1] },
		"one byte more":    func(tr *trial) { tr.header["kid"] = kid + "1" },
		"a zero behind":    func(tr *trial) { tr.header["kid"] = kid + "\x00" },
		"the key has none": func(tr *trial) { tr.jwks = []any{jwk("rsa", map[string]any{"kid": nil})} },
		"the key's is empty": func(tr *trial) {
			tr.jwks = []any{jwk("rsa", map[string]any{"kid": ""})}
		},
	})
	for name, change := range map[string]change{
		"the token has none":   func(tr *trial) { delete(tr.header, "kid") },
		"the token's is empty": func(tr *trial) { tr.header["kid"] = "" },
		"neither has one":      func(tr *trial) { delete(tr.header, "kid"); tr.jwks = []any{jwk("rsa", map[string]any{"kid": nil})} },
		"two keys of one kid":  func(tr *trial) { tr.jwks = []any{jwk("other", map[string]any{"kid": "rsa"}), jwk("rsa")} },
		"four keys of one kid": func(tr *trial) { tr.jwks = append(named("rsa", 3), jwk("rsa")) },
		"a long one": func(tr *trial) {
			long := strings.Repeat("k", 4096)
			tr.header["kid"] = long
			tr.jwks = []any{jwk("rsa", map[string]any{"kid": long})}
		},
		"the same kid for another alg": func(tr *trial) { tr.jwks = []any{jwk("p256", map[string]any{"kid": "rsa"}), jwk("rsa")} },
	} {
		tr := newTrial()
		change(tr)
		_, err := tr.verify(t)
		require.NoError(t, err, name)
	}
	tr := newTrial()
	tr.jwks = append(named("rsa", 4), jwk("rsa"))
	_, err := tr.verify(t)
	require.ErrorIs(t, err, oidc.CheckSignature, "the fifth key of one kid")
}

// named are keys that make no signature here, all under one kid.
func named(kid string, n int) []any {
	var set []any
	for range n {
		set = append(set, jwk("other", map[string]any{"kid": kid}))
	}
	return set
}

func TestParseKeysRefusesWhatIsNoSet(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "[]", `{"keys":null}`, `{"keys":{}}`, `{"keys":[]}x`, `{"keys":[],"keys":[]}`, `{"Keys":[]}`, "\xff"} {
		_, err := oidc.ParseKeys([]byte(text))
		require.Error(t, err, text)
	}
	set, err := oidc.ParseKeys([]byte(`{"keys":[]}`))
	require.NoError(t, err)
	assert.Empty(t, set)
}

// keysFunc is a custom KeySet.
type keysFunc func(kid string) ([]oidc.Key, error)

func (f keysFunc) Keys(_ context.Context, kid string) ([]oidc.Key, error) { return f(kid) }

func TestOwnKeySetIsCheckedLikeTheServers(t *testing.T) {
	t.Parallel()
	good := oidc.Key{ID: "rsa", Alg: "RS256", Public: publicRSA()}
	for name, c := range map[string]struct {
		keys []oidc.Key
		want error
	}{
		"the key":            {[]oidc.Key{good}, nil},
		"alg empty":          {[]oidc.Key{{ID: "rsa", Public: publicRSA()}}, nil},
		"none":               {nil, oidc.CheckKey},
		"another kid":        {[]oidc.Key{{ID: "rsa2", Public: publicRSA()}}, oidc.CheckKey},
		"another alg":        {[]oidc.Key{{ID: "rsa", Alg: "PS256", Public: publicRSA()}}, oidc.CheckKey},
		"a nil key":          {[]oidc.Key{{ID: "rsa"}}, oidc.CheckKey},
		"a nil *rsa key":     {[]oidc.Key{{ID: "rsa", Public: (*rsa.PublicKey)(nil)}}, oidc.CheckKey},
		"a secret":           {[]oidc.Key{{ID: "rsa", Public: []byte(clientSecret)}}, oidc.CheckKey},
		"a private key":      {[]oidc.Key{{ID: "rsa", Public: keys()["rsa"]}}, oidc.CheckKey},
		"a nil key, a good":  {[]oidc.Key{{ID: "rsa"}, good}, nil},
		"another, then good": {[]oidc.Key{{ID: "rsa", Public: keys()["other"].Public()}, good}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			tr.config.Keys = keysFunc(func(string) ([]oidc.Key, error) { return c.keys, nil })
			p := newProvider(t)
			_, err := p.client(tr.config).VerifyIDToken(t.Context(), tr.token(t), tr.expect)
			require.ErrorIs(t, err, c.want)
			assert.Zero(t, p.total(), "keys and algorithm are given: nothing is fetched")
		})
	}
}

// renewing is a custom RenewableKeySet.
type renewing struct {
	keysFunc
	again keysFunc
}

func (r renewing) RenewKeys(ctx context.Context, kid string) ([]oidc.Key, error) {
	return r.again.Keys(ctx, kid)
}

// A RenewableKeySet is asked again once after a failed signature, and never for a valid one.
func TestK1RenewableKeySet(t *testing.T) {
	t.Parallel()
	good, bad := oidc.Key{ID: "rsa", Public: publicRSA()}, oidc.Key{ID: "rsa", Public: keys()["other"].Public()}
	broken := errors.New("the store is down")
	for name, c := range map[string]struct {
		first, again []oidc.Key
		err          error
		want         error
		asked        int
	}{
		"good at once":         {[]oidc.Key{good}, nil, nil, nil, 0},
		"replaced":             {[]oidc.Key{bad}, []oidc.Key{good}, nil, nil, 1},
		"replaced, beside old": {[]oidc.Key{bad}, []oidc.Key{bad, good}, nil, nil, 1},
		"not replaced":         {[]oidc.Key{bad}, []oidc.Key{bad}, nil, oidc.CheckSignature, 1},
		"gone":                 {[]oidc.Key{bad}, nil, nil, oidc.CheckKey, 1},
		"another kid's":        {[]oidc.Key{bad}, []oidc.Key{{ID: "rsa2", Public: publicRSA()}}, nil, oidc.CheckKey, 1},
		"the fifth":            {[]oidc.Key{bad}, []oidc.Key{bad, bad, bad, bad, good}, nil, oidc.CheckSignature, 1},
		"the fourth":           {[]oidc.Key{bad}, []oidc.Key{bad, bad, bad, good}, nil, nil, 1},
		"unknown":              {nil, []oidc.Key{good}, nil, oidc.CheckKey, 0},
		"cannot look":          {[]oidc.Key{bad}, nil, broken, oidc.CheckSignature, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, asked := newTrial(), 0
			tr.config.Keys = renewing{
				func(string) ([]oidc.Key, error) { return c.first, nil },
				func(kid string) ([]oidc.Key, error) {
					assert.Equal(t, "rsa", kid)
					asked++
					return c.again, c.err
				},
			}
			_, err := tr.verify(t)
			require.ErrorIs(t, err, c.want)
			assert.Equal(t, c.asked, asked)
		})
	}
}

// H5: the token is not refused when the caller did not wait for the keys that were asked again.
func TestH5ContextEndWhileKeysAreRenewed(t *testing.T) {
	t.Parallel()
	for _, ended := range []bool{false, true} {
		tr := newTrial()
		ctx, cancel := context.WithCancel(t.Context())
		tr.config.Keys = renewing{
			func(string) ([]oidc.Key, error) {
				return []oidc.Key{{ID: "rsa", Public: keys()["other"].Public()}}, nil
			},
			func(string) ([]oidc.Key, error) {
				if ended {
					cancel()
				}
				return nil, context.Canceled
			},
		}
		_, err := newProvider(t).client(tr.config).VerifyIDToken(ctx, tr.token(t), tr.expect)
		cancel()
		var refused *oidc.TokenError
		if ended {
			require.ErrorIs(t, err, context.Canceled)
			require.NotErrorAs(t, err, &refused)
		} else {
			require.ErrorIs(t, err, oidc.CheckSignature)
		}
	}
}

func TestOwnKeySetsErrorIsNoRefusal(t *testing.T) {
	t.Parallel()
	broken := errors.New("the store is down")
	tr := newTrial()
	tr.config.Keys = keysFunc(func(string) ([]oidc.Key, error) { return nil, broken })
	_, err := tr.verify(t)
	require.ErrorIs(t, err, broken)
	var refused *oidc.TokenError
	require.NotErrorAs(t, err, &refused)
}

func TestStaticKeysFindsByKid(t *testing.T) {
	t.Parallel()
	set := oidc.StaticKeys{{ID: "a"}, {ID: "b"}, {ID: "a", Alg: "RS256"}, {}}
	for kid, n := range map[string]int{"a": 2, "b": 1, "c": 0, "": 4} {
		found, err := set.Keys(t.Context(), kid)
		require.NoError(t, err)
		assert.Len(t, found, n, kid)
	}
	one, err := set.Keys(t.Context(), "b")
	require.NoError(t, err)
	_ = append(one, oidc.Key{ID: "another"})
	assert.Equal(t, "a", set[2].ID, "who appends to the result does not change the set")
}

// TestCaseJwksPaddedNumbers: padding is refused, and the error says where it is.
func TestCaseJwksPaddedNumbers(t *testing.T) {
	t.Parallel()
	n := jwk("rsa")["n"].(string)
	more := func(n string) map[string]any { return map[string]any{"kid": "k1", "alg": "RS256", "n": n} }
	_, err := oidc.ParseKeys(keySet(jwk("rsa", more(n+"="))))
	require.EqualError(t, err, `oidc: JWKS: jose: key: the key set holds no key that can verify: kid "k1": n ends with padding (=), which RFC 7515 §2 leaves out`)
	set, err := oidc.ParseKeys(keySet(jwk("rsa", more(n))))
	require.NoError(t, err)
	assert.Len(t, set, 1)

	tr := newTrial()
	tr.jwks = []any{jwk("rsa", map[string]any{"n": n + "="})}
	_, err = tr.verify(t)
	require.ErrorContains(t, err, `kid "rsa": n ends with padding (=)`)

	tr.jwks = append(tr.jwks, jwk("other"))
	_, err = tr.verify(t)
	require.EqualError(t, err, "oidc: refused the token (key): the server has no key for this kid that fits RS256; "+
		"the published key cannot be used: n ends with padding (=), which RFC 7515 §2 leaves out", "next to a good one")
	tr.header["kid"] = "rsa2"
	_, err = tr.verify(t)
	require.EqualError(t, err, "oidc: refused the token (key): the server has no key for this kid that fits RS256")
}

// TestCaseJsonByteOrderMarkInKeys: the mark is skipped, once and only at the front.
func TestCaseJsonByteOrderMarkInKeys(t *testing.T) {
	t.Parallel()
	good := keySet(jwk("rsa"))
	set, err := oidc.ParseKeys(append([]byte("\ufeff"), good...))
	require.NoError(t, err)
	assert.Len(t, set, 1)
	for name, bad := range map[string][]byte{
		"twice": append([]byte("\ufeff\ufeff"), good...), "half": append([]byte("\xef\xbb"), good...), "behind": append(good, "\ufeff"...), "alone": []byte("\ufeff"),
	} {
		_, err := oidc.ParseKeys(bad)
		require.Error(t, err, name)
	}
}
