package jose_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// jwk writes a key of the run with go-jose, with changed members; nil removes a member.
func jwk(t testing.TB, key any, change map[string]any) string {
	t.Helper()
	text, err := gojose.JSONWebKey{Key: key}.MarshalJSON()
	require.NoError(t, err)
	members := map[string]any{}
	require.NoError(t, json.Unmarshal(text, &members))
	for name, v := range change {
		if members[name] = v; v == nil {
			delete(members, name)
		}
	}
	text, err = json.Marshal(members)
	require.NoError(t, err)
	return string(text)
}

func set(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

func TestParseSet(t *testing.T) {
	t.Parallel()
	var members []string
	for _, alg := range []string{"RS256", "ES256", "ES384", "ES512", "EdDSA"} {
		members = append(members, jwk(t, private()[alg].Public(), map[string]any{"kid": alg, "alg": alg, "use": "sig", "x5t": "AAAA"}))
	}
	keys, _, err := jose.ParseSet(` {"other":{},"keys":[` + strings.Join(members, ",") + "]}\n")
	require.NoError(t, err)
	require.Len(t, keys, 5)
	for _, k := range keys {
		assert.Equal(t, k.Alg, k.ID)
		assert.NoError(t, verify(t, sign(t, k.Alg, payload), k.Alg, k.Public))
	}
	keys, _, err = jose.ParseSet(`{"keys":[]}`)
	assert.NoError(t, err)
	assert.Empty(t, keys)
}

// Each skipped member has an accepted twin; alone it makes an error that says why.
func TestSetMembersLeftOut(t *testing.T) {
	t.Parallel()
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	rsaKey, ecKey := private()["RS256"].Public(), private()["ES256"].Public()
	x := func(alg string) any { return b64(string(private()[alg].(*ecdsa.PrivateKey).X.Bytes())) }
	type change = map[string]any
	for _, c := range []struct{ name, bad, good, why string }{
		{"K5 kty unknown", jwk(t, rsaKey, change{"kty": "AKP"}), jwk(t, rsaKey, nil), "kty \"AKP\" is not supported"},
		{"K5 kty in another case", jwk(t, rsaKey, change{"kty": "rsa"}), jwk(t, rsaKey, nil), "kty \"rsa\" is not supported"},
		{"K5 kty missing", jwk(t, rsaKey, change{"kty": nil}), jwk(t, rsaKey, nil), "kty is missing"},
		{"K5 kty a number", jwk(t, rsaKey, change{"kty": 1}), jwk(t, rsaKey, nil), "kty is not a string, or has half of a surrogate pair"},
		{"K5 curve unknown", jwk(t, ecKey, change{"crv": "secp256k1"}), jwk(t, ecKey, nil), "crv \"secp256k1\" is not supported, or x and y are not a point on it"},
		{"K5 X25519", `{"kty":"OKP","crv":"X25519","x":"` + b64(strings.Repeat("x", 32)) + `"}`, jwk(t, private()["EdDSA"].Public(), nil), "crv \"X25519\" is not supported, or x is not a key of it"},
		{"K5 alg of encryption", jwk(t, rsaKey, change{"alg": "RSA-OAEP"}), jwk(t, rsaKey, change{"alg": "PS256"}), "alg \"RSA-OAEP\" is not a supported signature algorithm"},
		{"K5 alg none", jwk(t, rsaKey, change{"alg": "none"}), jwk(t, rsaKey, change{"alg": "RS512"}), "alg \"none\" is not a supported signature algorithm"},
		{"K5 alg a list", jwk(t, rsaKey, change{"alg": []string{"RS256"}}), jwk(t, rsaKey, change{"alg": "RS256"}), "alg is not a string, or has half of a surrogate pair"},
		{"K5 kid a number", jwk(t, rsaKey, change{"kid": 1}), jwk(t, rsaKey, change{"kid": "1"}), "kid is not a string, or has half of a surrogate pair"},
		{"I20 kid with half a pair", strings.Replace(jwk(t, rsaKey, change{"kid": "k@@"}), "@@", `\ud83d`, 1), strings.Replace(jwk(t, rsaKey, change{"kid": "k@@"}), "@@", `\ud83d\ude00`, 1), "kid is not a string, or has half of a surrogate pair"},
		{"I20 alg with half a pair", strings.Replace(jwk(t, rsaKey, change{"alg": "RS256@@"}), "@@", `\ude00`, 1), jwk(t, rsaKey, change{"alg": "RS256"}), "alg is not a string, or has half of a surrogate pair"},
		{"K5 no modulus", jwk(t, rsaKey, change{"n": nil}), jwk(t, rsaKey, nil), "n is missing"},
		{"K5 modulus a number", jwk(t, rsaKey, change{"n": 12345}), jwk(t, rsaKey, nil), "n is not a string, or has half of a surrogate pair"},
		{"K5 modulus not base64", jwk(t, rsaKey, change{"n": "???"}), jwk(t, rsaKey, nil), "n is not base64url"},
		{"K5 modulus with a line end", jwk(t, rsaKey, change{"n": "AAAA\nAAAA"}), jwk(t, rsaKey, nil), "n is not base64url"},
		{"K5 not an object", `"key"`, jwk(t, rsaKey, nil), "it is not an object"},
		{"K5 null", `null`, jwk(t, rsaKey, nil), "it is not an object"},
		{"I34 KTY", strings.Replace(jwk(t, rsaKey, nil), `"kty"`, `"KTY"`, 1), jwk(t, rsaKey, change{"KTY": "oct"}), "kty is missing"},
		{"K6 oct", `{"kty":"oct","k":"AAAA","alg":"HS256"}`, jwk(t, rsaKey, nil), "kty oct is a symmetric key"},
		{"K6 alg HS256 on RSA", jwk(t, rsaKey, change{"alg": "HS256"}), jwk(t, rsaKey, change{"alg": "RS256"}), "an RSA key does not fit alg HS256"},
		{"K8 whole private key", jwk(t, private()["RS256"], nil), jwk(t, rsaKey, nil), "it holds d, so it is a secret or private key"},
		{"K8 private EC key", jwk(t, private()["ES256"], nil), jwk(t, ecKey, nil), "it holds d, so it is a secret or private key"},
		{"K8 d", jwk(t, rsaKey, change{"d": "AAAA"}), jwk(t, rsaKey, change{"D": "AAAA"}), "it holds d, so it is a secret or private key"},
		{"K8 p", jwk(t, rsaKey, change{"p": ""}), jwk(t, rsaKey, change{"P": ""}), "it holds p, so it is a secret or private key"},
		{"K8 q", jwk(t, rsaKey, change{"q": 1}), jwk(t, rsaKey, nil), "it holds q, so it is a secret or private key"},
		{"K8 dp", jwk(t, rsaKey, change{"dp": ""}), jwk(t, rsaKey, nil), "it holds dp, so it is a secret or private key"},
		{"K8 dq", jwk(t, rsaKey, change{"dq": ""}), jwk(t, rsaKey, nil), "it holds dq, so it is a secret or private key"},
		{"K8 qi", jwk(t, rsaKey, change{"qi": ""}), jwk(t, rsaKey, nil), "it holds qi, so it is a secret or private key"},
		{"K8 oth", jwk(t, rsaKey, change{"oth": []any{}}), jwk(t, rsaKey, nil), "it holds oth, so it is a secret or private key"},
		{"K8 k", jwk(t, rsaKey, change{"k": ""}), jwk(t, rsaKey, nil), "it holds k, so it is a secret or private key"},
		{"I7 use enc", jwk(t, rsaKey, change{"use": "enc"}), jwk(t, rsaKey, change{"use": "sig"}), "use is not sig"},
		{"I7 use SIG", jwk(t, rsaKey, change{"use": "SIG"}), jwk(t, rsaKey, change{"use": "sig"}), "use is not sig"},
		{"I7 key_ops without verify", jwk(t, rsaKey, change{"key_ops": []string{"encrypt"}}), jwk(t, rsaKey, change{"key_ops": []string{"encrypt", "verify"}}), "key_ops does not hold verify"},
		{"I7 key_ops empty", jwk(t, rsaKey, change{"key_ops": []string{}}), jwk(t, rsaKey, change{"key_ops": []string{"verify"}}), "key_ops does not hold verify"},
		{"I7 key_ops a string", jwk(t, rsaKey, change{"key_ops": "verify"}), jwk(t, rsaKey, change{"key_ops": []string{"verify"}}), "key_ops does not hold verify"},
		{"I7 use enc, key_ops verify", jwk(t, rsaKey, change{"use": "enc", "key_ops": []string{"verify"}}), jwk(t, rsaKey, change{"use": "sig", "key_ops": []string{"verify"}}), "use is not sig"},
		{"I7 alg of another type", jwk(t, rsaKey, change{"alg": "ES256"}), jwk(t, ecKey, change{"alg": "ES256"}), "an RSA key does not fit alg ES256"},
		{"I7 alg of another curve", jwk(t, ecKey, change{"alg": "ES384"}), jwk(t, ecKey, change{"alg": "ES256"}), "a key on P-256 does not fit alg ES384"},
		{"I32 RSA 1024", jwk(t, weak.Public(), nil), jwk(t, rsaKey, nil), "n has 1024 bits and e is 65537: want 2048 to 16384 bits, and an odd e from 3"},
		{"I32 RSA 1024 for PS256", jwk(t, weak.Public(), change{"alg": "PS256"}), jwk(t, rsaKey, change{"alg": "PS256"}), "n has 1024 bits and e is 65537: want 2048 to 16384 bits, and an odd e from 3"},
		{"I32 RSA e=1", jwk(t, rsaKey, change{"e": "AQ"}), jwk(t, rsaKey, change{"e": "AQAB"}), "e is not an accepted exponent"},
		{"I32 RSA e=2^64+1", jwk(t, rsaKey, change{"e": "AQAAAAAAAAAB"}), jwk(t, rsaKey, change{"e": "AAAAAAABAAE"}), "e is not an accepted exponent"},
		{"I32 RSA e=2^64+3", jwk(t, rsaKey, change{"e": "AQAAAAAAAAAD"}), jwk(t, rsaKey, change{"e": "Aw"}), "e is not an accepted exponent"},
		{"I32 RSA e even", jwk(t, rsaKey, change{"e": "BA"}), jwk(t, rsaKey, change{"e": "Aw"}), "n has 2048 bits and e is 4: want 2048 to 16384 bits, and an odd e from 3"},
		{"I32 RSA n even", jwk(t, even(rsaKey), nil), jwk(t, rsaKey, nil), "n is even"},
		{"I32 point off the curve", jwk(t, ecKey, change{"y": x("ES256")}), jwk(t, ecKey, nil), "crv \"P-256\" is not supported, or x and y are not a point on it"},
		{"I32 point of another curve", jwk(t, ecKey, change{"x": x("ES384")}), jwk(t, ecKey, nil), "crv \"P-256\" is not supported, or x and y are not a point on it"},
		{"I32 short Ed25519", jwk(t, private()["EdDSA"].Public(), change{"x": "AAAA"}), jwk(t, private()["EdDSA"].Public(), nil), "crv \"Ed25519\" is not supported, or x is not a key of it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := jose.ParseSet(set(c.bad))
			assert.ErrorIs(t, err, jose.BadKey)
			assert.EqualError(t, err, "jose: key: the key set holds no key that can verify: key 1: "+c.why)
			keys, _, err := jose.ParseSet(set(c.bad, c.good, c.bad))
			require.NoError(t, err)
			assert.Len(t, keys, 1)
		})
	}
	_, _, err = jose.ParseSet(set(`{"kty":"oct"}`, `{"kty":"oct"}`, jwk(t, weak.Public(), nil)))
	assert.EqualError(t, err, "jose: key: the key set holds no key that can verify: key 1: kty oct is a symmetric key; key 2: kty oct is a symmetric key; "+
		"key 3: n has 1024 bits and e is 65537: want 2048 to 16384 bits, and an odd e from 3")
}

