package jose_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// privateHalf is what go-jose decrypts with.
func privateHalf(t testing.TB, key any) any {
	t.Helper()
	if exchanger, ok := key.(*ecdh.PrivateKey); ok {
		return asECDSA(t, exchanger)
	}
	return key
}

// even is no RSA key, but looks like one.
func even(key crypto.PublicKey) *rsa.PublicKey {
	k := key.(*rsa.PublicKey)
	return &rsa.PublicKey{N: new(big.Int).Sub(k.N, big.NewInt(1)), E: k.E}
}

// go-jose and our own Decrypter read what Encrypt makes, for each pair of algorithms and each curve.
func TestEncryptForOthers(t *testing.T) {
	t.Parallel()
	for _, alg := range managements {
		for _, enc := range contents {
			for _, curve := range []string{"P-256", "P-384", "P-521"} {
				key := recipient(alg, enc)
				if strings.HasPrefix(alg, "ECDH") {
					key = recipients()[curve]
				} else if curve != "P-256" {
					continue
				}
				raw, err := jose.Encrypt(alg, enc, jose.Key{ID: `k"1`, Public: publicHalf(t, key)}, innerToken)
				require.NoError(t, err, "%s %s %s", alg, enc, curve)
				object, err := gojose.ParseEncryptedCompact(raw, []gojose.KeyAlgorithm{gojose.KeyAlgorithm(alg)}, []gojose.ContentEncryption{gojose.ContentEncryption(enc)})
				require.NoError(t, err)
				text, err := object.Decrypt(privateHalf(t, key))
				require.NoError(t, err, "%s %s %s", alg, enc, curve)
				assert.Equal(t, innerToken, string(text))
				assert.Equal(t, []any{`k"1`, "JWT"}, []any{object.Header.KeyID, object.Header.ExtraHeaders["cty"]})

				got, err := decrypter(t, alg, enc, key).Decrypt(raw, jose.MaxToken)
				require.NoError(t, err)
				assert.Equal(t, []string{innerToken, `k"1`, "", "JWT"}, []string{got.Payload, got.Header.KeyID, got.Header.Type, got.Header.ContentType})
			}
		}
	}
}

// Only what is needed is in the header, and nothing in two messages is the same: key, initialization vector, epk.
func TestEncryptHeader(t *testing.T) {
	t.Parallel()
	for _, alg := range managements {
		seen := map[string]bool{}
		for range 2 {
			raw, err := jose.Encrypt(alg, "A128GCM", jose.Key{Public: publicHalf(t, recipient(alg, "A128GCM"))}, innerToken)
			require.NoError(t, err)
			parts := strings.Split(raw, ".")
			var header map[string]any
			require.NoError(t, json.Unmarshal([]byte(unb64(parts[0])), &header))
			want := 3
			if strings.HasPrefix(alg, "ECDH") {
				want++
				epk := header["epk"].(map[string]any)
				require.Len(t, epk, 4, "no private half")
				parts = append(parts, epk["x"].(string))
			}
			require.Len(t, header, want)
			require.Equal(t, []any{alg, "A128GCM", "JWT"}, []any{header["alg"], header["enc"], header["cty"]})
			for _, part := range parts[1:] {
				require.True(t, part == "" || !seen[part], alg)
				seen[part] = true
			}
		}
	}
}

