package jws_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strings"
	"sync"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/jws"
	"github.com/seed6e7d3bb2/authing-go/internal/roca/rocatest"
)

var secret = strings.Repeat("0123456789abcdef", 4)

var keys = sync.OnceValue(func() map[string]crypto.Signer {
	made := map[string]crypto.Signer{}
	made["rsa"], _ = rsa.GenerateKey(rand.Reader, 2048)
	for name, curve := range map[string]elliptic.Curve{"p224": elliptic.P224(), "p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()} {
		made[name], _ = ecdsa.GenerateKey(curve, rand.Reader)
	}
	_, made["ed"], _ = ed25519.GenerateKey(rand.Reader)
	return made
})

var signing = map[string]string{
	"RS256": "rsa", "RS384": "rsa", "RS512": "rsa", "PS256": "rsa", "PS384": "rsa", "PS512": "rsa",
	"ES256": "p256", "ES384": "p384", "ES512": "p521", "EdDSA": "ed", "Ed25519": "ed",
}

// Two readers accept what is signed: ours, and go-jose where it knows the algorithm. ES512 has numbers with leading
// zeros now and then.
func TestSignedTokensVerify(t *testing.T) {
	t.Parallel()
	for alg, name := range signing {
		for range 8 {
			key := keys()[name]
			raw, err := jws.Sign(jws.Header{Alg: alg, KeyID: "k", Type: "JWT"}, map[string]any{"sub": "<x>"}, key)
			require.NoError(t, err)
			c, err := jose.Parse(raw, jose.MaxToken)
			require.NoError(t, err)
			require.NoError(t, c.Verify(alg, key.Public()), alg)
			assert.Equal(t, jose.Header{Alg: alg, KeyID: "k", Type: "JWT"}, c.Header)
			assert.JSONEq(t, `{"sub":"<x>"}`, c.Payload)
			if alg == "Ed25519" {
				continue
			}
			signed, err := gojose.ParseSignedCompact(raw, []gojose.SignatureAlgorithm{gojose.SignatureAlgorithm(alg)})
			require.NoError(t, err)
			_, err = signed.Verify(key.Public())
			require.NoError(t, err, alg)
		}
	}
	for alg := range map[string]int{"HS256": 32, "HS384": 48, "HS512": 64} {
		raw, err := jws.MAC(jws.Header{Alg: alg}, map[string]any{"sub": "x"}, secret)
		require.NoError(t, err)
		c, err := jose.Parse(raw, jose.MaxToken)
		require.NoError(t, err)
		key, err := jose.NewSecret(alg, []byte(secret))
		require.NoError(t, err)
		require.NoError(t, c.Verify(alg, key))
		assert.Equal(t, jose.Header{Alg: alg}, c.Header, "no kid, no typ")
	}
}

// C6: a key signs by its own algorithms alone. The two packages agree about every pair.
func TestC6AlgorithmMustFitTheKey(t *testing.T) {
	t.Parallel()
	algs := []string{"", "none", "HS256", "ES256K", "RS1", "rs256"}
	for alg := range signing {
		algs = append(algs, alg)
	}
	for name, key := range keys() {
		for _, alg := range algs {
			_, err := jws.Sign(jws.Header{Alg: alg}, 1, key)
			if signing[alg] == name {
				require.NoError(t, err)
			} else {
				require.Error(t, err, "%s by %s", alg, name)
			}
			assert.Equal(t, jose.Fits(alg, key.Public()), jws.CheckKey(alg, key.Public()) == nil, "%s by %s", alg, name)
		}
		if alg := jws.DefaultAlg(key.Public()); name == "p224" {
			assert.Empty(t, alg)
		} else {
			assert.Equal(t, map[string]string{"rsa": "RS256", "p256": "ES256", "p384": "ES384", "p521": "ES512", "ed": "EdDSA"}[name], alg)
		}
	}
	for want, key := range map[string]crypto.PublicKey{
		"the RSA key is empty": (*rsa.PublicKey)(nil),
		"the RSA key has 2047 bits, want 2048 to 16384 (RFC 7518 §3.3)":                &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2046), E: 3},
		"the RSA key has 16385 bits, want 2048 to 16384 (RFC 7518 §3.3)":               &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 16384), E: 3},
		"the RSA key has a bad exponent":                                               &rsa.PublicKey{N: keys()["rsa"].Public().(*rsa.PublicKey).N, E: 1},
		"the RSA key can be factored (CVE-2017-15361)":                                 rocatest.Key().Public(),
		"an EC key must be on P-256, P-384 or P-521":                                   keys()["p224"].Public(),
		"the EC key is empty":                                                          &ecdsa.PublicKey{Curve: elliptic.P256()},
		"the EC key is not a point of its curve":                                       &ecdsa.PublicKey{Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)},
		"an Ed25519 key has 3 bytes, want 32":                                          ed25519.PublicKey("abc"),
		"a key of type string is not supported, want RSA, EC or Ed25519":               "key",
		`a key of type *ecdsa.PublicKey does not fit Alg "RS256" on P-256, want ES256`: keys()["p256"].Public(),
		`a key of type ed25519.PublicKey does not fit Alg "RS256", want EdDSA`:         keys()["ed"].Public(),
	} {
		assert.EqualError(t, jws.CheckKey("RS256", key), want)
	}
	// A key that lacks a part is refused as well, and is no panic.
	n, point := keys()["rsa"].Public().(*rsa.PublicKey).N, keys()["p256"].Public().(*ecdsa.PublicKey)
	for want, list := range map[string][]crypto.PublicKey{
		"the RSA key is empty":                       {&rsa.PublicKey{E: 3}, &rsa.PublicKey{N: new(big.Int), E: 3}, &rsa.PublicKey{N: new(big.Int).Neg(n), E: 3}},
		"the RSA key has a bad exponent":             {&rsa.PublicKey{N: n}, &rsa.PublicKey{N: n, E: -3}, &rsa.PublicKey{N: n, E: 4}},
		"an EC key must be on P-256, P-384 or P-521": {(*ecdsa.PublicKey)(nil), &ecdsa.PublicKey{X: point.X, Y: point.Y}},
		"the EC key is empty":                        {&ecdsa.PublicKey{Curve: point.Curve, Y: point.Y}, &ecdsa.PublicKey{Curve: point.Curve, X: point.X}},
	} {
		for _, key := range list {
			_, err := jws.Public(key)
			require.EqualError(t, err, want)
		}
	}
	_, err := jws.Public(&rsa.PublicKey{N: n, E: 3})
	require.NoError(t, err, "the accepted twin")
	assert.EqualError(t, jws.CheckKey("ES256", keys()["rsa"].Public()), `a key of type *rsa.PublicKey does not fit Alg "ES256", want RS256, RS384, RS512, PS256, PS384 or PS512`)
}