// A certificate with the key is not read, compared or trusted.
func TestI8CertificatesInTheSetAreNotUsed(t *testing.T) {
	t.Parallel()
	for _, extra := range []map[string]any{{"x5c": []string{"AAAA"}}, {"x5c": 7}, {"x5u": "https://evil.example/c"}, {"x5t": "AAAA"}, {"x5t#S256": 1}} {
		keys, _, err := jose.ParseSet(set(jwk(t, private()["RS256"].Public(), extra)))
		require.NoError(t, err, extra)
		assert.NoError(t, verify(t, sign(t, "RS256", payload), "RS256", keys[0].Public))
	}
	// A key without its own parameters is not read from the certificate.
	_, _, err := jose.ParseSet(`{"keys":[{"kty":"RSA","x5c":["AAAA"]}]}`)
	assert.ErrorIs(t, err, jose.BadKey)
}

func TestSetForms(t *testing.T) {
	t.Parallel()
	good := jwk(t, private()["ES256"].Public(), nil)
	for name, bad := range map[string]string{
		"empty": ``, "HTML": `<html>`, "array": `[` + good + `]`, "no keys": `{}`, "one key": good, "keys null": `{"keys":null}`, "keys an object": `{"keys":{}}`,
		"I34 KEYS": `{"KEYS":[` + good + `]}`, "keys twice": `{"keys":[` + good + `],"keys":[]}`, "text behind": set(good) + "x",
		"member twice": set(strings.Replace(good, "{", `{"kty":"EC",`, 1)), "not UTF-8": set(strings.Replace(good, "{", "{\"kid\":\"\xff\",", 1)),
	} {
		_, _, err := jose.ParseSet(bad)
		assert.ErrorIs(t, err, jose.Format, name)
	}
	keys, _, err := jose.ParseSet(set(good))
	require.NoError(t, err)
	assert.Len(t, keys, 1)
}