func TestEncryptRefuses(t *testing.T) {
	t.Parallel()
	rsaKey := publicHalf(t, recipients()["RSA"]).(*rsa.PublicKey)
	p256 := publicHalf(t, recipients()["P-256"]).(*ecdsa.PublicKey)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	ed, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	elsewhere := &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).Add(p256.X, big.NewInt(1)), Y: p256.Y}
	for _, c := range []struct {
		alg, enc string
		key      jose.Key
		kind     jose.Kind
	}{
		{"RSA1_5", "A128GCM", jose.Key{Public: rsaKey}, jose.Algorithm},
		{"A128KW", "A128GCM", jose.Key{Public: shared("A128GCM")}, jose.Algorithm},
		{"", "A128GCM", jose.Key{Public: rsaKey}, jose.Algorithm},
		{"RSA-OAEP", "", jose.Key{Public: rsaKey}, jose.Algorithm},
		{"RSA-OAEP", "A128CBC", jose.Key{Public: rsaKey}, jose.Algorithm},
		{"RSA-OAEP", "A128GCM", jose.Key{Public: p256}, jose.BadKey},
		{"RSA-OAEP", "A128GCM", jose.Key{Alg: "RSA-OAEP-256", Public: rsaKey}, jose.BadKey},
		{"RSA-OAEP", "A128GCM", jose.Key{Public: &weak.PublicKey}, jose.BadKey},
		{"RSA-OAEP", "A128GCM", jose.Key{Public: &rsa.PublicKey{N: rsaKey.N, E: 1}}, jose.BadKey},
		{"RSA-OAEP", "A128GCM", jose.Key{Public: even(rsaKey)}, jose.BadKey},
		{"RSA-OAEP", "A128GCM", jose.Key{Public: (*rsa.PublicKey)(nil)}, jose.BadKey},
		{"RSA-OAEP", "A128GCM", jose.Key{Public: shared("A128GCM")}, jose.BadKey},
		{"RSA-OAEP", "A128GCM", jose.Key{}, jose.BadKey},
		{"ECDH-ES", "A128GCM", jose.Key{Public: rsaKey}, jose.BadKey},
		{"ECDH-ES", "A128GCM", jose.Key{Public: elsewhere}, jose.BadKey},
		{"ECDH-ES", "A128GCM", jose.Key{Public: &other.PublicKey}, jose.BadKey},
		{"ECDH-ES", "A128GCM", jose.Key{Public: (*ecdsa.PublicKey)(nil)}, jose.BadKey},
		{"ECDH-ES", "A128GCM", jose.Key{Public: &ecdsa.PublicKey{}}, jose.BadKey},
		{"ECDH-ES", "A128GCM", jose.Key{Public: &ecdsa.PublicKey{Curve: elliptic.P256()}}, jose.BadKey},
		{"ECDH-ES+A128KW", "A128GCM", jose.Key{Public: ed}, jose.BadKey},
		{"dir", "A128GCM", jose.Key{Public: rsaKey}, jose.BadKey},
		{"dir", "A128GCM", jose.Key{Public: p256}, jose.BadKey},
		{"dir", "A128GCM", jose.Key{}, jose.BadKey},
		{"dir", "A128GCM", jose.Key{Public: shared("A256GCM")}, jose.BadKey},
		{"dir", "A256GCM", jose.Key{Public: shared("A128GCM")}, jose.BadKey},
		{"dir", "A128CBC-HS256", jose.Key{Public: shared("A128GCM")}, jose.BadKey},
		{"dir", "A128GCM", jose.Key{Public: []byte{}}, jose.BadKey},
	} {
		raw, err := jose.Encrypt(c.alg, c.enc, c.key, innerToken)
		require.ErrorIs(t, err, c.kind, "%s %s %T", c.alg, c.enc, c.key.Public)
		assert.Empty(t, raw)
		assert.NotContains(t, err.Error(), innerToken)
	}
	require.False(t, jose.FitsEncryption("ECDH-ES", elsewhere))
	require.False(t, jose.FitsEncryption("RSA-OAEP", even(rsaKey)))
	require.True(t, jose.FitsEncryption("RSA-OAEP", rsaKey))
	require.True(t, jose.FitsEncryption("ECDH-ES", p256))
	for _, c := range []struct {
		alg string
		key crypto.PublicKey
	}{{"RSA-OAEP", rsaKey}, {"ECDH-ES", p256}, {"dir", shared("A128GCM")}} {
		_, err := jose.Encrypt(c.alg, "A128GCM", jose.Key{Alg: c.alg, Public: c.key}, innerToken)
		require.NoError(t, err)
	}
}

