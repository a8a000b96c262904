package oidctest_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func headerOf(t *testing.T, raw string) map[string]any {
	t.Helper()
	return part(t, raw, 0)
}

func unverified(t *testing.T, raw string) map[string]any {
	t.Helper()
	return part(t, raw, 1)
}

func part(t *testing.T, raw string, i int) map[string]any {
	t.Helper()
	parts := strings.Split(raw, ".")
	require.Len(t, parts, 3)
	text, err := base64.RawURLEncoding.DecodeString(parts[i])
	require.NoError(t, err)
	var object map[string]any
	require.NoError(t, json.Unmarshal(text, &object))
	return object
}

func TestSigningAlgorithms(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{IDTokenSigningAlg: alg})
			reply := j.tokens()
			id := j.claims(text(reply, "id_token"), alg)
			assert.Equal(t, leftHalf(alg, text(reply, "access_token")), id["at_hash"])
			header := headerOf(t, text(reply, "id_token"))
			assert.Equal(t, alg, header["alg"])
			assert.Equal(t, "JWT", header["typ"])
			assert.Equal(t, !strings.HasPrefix(alg, "HS"), header["kid"] != nil)
			_, document := j.get("/.well-known/openid-configuration", nil)
			assert.Contains(t, document["id_token_signing_alg_values_supported"], alg)

			// The server itself still knows it.
			known, err := j.idp.IDTokenClaims(text(reply, "id_token"))
			require.NoError(t, err)
			assert.Equal(t, id, known)
			access := headerOf(t, text(reply, "access_token"))
			assert.Equal(t, "RS256", access["alg"])
			assert.Equal(t, "at+jwt", access["typ"])
			assert.NotEmpty(t, access["kid"])
		})
	}
}

// The key that is given is the one that signs; another server has another. TestSigningAlgorithms has the other
// algorithms.
func TestSigningKey(t *testing.T) {
	t.Parallel()
	published := func(idp *oidctest.Server, kind string) []any {
		var found []any
		w := httptest.NewRecorder()
		idp.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.well-known/jwks.json", nil))
		var set jose.JSONWebKeySet
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &set))
		for _, key := range set.Keys {
			if strings.HasPrefix(key.Algorithm, kind) {
				found = append(found, key.Key)
			}
		}
		return found
	}
	given := &oidctest.Server{IDTokenSigningAlg: "PS256", SigningKey: signingKey()}
	for _, alg := range []string{"RS256", "PS256"} {
		assert.Equal(t, []any{signingKey().Public()}, published(given, alg), alg)
	}
	assert.NotEqual(t, signingKey().Public(), published(&oidctest.Server{}, "RS256")[0])
	assert.Len(t, published(&oidctest.Server{IDTokenSigningAlg: "ES256", SigningKey: signingKey()}, "ES256"), 1)
	require.NoError(t, given.RotateKeys())
	assert.NotEqual(t, signingKey().Public(), published(given, "RS256")[1])
}

func TestRotateKeys(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{IDTokenSigningAlg: "ES256"})
	first := text(j.tokens(), "id_token")
	require.Len(t, j.keys().Keys, 2)
	require.NoError(t, j.idp.RotateKeys())
	second := text(j.tokens(), "id_token")
	assert.NotEqual(t, headerOf(t, first)["kid"], headerOf(t, second)["kid"])
	for _, raw := range []string{first, second} {
		_, err := j.verify(raw, "ES256")
		assert.NoError(t, err)
	}
	j.idp.Break(oidctest.StaleJWKS)
	_, err := j.verify(first, "ES256")
	assert.NoError(t, err)
	_, err = j.verify(second, "ES256")
	assert.Error(t, err)
	j.idp.Break()

	require.NoError(t, j.idp.RotateKeys())
	_, err = j.verify(first, "ES256")
	assert.Error(t, err, "two rotations later the key is gone")
	_, err = j.verify(second, "ES256")
	assert.NoError(t, err)
}

func TestJWKSIsPublic(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{IDTokenSigningAlg: "PS256"})
	for _, key := range j.keys().Keys {
		assert.True(t, key.IsPublic())
		assert.Equal(t, "sig", key.Use)
		assert.NotEmpty(t, key.KeyID)
	}
}
