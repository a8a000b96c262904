package oauth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func rsaOf(bits uint) *big.Int {
	return new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(1))
}

// Every member of every output is public, for every kind of key.
func TestJWKHasNoPrivateMember(t *testing.T) {
	t.Parallel()
	public := []string{"kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"}
	for name, signer := range signers() {
		jwk, err := oauth.SigningKey{Signer: signer}.JWK()
		require.NoError(t, err)
		for _, k := range []oauth.JWK{jwk, {Public: signer.Public()}, {Public: signer.Public(), Use: "enc", Alg: "RSA-OAEP-256", ID: "e"}} {
			text, err := json.Marshal(k)
			require.NoError(t, err)
			var members map[string]string
			require.NoError(t, json.Unmarshal(text, &members))
			for member := range members {
				assert.Contains(t, public, member, name)
			}
			assert.NotContains(t, members, "")
			if k.ID == "" {
				assert.Equal(t, thumbprint(t, members), members["kid"])
			} else {
				assert.Equal(t, k.ID, members["kid"])
			}
			assert.Equal(t, []string{k.Use, k.Alg}, []string{members["use"], members["alg"]})
		}
		for _, id := range []string{"", "k"} {
			_, err = json.Marshal(oauth.JWK{ID: id, Public: signer})
			require.ErrorContains(t, err, "is not supported, want RSA, EC or Ed25519", "a private key")
		}
	}
}

// A server picks the key by its kid, so a kid is of one key.
func TestJWKSetHasOneKeyForAKid(t *testing.T) {
	t.Parallel()
	a, b := signers()["ed"].Public(), signers()["p256"].Public()
	for name, set := range map[string]oauth.JWKSet{
		"two":           {{ID: "k1", Public: a}, {ID: "k2", Public: b}},
		"one key twice": {{ID: "k", Public: b, Use: "sig"}, {ID: "k", Public: b, Use: "enc"}},
		"no names":      {{Public: a}, {Public: b}},
	} {
		_, err := json.Marshal(set)
		require.NoError(t, err, name)
	}
	_, err := json.Marshal(oauth.JWKSet{{ID: "k", Public: a}, {ID: "k", Public: b}})
	require.ErrorContains(t, err, `oauth: JWKSet has two different keys with the ID "k"`)
}

// The verifier of ID tokens reads what the handler serves, and finds the key by its name.
func TestJWKSHandler(t *testing.T) {
	t.Parallel()
	var set oauth.JWKSet
	broken := error(nil)
	h := oauth.JWKSHandler(func(context.Context) (oauth.JWKSet, error) { return set, broken })
	get := func(method string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/jwks.json", nil))
		return w
	}
	assert.JSONEq(t, `{"keys":[]}`, get(http.MethodGet).Body.String())
	for _, name := range []string{"rsa", "p521", "ed"} {
		jwk, err := oauth.SigningKey{ID: name, Signer: signers()[name]}.JWK()
		require.NoError(t, err)
		set = append(set, jwk)
	}
	w := get(http.MethodGet)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "application/jwk-set+json", w.Header().Get("Content-Type"))
	assert.Equal(t, "public, max-age=300", w.Header().Get("Cache-Control"))
	keys, unusable, err := jose.ParseSet(w.Body.String())
	require.NoError(t, err)
	assert.Empty(t, unusable)
	require.Len(t, keys, 3)
	for i, name := range []string{"rsa", "p521", "ed"} {
		assert.Equal(t, jose.Key{ID: name, Alg: map[string]string{"rsa": "RS256", "p521": "ES512", "ed": "EdDSA"}[name], Public: signers()[name].Public()}, keys[i])
	}
	assert.Equal(t, http.StatusOK, get(http.MethodHead).Code)
	w = get(http.MethodPost)
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	broken = errors.New("s3cr3t")
	w = get(http.MethodGet)
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	assert.NotContains(t, w.Body.String(), "s3cr3t")
}

func TestC6SigningKeyWithoutAKey(t *testing.T) {
	t.Parallel()
	_, err := oauth.SigningKey{}.JWK()
	require.EqualError(t, err, "oauth: SigningKey.Signer is not set")
	_, err = oauth.SigningKey{Signer: ed25519.PrivateKey("short")}.JWK()
	require.EqualError(t, err, "oauth: SigningKey: an Ed25519 private key has 5 bytes, want 64")
	for _, empty := range []crypto.Signer{(*rsa.PrivateKey)(nil), (*ecdsa.PrivateKey)(nil)} {
		_, err = oauth.SigningKey{Signer: empty}.JWK()
		require.EqualError(t, err, "oauth: SigningKey.Signer is not set")
	}
	for _, bad := range []crypto.Signer{ed25519.PrivateKey(nil), &rsa.PrivateKey{}, &ecdsa.PrivateKey{}} {
		_, err = oauth.SigningKey{Signer: bad}.JWK()
		require.Error(t, err)
	}
	// The public half alone is no key that signs, and no panic.
	whole, short := signers()["ed"].(ed25519.PrivateKey), ed25519.PrivateKey("short")
	for want, key := range map[string][2]crypto.Signer{ // with its accepted twin
		"the RSA key has no private part":             {&rsa.PrivateKey{PublicKey: *signers()["rsa"].Public().(*rsa.PublicKey)}, signers()["rsa"]},
		"the EC key has no private part":              {&ecdsa.PrivateKey{PublicKey: *signers()["p256"].Public().(*ecdsa.PublicKey)}, signers()["p256"]},
		"an Ed25519 private key has 5 bytes, want 64": {&short, &whole},
	} {
		cfg := config(silent(t))
		cfg.Issuer, cfg.TokenAuth = issuer, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: key[0]}}}
		_, err = oauth.NewClient(cfg)
		require.EqualError(t, err, "oauth: TokenAuth: private_key_jwt: SigningKey: "+want)
		cfg.TokenAuth = oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: key[1]}}}
		_, err = oauth.NewClient(cfg)
		require.NoError(t, err)
	}
	w := httptest.NewRecorder()
	oauth.JWKSHandler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	_, err = oauth.SigningKey{Signer: signers()["ed"], Alg: "HS256"}.JWK()
	require.EqualError(t, err, `oauth: SigningKey: a key of type ed25519.PublicKey does not fit Alg "HS256", want EdDSA`)
}