func TestShortSecrets(t *testing.T) {
	t.Parallel()
	for alg, least := range map[string]int{"HS256": 32, "HS384": 48, "HS512": 64} {
		require.NoError(t, jws.CheckSecret(alg, secret[:least]))
		_, err := jws.MAC(jws.Header{Alg: alg}, 1, secret[:least-1])
		require.ErrorContains(t, err, "bytes, this one has")
	}
	for _, alg := range []string{"", "none", "RS256", "HS1"} {
		require.ErrorContains(t, jws.CheckSecret(alg, secret), "want HS256, HS384 or HS512")
	}
}

func TestClaimsThatAreNoJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claims any
		want   string
	}{{make(chan int), "unsupported type"}, {"text", ""}} {
		_, signed := jws.Sign(jws.Header{Alg: "ES256"}, c.claims, keys()["p256"])
		_, mac := jws.MAC(jws.Header{Alg: "HS256"}, c.claims, secret)
		for _, err := range []error{signed, mac} {
			if c.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.want)
			}
		}
	}
}

// answers is a signer elsewhere, which may answer anything.
type answers struct {
	crypto.Signer
	signature []byte
	err       error
}

func (a answers) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return a.signature, a.err
}

func TestC6SignerThatFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("no connection")
	_, err := jws.Sign(jws.Header{Alg: "RS256"}, 1, answers{keys()["rsa"], nil, broken})
	require.ErrorIs(t, err, broken)
	der := func(r, s string) []byte {
		return []byte("\x30" + string(rune(len(r)+len(s)+4)) + "\x02" + string(rune(len(r))) + r + "\x02" + string(rune(len(s))) + s)
	}
	for _, c := range []struct{ alg, key, answer string }{
		{"RS256", "rsa", "short"}, {"PS256", "rsa", strings.Repeat("x", 257)}, {"EdDSA", "ed", strings.Repeat("x", 63)},
		{"ES256", "p256", ""}, {"ES256", "p256", strings.Repeat("x", 64)}, {"ES256", "p256", string(der("\x01", "\x01")) + "x"},
		{"ES256", "p256", string(der("\x00", "\x01"))}, {"ES256", "p256", string(der("\xff", "\x01"))},
		{"ES256", "p256", string(der("\x01", "\x01"+strings.Repeat("\x00", 32)))},
	} {
		raw, err := jws.Sign(jws.Header{Alg: c.alg}, 1, answers{keys()[c.key], []byte(c.answer), nil})
		require.ErrorContains(t, err, "the signer returned", "%s %x", c.alg, c.answer)
		assert.Empty(t, raw)
	}
	raw, err := jws.Sign(jws.Header{Alg: "ES256"}, 1, answers{keys()["p256"], der("\x01", "\x02"), nil})
	require.NoError(t, err)
	signature, err := base64.RawURLEncoding.DecodeString(raw[strings.LastIndexByte(raw, '.')+1:])
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("\x00", 31)+"\x01"+strings.Repeat("\x00", 31)+"\x02", string(signature))
}

// changing is a device whose key becomes another one.
type changing struct {
	crypto.Signer
	asked int
}

func (c *changing) Public() crypto.PublicKey {
	if c.asked++; c.asked > 1 {
		return (*rsa.PublicKey)(nil)
	}
	return c.Signer.Public()
}

func TestC6KeyIsAskedOnce(t *testing.T) {
	t.Parallel()
	for alg, key := range map[string]string{"RS256": "rsa", "ES256": "p256", "EdDSA": "ed"} {
		c := &changing{Signer: keys()[key]}
		_, err := jws.Sign(jws.Header{Alg: alg}, 1, c)
		require.NoError(t, err)
		_, err = jws.Sign(jws.Header{Alg: alg}, 1, c)
		require.EqualError(t, err, "the RSA key is empty")
	}
}

// The vectors of RFC 7638 §3.1 and RFC 8037 A.3.
func TestThumbprints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}`: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
		`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
	} {
		var key gojose.JSONWebKey
		require.NoError(t, json.Unmarshal([]byte(text), &key))
		got, err := jws.Thumbprint(key.Key)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for name, key := range keys() {
		if name == "p224" {
			continue
		}
		theirs, err := (&gojose.JSONWebKey{Key: key.Public()}).Thumbprint(crypto.SHA256)
		require.NoError(t, err)
		ours, err := jws.Thumbprint(key.Public())
		require.NoError(t, err)
		assert.Equal(t, base64.RawURLEncoding.EncodeToString(theirs), ours, name)
		_, err = jws.Thumbprint(key)
		require.ErrorContains(t, err, "is not supported", "a private key is no public key")
	}
}
