package oidctest_test

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// encryptionKeys are the keys of the JWKS for encryption.
func (j *journey) encryptionKeys() (all []jose.JSONWebKey) {
	j.t.Helper()
	for _, key := range j.keys().Keys {
		if key.Use == "enc" {
			all = append(all, key)
		}
	}
	return all
}

// encryptTo makes a compact JWE by go-jose.
func encryptTo(t *testing.T, key any, alg, enc string, options jose.EncrypterOptions, text string) string {
	t.Helper()
	encrypter, err := jose.NewEncrypter(jose.ContentEncryption(enc), jose.Recipient{Algorithm: jose.KeyAlgorithm(alg), Key: key}, &options)
	require.NoError(t, err)
	object, err := encrypter.Encrypt([]byte(text))
	require.NoError(t, err)
	raw, err := object.CompactSerialize()
	require.NoError(t, err)
	return raw
}

func nested() jose.EncrypterOptions { return *(&jose.EncrypterOptions{}).WithContentType("JWT") }

func TestEncryptedRequestObjects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ alg, enc string }{
		{"RSA-OAEP", "A256GCM"}, {"RSA-OAEP-256", "A128CBC-HS256"}, {"ECDH-ES", "A128GCM"}, {"ECDH-ES+A256KW", "A256CBC-HS512"}, {"dir", "A256GCM"},
	} {
		t.Run(c.alg, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{JWKS: appKeys(t), RequestObjectAlg: "PS256", RequestObjectEncryptionAlg: c.alg, RequestObjectEncryptionEnc: c.enc})
			_, document := j.get(openIDDocument, nil)
			assert.Contains(t, document["request_object_encryption_alg_values_supported"], c.alg)
			assert.Contains(t, document["request_object_encryption_enc_values_supported"], c.enc)
			secret := sha256.Sum256([]byte(oidctest.ClientSecret))
			key, keys := any(secret[:]), j.encryptionKeys()
			if c.alg != "dir" {
				require.Len(t, keys, 1)
				key = keys[0]
			} else {
				assert.Empty(t, keys)
			}
			signed := signJWT(t, "PS256", signingKey(), nil, objectClaims(j.url, oidctest.ClientID))
			weak := signJWT(t, "RS256", signingKey(), nil, objectClaims(j.url, oidctest.ClientID))
			zipped := nested()
			zipped.Compression = jose.DEFLATE
			good := encryptTo(t, key, c.alg, c.enc, nested(), signed)
			for name, bad := range map[string]string{
				"plain": signed, "signed by another algorithm": encryptTo(t, key, c.alg, c.enc, nested(), weak), "not signed": encryptTo(t, key, c.alg, c.enc, nested(), "{}"),
				"compressed": encryptTo(t, key, c.alg, c.enc, zipped, signed), "without cty": encryptTo(t, key, c.alg, c.enc, jose.EncrypterOptions{}, signed),
				"twice": encryptTo(t, key, c.alg, c.enc, nested(), good), "spoilt": good[:len(good)-4] + "AAAA", "another enc": encryptAs(t, key, c.alg, c.enc, signed),
			} {
				for _, address := range []string{
					j.authURL("/auth", "scope", "openid", "request", bad), j.pushObject(bad),
				} {
					if !strings.HasPrefix(address, "http") {
						assert.Equal(t, "invalid_request_object", address, name)
						continue
					}
					j.refusedPage(address, "invalid_request_object", name)
				}
			}
			callback, err := j.idp.Login(t.Context(), j.authURL("/auth", "scope", "openid", "request", good), "")
			require.NoError(t, err)
			assert.Equal(t, "inside", callback.URL.Query().Get("state"))
			callback, err = j.idp.Login(t.Context(), j.pushObject(good), "")
			require.NoError(t, err)
			assert.Equal(t, "inside", callback.URL.Query().Get("state"))
			j.refusedPage(j.authURL("/auth"), "must send request objects", "none")
		})
	}
}