// Keys with use enc come before those without a use, and all others are left out. Each has an accepted twin.
func TestParseEncryptionSet(t *testing.T) {
	t.Parallel()
	rsaKey, p256 := publicHalf(t, recipients()["RSA"]), publicHalf(t, recipients()["P-256"])
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	type change = map[string]any
	keys, skipped, err := jose.ParseEncryptionSet(set(
		jwk(t, rsaKey, change{"kid": "free"}), jwk(t, p256, change{"kid": "sig", "use": "sig"}), jwk(t, rsaKey, change{"kid": "first", "use": "enc", "alg": "RSA-OAEP-256"}),
		jwk(t, p256, change{"kid": "second", "use": "enc", "key_ops": []string{}}),
	))
	require.NoError(t, err)
	var ids []string
	for _, k := range keys {
		ids = append(ids, k.ID+" "+k.Alg)
	}
	assert.Equal(t, []string{"first RSA-OAEP-256", "second ", "free "}, ids)
	assert.Empty(t, skipped, "a key for signatures is not meant")
	for _, c := range []struct{ bad, good, why string }{
		{jwk(t, rsaKey, change{"use": "sig"}), jwk(t, rsaKey, change{"use": "enc"}), ""},
		{jwk(t, rsaKey, change{"use": "ENC"}), jwk(t, rsaKey, nil), ""},
		{jwk(t, rsaKey, change{"key_ops": []string{"verify"}}), jwk(t, rsaKey, change{"key_ops": []string{"wrapKey", "verify"}}), "key_ops does not hold wrapKey or deriveKey"},
		{jwk(t, p256, change{"key_ops": "deriveKey"}), jwk(t, p256, change{"key_ops": []string{"deriveBits"}}), "key_ops does not hold wrapKey or deriveKey"},
		{jwk(t, rsaKey, change{"alg": "RS256"}), jwk(t, rsaKey, change{"alg": "RSA-OAEP"}), `alg "RS256" is not a supported encryption algorithm`},
		{jwk(t, rsaKey, change{"alg": "RSA1_5"}), jwk(t, rsaKey, change{"alg": "RSA-OAEP-256"}), `alg "RSA1_5" is not a supported encryption algorithm`},
		{jwk(t, rsaKey, change{"alg": "dir"}), jwk(t, rsaKey, nil), `alg "dir" is not a supported encryption algorithm`},
		{jwk(t, rsaKey, change{"alg": "ECDH-ES"}), jwk(t, p256, change{"alg": "ECDH-ES"}), "an RSA key does not fit alg ECDH-ES"},
		{jwk(t, p256, change{"alg": "RSA-OAEP"}), jwk(t, p256, change{"alg": "ECDH-ES+A256KW"}), "a key on P-256 does not fit alg RSA-OAEP"},
		{jwk(t, &weak.PublicKey, nil), jwk(t, rsaKey, nil), "n has 1024 bits and e is 65537: want 2048 to 16384 bits, and an odd e from 3"},
		{jwk(t, &weak.PublicKey, change{"alg": "RSA-OAEP"}), jwk(t, rsaKey, nil), "n has 1024 bits and e is 65537: want 2048 to 16384 bits, and an odd e from 3"},
		{jwk(t, even(rsaKey), nil), jwk(t, rsaKey, nil), "n is even"},
		{jwk(t, p256, change{"d": "AAAA"}), jwk(t, p256, nil), "it holds d, so it is a secret or private key"},
		{jwk(t, p256, change{"x": b64(strings.Repeat("x", 32))}), jwk(t, p256, nil), `crv "P-256" is not supported, or x and y are not a point on it`},
		{`{"kty":"oct","k":"AAAA"}`, jwk(t, p256, nil), "kty oct is a symmetric key"},
		{`{"kty":"OKP","crv":"X25519","x":"` + b64(strings.Repeat("x", 32)) + `"}`, jwk(t, p256, nil), `kty "OKP" is not supported`},
	} {
		keys, skipped, err := jose.ParseEncryptionSet(set(c.bad))
		require.NoError(t, err)
		assert.Empty(t, keys)
		if c.why != "" {
			c.why = "key 1: " + c.why
		}
		assert.Equal(t, c.why, skipped)
		keys, _, err = jose.ParseEncryptionSet(set(c.good, c.bad))
		require.NoError(t, err)
		assert.Len(t, keys, 1, c.why)
	}
	for _, key := range []any{rsaKey, p256} {
		for _, op := range []string{"wrapKey", "encrypt", "deriveKey", "deriveBits"} {
			keys, _, err := jose.ParseEncryptionSet(set(jwk(t, key, change{"key_ops": []string{op}})))
			require.NoError(t, err)
			assert.Len(t, keys, 1, op)
		}
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"keys":{}}`} {
		_, _, err := jose.ParseEncryptionSet(bad)
		require.ErrorIs(t, err, jose.Format)
	}
}