func TestK9TooManyKeys(t *testing.T) {
	t.Parallel()
	members := make([]string, 101)
	for i := range members {
		members[i] = jwk(t, private()["ES256"].Public(), map[string]any{"kid": strconv.Itoa(i)})
	}
	keys, _, err := jose.ParseSet(set(members[:100]...))
	require.NoError(t, err)
	assert.Len(t, keys, 100)
	_, _, err = jose.ParseSet(set(members...))
	assert.ErrorIs(t, err, jose.Format)
	_, _, err = jose.ParseSet(set(strings.Split(strings.Repeat("0,", 100)+"0", ",")...))
	assert.ErrorIs(t, err, jose.Format)
}

// A number may have no padding, and the error names the key, the member and the padding.
func TestSetNamesTheMember(t *testing.T) {
	t.Parallel()
	type change = map[string]any
	pad := func(key any, name string) string {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(jwk(t, key, nil)), &m))
		return jwk(t, key, change{"kid": "k1", name: m[name].(string) + "="})
	}
	rsaKey, ecKey, edKey := private()["RS256"].Public(), private()["ES256"].Public(), private()["EdDSA"].Public()
	for name, key := range map[string]any{"n": rsaKey, "e": rsaKey, "x": ecKey, "y": ecKey, "x ": edKey} {
		name = strings.TrimSpace(name)
		_, _, err := jose.ParseSet(set(pad(key, name)))
		assert.EqualError(t, err, `jose: key: the key set holds no key that can verify: kid "k1": `+name+" ends with padding (=), which RFC 7515 §2 leaves out")
		keys, _, err := jose.ParseSet(set(jwk(t, key, change{"kid": "k1"})))
		require.NoError(t, err)
		assert.Len(t, keys, 1)
	}
	bad := func(kid string) string { return jwk(t, rsaKey, change{"kid": kid, "use": "enc"}) }
	message := func(members ...string) string {
		_, _, err := jose.ParseSet(set(members...))
		require.ErrorIs(t, err, jose.BadKey)
		return strings.TrimPrefix(err.Error(), "jose: key: the key set holds no key that can verify: ")
	}
	assert.Equal(t, `kid "a": use is not sig; kid "b": use is not sig; kid "c": use is not sig; kid "d": use is not sig`, message(bad("a"), bad("b"), bad("c"), bad("d")))
	assert.Equal(t, `kid "a": use is not sig; kid "b": use is not sig; kid "c": use is not sig; kid "d": use is not sig; and 1 more`, message(bad("a"), bad("b"), bad("c"), bad("d"), bad("e")))
	assert.Equal(t, `kid "`+strings.Repeat("é", 32)+`": use is not sig`, message(bad(strings.Repeat("é", 32))))
	assert.Equal(t, `kid "`+strings.Repeat("é", 32)+`…": use is not sig`, message(bad(strings.Repeat("é", 33))))
	assert.Equal(t, `kid "a\nb": use is not sig`, message(bad("a\nb")), "no log line is forged")
}

// Next to a good key, the reasons for the others are returned by kid.
func TestSetTellsWhatIsUnusable(t *testing.T) {
	t.Parallel()
	type change = map[string]any
	key := private()["RS256"].Public()
	keys, unusable, err := jose.ParseSet(set(
		jwk(t, key, change{"kid": "good"}), jwk(t, key, change{"kid": "a", "use": "enc"}), jwk(t, key, change{"kid": "a", "n": nil}),
		jwk(t, key, change{"kid": "b", "n": nil}), jwk(t, key, change{"use": "enc"}), `7`,
	))
	require.NoError(t, err)
	assert.Len(t, keys, 1)
	assert.Equal(t, map[string]string{"a": "use is not sig", "b": "n is missing"}, unusable)
}
