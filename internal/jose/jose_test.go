package jose_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"sync"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

var algorithms = []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}

const payload = `{"iss":"https://example.authing.cn/oidc","sub":"5f719946524ee1099229496b","aud":"5f17a529f64fb009b794a2ff","exp":1601460494,"iat":1601456894,` +
	`"nonce":"2n4VZ2Kk1yHf0kUoZsWfUw","at_hash":"MNcnG9KuEa-CxbqyPQj8Xw","auth_time":1601456890,"name":"Ada","email":"ada@example.com","email_verified":true}`

var secret = []byte(strings.Repeat("0123456789abcdef", 4))

// private holds one key of each kind for the whole run.
var private = sync.OnceValue(func() map[string]crypto.Signer {
	keys := map[string]crypto.Signer{}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	for _, alg := range algorithms[3:9] {
		keys[alg] = rsaKey
	}
	for alg, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		if keys[alg], err = ecdsa.GenerateKey(curve, rand.Reader); err != nil {
			panic(err)
		}
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	keys["EdDSA"], keys["Ed25519"] = edKey, edKey
	return keys
})

// public returns what Verify needs for alg.
func public(t testing.TB, alg string) crypto.PublicKey {
	t.Helper()
	if jose.Symmetric(alg) {
		s, err := jose.NewSecret(alg, secret)
		require.NoError(t, err)
		return s
	}
	return private()[alg].Public()
}

// sign signs with go-jose, which does not know the name Ed25519.
func sign(t testing.TB, alg, text string) string {
	t.Helper()
	if alg == "Ed25519" {
		input := b64(`{"alg":"Ed25519"}`) + "." + b64(text)
		return input + "." + b64(string(ed25519.Sign(private()[alg].(ed25519.PrivateKey), []byte(input))))
	}
	var key any = secret
	if !jose.Symmetric(alg) {
		key = private()[alg]
	}
	options := (&gojose.SignerOptions{}).WithType("JWT").WithHeader("kid", "k1")
	signer, err := gojose.NewSigner(gojose.SigningKey{Algorithm: gojose.SignatureAlgorithm(alg), Key: key}, options)
	require.NoError(t, err)
	signed, err := signer.Sign([]byte(text))
	require.NoError(t, err)
	raw, err := signed.CompactSerialize()
	require.NoError(t, err)
	return raw
}

// signHeader makes a valid HS256 token with this header.
func signHeader(t testing.TB, header string) string {
	t.Helper()
	return macInput(b64(header) + "." + b64(payload))
}

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func verify(t testing.TB, raw, alg string, key crypto.PublicKey) error {
	t.Helper()
	c, err := jose.Parse(raw, jose.MaxToken)
	if err != nil {
		return err
	}
	return c.Verify(alg, key)
}

func TestVerifyWhatGoJoseSigned(t *testing.T) {
	t.Parallel()
	for _, alg := range algorithms {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			raw := sign(t, alg, payload)
			c, err := jose.Parse(raw, jose.MaxToken)
			require.NoError(t, err)
			require.NoError(t, c.Verify(alg, public(t, alg)))
			assert.Equal(t, payload, c.Payload)
			if alg != "Ed25519" {
				assert.Equal(t, jose.Header{Alg: alg, KeyID: "k1", Type: "JWT"}, c.Header)
			}
		})
	}
}

// Payloads around the sizes at which the decoder changes its buffer, and tokens that are larger than the HMAC's
// buffer.
func TestVerifyAnyLength(t *testing.T) {
	t.Parallel()
	key := public(t, "HS256")
	for _, n := range []int{0, 1, 2, 3, 766, 767, 768, 769, 770, 1535, 1536, 1537, 1900, 2048, 5000, 40000} {
		text := strings.Repeat("a", n)
		c, err := jose.Parse(sign(t, "HS256", text), jose.MaxToken)
		require.NoError(t, err)
		require.NoError(t, c.Verify("HS256", key), n)
		require.Equal(t, text, c.Payload)
	}
}

func TestI6AnyBitFlippedIsRefused(t *testing.T) {
	t.Parallel()
	for _, alg := range algorithms {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			raw, key := sign(t, alg, `{"sub":"x"}`), public(t, alg)
			require.NoError(t, verify(t, raw, alg, key))
			step := 8
			if jose.Symmetric(alg) {
				step = 1
			}
			for bit := 0; bit < 8*len(raw); bit += step {
				forged := []byte(raw)
				forged[bit/8] ^= 1 << ((bit + bit/8) % 8)
				require.Error(t, verify(t, string(forged), alg, key), bit)
			}
		})
	}
}

func TestI4EachAlgorithmOnlyByItsName(t *testing.T) {
	t.Parallel()
	for _, signed := range algorithms {
		c, err := jose.Parse(sign(t, signed, payload), jose.MaxToken)
		require.NoError(t, err)
		for _, pinned := range append(algorithms, "none", "", "hs256") {
			err := c.Verify(pinned, public(t, signed))
			if pinned == signed {
				assert.NoError(t, err)
			} else {
				assert.ErrorIs(t, err, jose.Algorithm, "%s by %s", signed, pinned)
			}
		}
		for _, other := range algorithms {
			key := public(t, other)
			if err := c.Verify(signed, key); jose.Fits(signed, key) {
				assert.NoError(t, err)
			} else {
				assert.ErrorIs(t, err, jose.BadKey, "%s with the key of %s", signed, other)
			}
		}
	}
}

// Algorithm confusion: the public key's bytes as the secret of an HMAC.
func TestI4PublicKeyAsSecret(t *testing.T) {
	t.Parallel()
	raw := sign(t, "HS256", payload)
	assert.NoError(t, verify(t, raw, "HS256", public(t, "HS256")))
	assert.ErrorIs(t, verify(t, raw, "RS256", public(t, "RS256")), jose.Algorithm)
	assert.ErrorIs(t, verify(t, raw, "HS256", public(t, "RS256")), jose.BadKey)
	assert.ErrorIs(t, verify(t, raw, "HS256", secret), jose.BadKey)
}
