package jose_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

func macInput(input string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// The appendices of RFC 7515 (A.1 to A.4) and RFC 8037 (A.4).
func TestVectors(t *testing.T) {
	t.Parallel()
	const joe = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	k, err := base64.RawURLEncoding.DecodeString("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
	require.NoError(t, err)
	mac, err := jose.NewSecret("HS256", k)
	require.NoError(t, err)
	for _, v := range []struct{ name, alg, jwk, token, payload string }{
		{"RFC 7515 A.1", "HS256", "", "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + joe + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
			"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"},
		{"RFC 7515 A.2", "RS256", `{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}`,
			"eyJhbGciOiJSUzI1NiJ9." + joe + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
			"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"},
		{"RFC 7515 A.3", "ES256", `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`,
			"eyJhbGciOiJFUzI1NiJ9." + joe + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
			"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"},
		{"RFC 7515 A.4", "ES512", `{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}`,
			"eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
			"Payload"},
		{"RFC 8037 A.4", "EdDSA", `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
			"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
			"Example of Ed25519 signing"},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			var key crypto.PublicKey = mac
			if v.jwk != "" {
				keys, _, err := jose.ParseSet(`{"keys":[` + v.jwk + `]}`)
				require.NoError(t, err)
				key = keys[0].Public
			}
			c, err := jose.Parse(v.token, jose.MaxToken)
			require.NoError(t, err)
			assert.NoError(t, c.Verify(v.alg, key))
			assert.Equal(t, v.payload, c.Payload)
			c, err = jose.Parse(strings.Replace(v.token, ".", ".e", 1), jose.MaxToken)
			if err == nil {
				err = c.Verify(v.alg, key)
			}
			assert.Error(t, err)
		})
	}
}

// Signatures of the right key in a wrong form, each with the right form as its twin.
func TestI6SignatureForms(t *testing.T) {
	t.Parallel()
	input := func(alg string) string { return b64(`{"alg":"`+alg+`"}`) + "." + b64(payload) }
	digest := func(alg string) []byte { d := sha256.Sum256([]byte(input(alg))); return d[:] }
	rsaKey, ecKey := private()["PS256"].(*rsa.PrivateKey), private()["ES256"].(*ecdsa.PrivateKey)

	pss := func(salt int) string {
		sig, err := rsa.SignPSS(rand.Reader, rsaKey, crypto.SHA256, digest("PS256"), &rsa.PSSOptions{SaltLength: salt})
		require.NoError(t, err)
		return input("PS256") + "." + b64(string(sig))
	}
	assert.NoError(t, verify(t, pss(32), "PS256", rsaKey.Public()))
	assert.ErrorIs(t, verify(t, pss(20), "PS256", rsaKey.Public()), jose.Signature, "salt shorter than the hash")
	assert.ErrorIs(t, verify(t, pss(64), "PS256", rsaKey.Public()), jose.Signature, "salt longer than the hash")

	r, s, err := ecdsa.Sign(rand.Reader, ecKey, digest("ES256"))
	require.NoError(t, err)
	ec := func(sig []byte) error {
		return verify(t, input("ES256")+"."+b64(string(sig)), "ES256", ecKey.Public())
	}
	raw := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	assert.NoError(t, ec(raw))
	der, err := ecdsa.SignASN1(rand.Reader, ecKey, digest("ES256"))
	require.NoError(t, err)
	order := elliptic.P256().Params().N
	for name, bad := range map[string][]byte{
		"ASN.1": der, "one byte short": raw[:63], "one byte long": append(raw[:64:64], 0), "half": raw[:32], "empty": {},
		"each half padded": append(r.FillBytes(make([]byte, 33)), s.FillBytes(make([]byte, 33))...),
		"r zero":           append(make([]byte, 32), raw[32:]...), "s zero": append(raw[:32:32], make([]byte, 32)...), "both zero": make([]byte, 64),
		"s the order": append(raw[:32:32], order.FillBytes(make([]byte, 32))...), "swapped": append(raw[32:64:64], raw[:32]...),
	} {
		assert.ErrorIs(t, ec(bad), jose.Signature, name)
	}
	assert.ErrorIs(t, verify(t, sign(t, "EdDSA", payload)+"AAAA", "EdDSA", public(t, "EdDSA")), jose.Signature)
	ed, long, key := "", "", private()["EdDSA"].(ed25519.PrivateKey)
	for i := 0; !strings.HasSuffix(long, "\x00"); i++ { // one in sixteen
		ed = b64(`{"alg":"EdDSA"}`) + "." + b64(strconv.Itoa(i))
		long = string(ed25519.Sign(key, []byte(ed)))
	}
	assert.NoError(t, verify(t, ed+"."+b64(long), "EdDSA", public(t, "EdDSA")))
	assert.ErrorIs(t, verify(t, ed+"."+b64(long[:63]), "EdDSA", public(t, "EdDSA")), jose.Signature, "its last zero left out")
	hs := sign(t, "HS256", payload)
	assert.ErrorIs(t, verify(t, hs[:strings.LastIndexByte(hs, '.')+1], "HS256", public(t, "HS256")), jose.Signature, "empty signature")
}

func TestI32KeysThatFitNothing(t *testing.T) {
	t.Parallel()
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	good := private()["RS256"].Public().(*rsa.PublicKey)
	ec := private()["ES256"].Public().(*ecdsa.PublicKey)
	huge := new(big.Int).SetBit(new(big.Int), 16384, 1)
	for name, key := range map[string]crypto.PublicKey{
		"nil": nil, "rsa nil": (*rsa.PublicKey)(nil), "rsa empty": &rsa.PublicKey{}, "rsa 1024": weak.Public(), "rsa huge": &rsa.PublicKey{N: huge, E: 65537},
		"rsa negative": &rsa.PublicKey{N: new(big.Int).Neg(good.N), E: 65537},
		"rsa e=1":      &rsa.PublicKey{N: good.N, E: 1}, "rsa e even": &rsa.PublicKey{N: good.N, E: 4}, "rsa by value": *good, "private": private()["RS256"],
		"ec nil": (*ecdsa.PublicKey)(nil), "ec empty": &ecdsa.PublicKey{}, "ec no point": &ecdsa.PublicKey{Curve: elliptic.P256()},
		"ec P-224": &ecdsa.PublicKey{Curve: elliptic.P224(), X: ec.X, Y: ec.Y}, "ed short": ed25519.PublicKey("short"), "ed nil": ed25519.PublicKey(nil),
		"secret nil": (*jose.Secret)(nil), "bytes": []byte("secret"), "string": "secret",
	} {
		for _, alg := range algorithms {
			require.False(t, jose.Fits(alg, key), "%s %s", name, alg)
		}
	}
	assert.True(t, jose.Fits("RS256", good))
	assert.True(t, jose.Fits("ES256", ec))
	off := &ecdsa.PublicKey{Curve: elliptic.P256(), X: ec.X, Y: new(big.Int).Add(ec.Y, big.NewInt(1))}
	raw := sign(t, "ES256", payload)
	assert.NoError(t, verify(t, raw, "ES256", ec))
	assert.ErrorIs(t, verify(t, raw, "ES256", off), jose.Signature, "point off the curve")
}

func TestI5ShortSecrets(t *testing.T) {
	t.Parallel()
	for alg, size := range map[string]int{"HS256": 32, "HS384": 48, "HS512": 64} {
		_, err := jose.NewSecret(alg, make([]byte, size))
		assert.NoError(t, err)
		for _, n := range []int{0, 1, size - 1} {
			_, err = jose.NewSecret(alg, make([]byte, n))
			assert.ErrorIs(t, err, jose.BadKey)
			assert.EqualError(t, err, fmt.Sprintf("jose: key: %s needs a secret of at least %d bytes, this one has %d", alg, size, n))
		}
	}
	_, err := jose.NewSecret("RS256", secret)
	assert.ErrorIs(t, err, jose.Algorithm)
}

// A secret longer than the hash's block is hashed first (RFC 2104 §2).
func TestSecretOfAnyLength(t *testing.T) {
	t.Parallel()
	for _, n := range []int{32, 63, 64, 65, 127, 128, 129, 1000} {
		long := []byte(strings.Repeat("s", n))
		s, err := jose.NewSecret("HS256", long)
		require.NoError(t, err)
		mac := hmac.New(sha256.New, long)
		input := b64(`{"alg":"HS256"}`) + "." + b64(payload)
		mac.Write([]byte(input))
		assert.NoError(t, verify(t, input+"."+b64(string(mac.Sum(nil))), "HS256", s), n)
	}
}

// The states of a secret's hash are used again: no token sees what another, or a forged one, left in them.
func TestI1SecretIsSharedByManyCalls(t *testing.T) {
	t.Parallel()
	key := public(t, "HS256")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 200 {
				good := macInput(b64(`{"alg":"HS256"}`) + "." + b64(strings.Repeat("x", (i*331+n*97)%1500)))
				last := strings.LastIndexByte(good, '.')
				for _, forged := range []string{good[:last] + "A" + good[last:], good[:last+1], good[:last+5], good[:last+1] + strings.Repeat("A", 43)} {
					if c, err := jose.Parse(forged, jose.MaxToken); err == nil {
						assert.ErrorIs(t, c.Verify("HS256", key), jose.Signature)
					}
				}
				assert.NoError(t, verify(t, good, "HS256", key))
			}
		})
	}
	group.Wait()
}

func TestS12SecretIsNotPrinted(t *testing.T) {
	t.Parallel()
	s := public(t, "HS256").(*jose.Secret)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s, "in", struct{ S *jose.Secret }{s})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, s), verb)
		assert.Contains(t, fmt.Sprintf(verb, []any{s}), "[redacted]")
	}
	assert.Equal(t, 2, strings.Count(log.String(), "[redacted]"))
}

func TestI24Hash(t *testing.T) {
	t.Parallel()
	// OpenID Connect Core §A.4 has this access token and its at_hash.
	got, ok := jose.Hash("RS256", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")
	assert.True(t, ok)
	assert.Equal(t, "77QmUPtjPfzWtF2AnpK9RQ", got)
	for alg, size := range map[string]int{"HS384": 32, "PS512": 43, "EdDSA": 43, "Ed25519": 43, "ES256": 22} {
		got, ok = jose.Hash(alg, "")
		assert.True(t, ok)
		assert.Len(t, got, size, alg)
	}
	_, ok = jose.Hash("none", "x")
	assert.False(t, ok)
}

// A Secret keeps hashes for later tokens: whatever came before, and at the same time, a code is checked alone.
func TestSecretIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"HS256", "HS384", "HS512"} {
		key := public(t, alg)
		var group sync.WaitGroup
		for size := range 8 {
			good := sign(t, alg, `{"x":"`+strings.Repeat("x", size*150)+`"}`)
			last := strings.LastIndexByte(good, '.')
			forged := good[:last+1] + strings.Repeat("A", len(good)-last-1)
			group.Go(func() {
				for range 20 {
					assert.NoError(t, verify(t, good, alg, key), alg)
					assert.ErrorIs(t, verify(t, forged, alg, key), jose.Signature, alg)
				}
			})
		}
		group.Wait()
	}
}