// encryptAs encrypts with another enc than the agreed one.
func encryptAs(t *testing.T, key any, alg, enc, text string) string {
	t.Helper()
	if other := map[string]string{"A256GCM": "A128CBC-HS256", "A128CBC-HS256": "A128GCM", "A128GCM": "A256GCM", "A256CBC-HS512": "A256GCM"}[enc]; other != "" {
		return encryptTo(t, key, alg, other, nested(), text)
	}
	return ""
}

// pushObject pushes a request object, and returns the login link or the error.
func (j *journey) pushObject(raw string) string {
	j.t.Helper()
	status, reply := j.call("/par", "request", raw)
	if status != http.StatusCreated {
		return text(reply, "error")
	}
	return j.pushedURL(oidctest.ClientID, reply)
}

// Encryption is for those who want it, where the server has a key; the key before a rotation still opens.
func TestOptionalEncryption(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{JWKS: appKeys(t), Apps: []oidctest.App{
		{ClientID: "must", ClientSecret: "s", JWKS: appKeys(t), RequestObjectEncryptionAlg: "ECDH-ES"}, {ClientID: "open", TokenAuth: "none", JWKS: appKeys(t)},
	}})
	signed := signJWT(t, "RS256", signingKey(), nil, objectClaims(j.url, oidctest.ClientID))
	key := j.encryptionKeys()[0]
	require.NoError(t, j.idp.RotateKeys())
	require.Len(t, j.encryptionKeys(), 2)
	for _, raw := range []string{signed, encryptTo(t, key, "ECDH-ES", "A128GCM", nested(), signed), encryptTo(t, j.encryptionKeys()[1], "ECDH-ES+A128KW", "A128GCM", nested(), signed)} {
		_, err := j.idp.Login(t.Context(), j.authURL("/auth", "scope", "openid", "request", raw), "")
		require.NoError(t, err)
	}
	nameless, misnamed := key, key
	nameless.KeyID, misnamed.KeyID = "", "k"
	_, err := j.idp.Login(t.Context(), j.authURL("/auth", "scope", "openid", "request", encryptTo(t, nameless, "ECDH-ES", "A128GCM", nested(), signed)), "")
	require.NoError(t, err)
	j.refusedPage(j.authURL("/auth", "request", encryptTo(t, misnamed, "ECDH-ES", "A128GCM", nested(), signed)), "invalid_request_object", "a kid of no key")
	nobody := sha256.Sum256(nil)
	open := signJWT(t, "RS256", signingKey(), nil, objectClaims(j.url, "open"))
	j.refusedPage(j.authURL("/auth", "client_id", "open", "request", encryptTo(t, nobody[:], "dir", "A256GCM", nested(), open)), "invalid_request_object", "a secret that is empty")
	_, err = j.idp.Login(t.Context(), j.authURL("/auth", "client_id", "open", "scope", "openid", "request", encryptTo(t, nameless, "ECDH-ES", "A128GCM", nested(), open)), "")
	require.NoError(t, err)
	require.NoError(t, j.idp.RotateKeys())
	j.refusedPage(j.authURL("/auth", "request", encryptTo(t, key, "ECDH-ES", "A128GCM", nested(), signed)), "invalid_request_object", "a key of long ago")
	j.refusedPage(j.authURL("/auth", "request", encryptTo(t, signingKey().Public(), "RSA-OAEP", "A128GCM", nested(), signed)), "invalid_request_object", "no key of that kind")
	j.idp.Break(oidctest.MissingEncryptionKey)
	assert.Empty(t, j.encryptionKeys())
	assert.NotEmpty(t, j.keys().Keys)
	j = start(t, &oidctest.Server{})
	assert.Empty(t, j.encryptionKeys())
}

// RFC 9396 §3: the details are an array inside an object.
func TestDetailsInRequestObjects(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{JWKS: appKeys(t), AuthorizationDetailsTypes: []string{"account"}})
	raw := signJWT(t, "RS256", signingKey(), nil, objectClaims(j.url, oidctest.ClientID, "authorization_details", []any{map[string]any{"type": "account", "identifier": "a-1"}}))
	callback, err := j.idp.Login(t.Context(), j.pushObject(raw), "")
	require.NoError(t, err)
	assert.JSONEq(t, "["+account+"]", detailsOf(t, j.must(j.redeem("/token", callback.URL.Query().Get("code")))))
}
