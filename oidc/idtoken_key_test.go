package oidc_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func hmac(alg string) change {
	return func(tr *trial) {
		tr.config.IDTokenSigningAlg, tr.alg, tr.key = alg, alg, []byte(clientSecret)
		delete(tr.header, "kid")
	}
}

func TestI3AlgNotPinned(t *testing.T) {
	t.Parallel()
	everyKey := func(tr *trial) { tr.jwks = []any{jwk("rsa"), jwk("p256"), jwk("p384"), jwk("ed")} }
	signedBy := func(alg, key string) change {
		return func(tr *trial) { tr.alg, tr.key, tr.header["kid"] = alg, keys()[key], key }
	}
	refuses(t, oidc.CheckAlgorithm, everyKey, map[string]change{
		"RS384": signedBy("RS384", "rsa"), "RS512": signedBy("RS512", "rsa"), "PS256": signedBy("PS256", "rsa"),
		"ES256": signedBy("ES256", "p256"), "ES384": signedBy("ES384", "p384"), "EdDSA": signedBy("EdDSA", "ed"),
	})
}

func TestI4KeyConfusion(t *testing.T) {
	t.Parallel()
	refuses(t, oidc.CheckAlgorithm, func(tr *trial) {
		tr.config.IDTokenSigningAlg, tr.alg, tr.key = "HS256", "HS256", []byte(clientSecret)
		delete(tr.header, "kid")
	}, map[string]change{
		"RS256 where HS256 is pinned": func(tr *trial) { tr.alg, tr.key, tr.header["kid"] = "RS256", keys()["rsa"], "rsa" },
		"HS512 where HS256 is pinned": func(tr *trial) { tr.alg = "HS512" },
	})
	refuses(t, oidc.CheckAlgorithm, nil, map[string]change{
		"the secret where RS256 is pinned": func(tr *trial) { tr.alg, tr.key = "HS256", []byte(clientSecret) },
	})
}

func TestI7KeyOfAnotherUse(t *testing.T) {
	t.Parallel()
	published := func(more map[string]any) change {
		return func(tr *trial) { tr.jwks = []any{jwk("rsa", more), jwk("other")} }
	}
	refuses(t, oidc.CheckKey, published(nil), map[string]change{
		"use enc":                 published(map[string]any{"use": "enc"}),
		"alg PS256":               published(map[string]any{"alg": "PS256"}),
		"alg RSA-OAEP":            published(map[string]any{"alg": "RSA-OAEP"}),
		"key_ops without verify":  published(map[string]any{"key_ops": []string{"encrypt"}}),
		"another kid":             published(map[string]any{"kid": "rsa2"}),
		"kty EC with RSA members": published(map[string]any{"kty": "EC"}),
		"a private key":           published(map[string]any{"d": "AQAB"}),
	})
	es256 := func(tr *trial) {
		tr.config.IDTokenSigningAlg, tr.alg, tr.key = "ES256", "ES256", keys()["p256"]
		tr.jwks, tr.header["kid"] = []any{jwk("p256")}, "p256"
	}
	refuses(t, oidc.CheckKey, es256, map[string]change{
		"a key of P-384 for ES256": func(tr *trial) { tr.jwks = []any{jwk("p384", map[string]any{"kid": "p256"})} },
		"an RSA key for ES256":     func(tr *trial) { tr.jwks = []any{jwk("rsa", map[string]any{"kid": "p256"})} },
	})
}

// The error says what to do when the server signs with another secret.
func TestI6HS256ByAnotherSecret(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		clientSecret: "",
		clientSecret[1:] + "x": "oidc: refused the token (signature): the signature is not made with ClientSecret; when the server signs HS256 with another key, " +
			"as Keycloak does, configure an asymmetric algorithm there and set IDTokenSigningAlg",
	} {
		tr := newTrial()
		tr.config.IDTokenSigningAlg, tr.alg, tr.key = "HS256", "HS256", []byte(key)
		_, err := tr.verify(t)
		if want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, want)
		}
	}
}

// The provider of these tests fails on any unexpected request, so the tests also prove that jku and x5u are not
// fetched.
func TestI8KeysInTheHeaderAreNeverUsed(t *testing.T) {
	t.Parallel()
	attacker := func(name string, value any) change {
		return func(tr *trial) { tr.key, tr.header[name] = keys()["other"], value }
	}
	embedded := gojose.JSONWebKey{Key: keys()["other"].Public(), KeyID: "rsa"}
	refuses(t, oidc.CheckSignature, nil, map[string]change{
		"jwk": attacker("jwk", embedded), "jku": attacker("jku", "https://op.example/attacker"),
		"x5u": attacker("x5u", "https://op.example/attacker"), "x5c": attacker("x5c", []string{"MIIB"}),
	})
}

func TestI32WeakKeys(t *testing.T) {
	t.Parallel()
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	weak, err := (&gojose.JSONWebKey{Key: short.Public(), KeyID: "rsa"}).MarshalJSON()
	require.NoError(t, err)
	refuses(t, oidc.CheckKey, func(tr *trial) { tr.jwks = append(tr.jwks, jwk("other")) }, map[string]change{
		"RSA of 1024 bits": func(tr *trial) { tr.jwks[0], tr.key = json.RawMessage(weak), keys()["rsa"] },
	})
	off := *keys()["p256"].Public().(*ecdsa.PublicKey)
	_, err = oidc.ParseKeys([]byte(mustJSON(map[string]any{"keys": []any{jwk("p256", map[string]any{"y": b64(string(off.X.Bytes()))})}})))
	require.EqualError(t, err, "oidc: JWKS: jose: key: the key set holds no key that can verify: kid \"p256\": crv \"P-256\" is not supported, or x and y are not a point on it")
	got, err := oidc.ParseKeys([]byte(mustJSON(map[string]any{"keys": []any{jwk("p256")}})))
	require.NoError(t, err)
	assert.Len(t, got, 1)
}
