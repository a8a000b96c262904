package oidc_test

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// encrypts is a configuration whose request objects are signed by a key of keys, and encrypted.
func encrypts(alg, enc string) oidc.Config {
	cfg := newTrial().config
	cfg.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{{ID: "req", Signer: keys()["p256"]}}}
	cfg.RequestObjectEncryptionAlg, cfg.RequestObjectEncryptionEnc = alg, enc
	return cfg
}

// forEncryption is a key of keys in a JWKS, for encryption.
func forEncryption(name string, more ...map[string]any) map[string]any {
	return jwk(name, append([]map[string]any{{"use": "enc"}}, more...)...)
}

// even is a modulus that no RSA key has.
func even() map[string]any {
	n := new(big.Int).Sub(keys()["rsa"].Public().(*rsa.PublicKey).N, big.NewInt(1))
	return map[string]any{"n": base64.RawURLEncoding.EncodeToString(n.Bytes())}
}

// newEncryptionProvider publishes these keys, and takes request objects by value.
func newEncryptionProvider(t *testing.T, jwks ...any) *provider {
	t.Helper()
	p, document := newProvider(t), metadata()
	document["request_parameter_supported"] = true
	p.discover(document)
	p.publish(jwks...)
	return p
}

// objectOf begins a login, and returns the request object of its address and the rest of the query.
func objectOf(t *testing.T, c *oidc.Client) (string, url.Values) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	link, err := url.Parse(login.URL)
	require.NoError(t, err)
	query := link.Query()
	object := query.Get("request")
	query.Del("request")
	return object, query
}

// opened decrypts an object by go-jose with the key of that name, or the secret, and verifies its signature.
func opened(t *testing.T, object, alg, enc, name string) (header gojose.Header, claims map[string]any) {
	t.Helper()
	sealed, err := gojose.ParseEncryptedCompact(object, []gojose.KeyAlgorithm{gojose.KeyAlgorithm(alg)}, []gojose.ContentEncryption{gojose.ContentEncryption(enc)})
	require.NoError(t, err)
	key := any(dirKey(clientSecret))
	if name != "" {
		key = keys()[name]
	}
	signed, err := sealed.Decrypt(key)
	require.NoError(t, err)
	token, err := gojose.ParseSignedCompact(string(signed), []gojose.SignatureAlgorithm{gojose.ES256})
	require.NoError(t, err)
	payload, err := token.Verify(keys()["p256"].Public())
	require.NoError(t, err)
	assert.Equal(t, "oauth-authz-req+jwt", token.Signatures[0].Header.ExtraHeaders["typ"])
	require.NoError(t, json.Unmarshal(payload, &claims))
	return sealed.Header, claims
}

// The object is signed and then encrypted to a key of the server, for each algorithm (RFC 9101 §4, RFC 7519 §5.2).
func TestEncryptedRequestObject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ alg, enc, key string }{
		{"RSA-OAEP", "", "other"}, {"RSA-OAEP-256", "A256GCM", "other"}, {"ECDH-ES", "A128CBC-HS256", "p384"}, {"ECDH-ES+A128KW", "A192CBC-HS384", "p521"},
		{"ECDH-ES+A256KW", "A256CBC-HS512", "p256"}, {"dir", "A256GCM", ""},
	} {
		p := newEncryptionProvider(t, jwk("rsa"), forEncryption("other"), jwk("p256"), forEncryption("p384"))
		if strings.HasPrefix(c.alg, "ECDH") {
			p.publish(jwk("rsa"), forEncryption("other"), forEncryption(c.key))
		}
		object, query := objectOf(t, p.client(encrypts(c.alg, c.enc)))
		assert.Equal(t, url.Values{"client_id": {clientID}, "response_type": {"code"}, "scope": {"openid"}}, query)
		enc := c.enc
		if enc == "" {
			enc = "A128CBC-HS256" // OpenID Connect Registration §2
		}
		header, claims := opened(t, object, c.alg, enc, c.key)
		assert.Equal(t, c.key, header.KeyID)
		assert.Equal(t, "JWT", header.ExtraHeaders["cty"])
		assert.Equal(t, []any{clientID, issuer, "code"}, []any{claims["iss"], claims["aud"], claims["response_type"]})
		if c.alg == "dir" {
			assert.Zero(t, p.count("/jwks"), "no key of the server is needed")
		}
	}
}

// What is hosted or pushed is the encrypted object, too.
func TestEncryptedRequestObjectByReferenceAndPushed(t *testing.T) {
	t.Parallel()
	p := newEncryptionProvider(t, jwk("rsa"), forEncryption("other"))
	cfg, kept := encrypts("RSA-OAEP", "A128GCM"), ""
	cfg.RequestObject.Host = func(_ context.Context, object string) (string, error) {
		kept = object
		return "https://app.example/r", nil
	}
	object, query := objectOf(t, p.client(cfg))
	assert.Empty(t, object)
	assert.Equal(t, "https://app.example/r", query.Get("request_uri"))
	_, claims := opened(t, kept, "RSA-OAEP", "A128GCM", "other")
	assert.Equal(t, "openid", claims["scope"])

	p = newPushProvider(t, http.StatusCreated, pushed)
	p.publish(jwk("rsa"), forEncryption("other"))
	object, query = objectOf(t, p.client(encrypts("RSA-OAEP", "A128GCM")))
	assert.Empty(t, object)
	assert.Equal(t, url.Values{"client_id": {clientID}, "request_uri": {"urn:ietf:params:oauth:request_uri:R1"}}, query)
	_, claims = opened(t, p.form("/par").Get("request"), "RSA-OAEP", "A128GCM", "other")
	assert.Equal(t, "openid", claims["scope"])
	assert.False(t, p.form("/par").Has("scope"))
}

// Each login decrypts at the fake server, which is strict, and its twin in the clear is refused there.
func TestEncryptedRequestObjectLogins(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{ID: "req", Signer: keys()["p256"]}
	set, err := json.Marshal(oauth.JWKSet{public(t, key)})
	require.NoError(t, err)
	for alg, enc := range map[string]string{
		"RSA-OAEP": "A256GCM", "RSA-OAEP-256": "A128CBC-HS256", "ECDH-ES": "A128GCM", "ECDH-ES+A192KW": "A256CBC-HS512", "dir": "A256GCM",
	} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			host := &oauth.RequestObjectHost{URL: "https://app.example/requests"}
			s := newApplication(t, host, func(s *oidctest.Server) {
				s.Apps = []oidctest.App{{
					ClientID: "app", ClientSecret: clientSecret, JWKS: set, RequestObjectAlg: "ES256", RequestObjectEncryptionAlg: alg, RequestObjectEncryptionEnc: enc,
				}}
			})
			r := &oauth.Registration{ClientID: "app", ClientSecret: clientSecret}
			signs := func(c *oidc.Config) { c.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{key}} }
			encrypts := func(c *oidc.Config) {
				signs(c)
				c.RequestObjectEncryptionAlg, c.RequestObjectEncryptionEnc = alg, enc
			}
			require.NoError(t, s.login(t, r, encrypts))
			require.NoError(t, s.login(t, r, func(c *oidc.Config) { encrypts(c); c.RequestObject.Host = host.Host }))
			require.NoError(t, s.login(t, r, func(c *oidc.Config) { encrypts(c); c.PushedAuthorization = oauth.PushAlways }))
			require.Error(t, s.login(t, r, signs))
		})
	}
}

// Only a key that is published for encryption, and fits, is used; use enc is preferred.
func TestRequestEncryptionKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		jwks []any
		want string // the kid, or what the error says
	}{
		"use enc":               {[]any{jwk("rsa"), forEncryption("other")}, "other"},
		"the first":             {[]any{forEncryption("rsa"), forEncryption("other")}, "rsa"},
		"before one without":    {[]any{jwk("rsa", map[string]any{"use": nil}), forEncryption("other")}, "other"},
		"no use":                {[]any{jwk("p256"), jwk("other", map[string]any{"use": nil})}, "other"},
		"its alg":               {[]any{forEncryption("rsa", map[string]any{"alg": "RSA-OAEP-256"}), forEncryption("other", map[string]any{"alg": "RSA-OAEP"})}, "other"},
		"without kid":           {[]any{jwk("rsa"), forEncryption("other", map[string]any{"kid": nil})}, ""},
		"none for signatures":   {[]any{forEncryption("other")}, "other"},
		"use sig":               {[]any{jwk("rsa")}, `it publishes none for encryption`},
		"another alg":           {[]any{jwk("rsa"), forEncryption("other", map[string]any{"alg": "RSA-OAEP-256"})}, `kid "other" for "RSA-OAEP-256"`},
		"alg of a signature":    {[]any{jwk("rsa"), jwk("other", map[string]any{"use": nil, "alg": "RS256"})}, `kid "other": alg "RS256" is not a supported encryption algorithm`},
		"many of another alg":   {slices.Repeat([]any{forEncryption("other", map[string]any{"alg": "RSA-OAEP-256"})}, 100), strings.Repeat(` kid "other" for "RSA-OAEP-256"`, 4)[1:] + " and 96 more"},
		"another type":          {[]any{jwk("rsa"), forEncryption("p256")}, `kid "p256" for "any alg of its type"`},
		"a private key":         {[]any{jwk("rsa"), forEncryption("other", map[string]any{"d": "AAAA"})}, `kid "other": it holds d, so it is a secret or private key`},
		"an even modulus":       {[]any{jwk("rsa"), forEncryption("rsa", even()), forEncryption("other")}, "other"},
		"an exponent of 1":      {[]any{jwk("rsa"), forEncryption("other", map[string]any{"e": "AQ"})}, `kid "other": e is not an accepted exponent`},
		"operations of another": {[]any{jwk("rsa"), forEncryption("other", map[string]any{"key_ops": []string{"verify"}})}, `kid "other": key_ops does not hold wrapKey or deriveKey`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := encrypts("RSA-OAEP", "A128GCM")
			cfg.IDTokenSigningAlg = "HS256"
			client := newEncryptionProvider(t, c.jwks...).client(cfg)
			login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			if strings.Contains(c.want, " ") {
				var refused *oauth.DiscoveryError
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, oauth.DiscoveryAlgorithm, refused.Check)
				assert.Contains(t, refused.Detail, "the server has no key for RequestObjectEncryptionAlg RSA-OAEP; it publishes ")
				assert.Contains(t, refused.Detail, c.want)
				assert.Less(t, len(refused.Detail), 600)
				assert.Nil(t, login)
				return
			}
			require.NoError(t, err)
			object, _ := objectOf(t, client)
			used := c.want
			if used == "" {
				used = "other"
			}
			header, _ := opened(t, object, "RSA-OAEP", "A128GCM", used)
			assert.Equal(t, c.want, header.KeyID)
		})
	}
}

// A set without any usable key is refused as for signatures.
func TestRequestEncryptionAtASetWithoutKeys(t *testing.T) {
	t.Parallel()
	cfg := encrypts("RSA-OAEP", "A128GCM")
	cfg.IDTokenSigningAlg = "HS256"
	_, err := newEncryptionProvider(t, jwk("rsa", map[string]any{"kty": "AKP"})).client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "oidc: JWKS: jose: key: the key set holds no key that can verify: kid \"rsa\"")
}

// The set is kept as for signatures. It is fetched again when it is old, and when no key fits, within the cool-down of unknown
// kids.
func TestRequestEncryptionKeyRotation(t *testing.T) {
	t.Parallel()
	at := now()
	cfg := encrypts("RSA-OAEP", "A128GCM")
	cfg.Now = func() time.Time { return at }
	p := newEncryptionProvider(t, jwk("rsa"), forEncryption("other"))
	c := p.client(cfg)
	kid := func() string {
		object, _ := objectOf(t, c)
		sealed, err := gojose.ParseEncryptedCompact(object, []gojose.KeyAlgorithm{"RSA-OAEP"}, []gojose.ContentEncryption{"A128GCM"})
		require.NoError(t, err)
		return sealed.Header.KeyID
	}
	assert.Equal(t, "other", kid())
	p.publish(jwk("rsa"), forEncryption("fake"))
	assert.Equal(t, "other", kid(), "the set is fresh")
	assert.Equal(t, 1, p.count("/jwks"))
	at = at.Add(time.Hour)
	assert.Equal(t, "fake", kid())
	p.publish(jwk("rsa"))
	at = at.Add(time.Hour)
	for range 3 {
		_, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.ErrorIs(t, err, oauth.DiscoveryAlgorithm)
	}
	assert.Equal(t, 4, p.count("/jwks"), "one when the set was old, and one for the key that is missing")
	p.publish(jwk("rsa"), forEncryption("other"))
	at = at.Add(10 * time.Second)
	assert.Equal(t, "other", kid(), "after the cool-down")
	p.text("/jwks", http.StatusServiceUnavailable, "text/plain", "")
	assert.Equal(t, "other", kid())
	_, err := p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "oidc: JWKS:", "the server is away")
}

// No key fits, and the server cannot be asked for a newer one: that is an outage, and no lack of the server.
func TestRequestEncryptionKeyThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	at := now()
	cfg := encrypts("RSA-OAEP", "A128GCM")
	cfg.Now = func() time.Time { return at }
	p := newEncryptionProvider(t, jwk("rsa"))
	c := p.client(cfg)
	_, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.DiscoveryAlgorithm)
	at = at.Add(10 * time.Second) // after the cool-down, and the set is fresh
	p.text("/jwks", http.StatusServiceUnavailable, "text/plain", "")
	_, err = c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "503")
	require.NotErrorIs(t, err, oauth.DiscoveryAlgorithm)
}

// A key of another algorithm is none: the set is fetched again, although it is fresh and has keys.
func TestRequestEncryptionKeyOfANewAlg(t *testing.T) {
	t.Parallel()
	p := newEncryptionProvider(t, jwk("rsa"), forEncryption("other", map[string]any{"alg": "RSA-OAEP-256"}))
	c := p.client(encrypts("RSA-OAEP", "A128GCM"))
	_, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.DiscoveryAlgorithm)
	assert.Equal(t, 2, p.count("/jwks"))

	c = p.client(encrypts("RSA-OAEP-256", "A128GCM"))
	objectOf(t, c)
	assert.Equal(t, 3, p.count("/jwks"), "its twin has a key")
	p.text("/jwks", http.StatusOK, "application/json", "\ufeff"+mustJSON(map[string]any{"keys": []any{jwk("rsa"), forEncryption("other")}}))
	objectOf(t, p.client(encrypts("RSA-OAEP", "A128GCM")))
}

// Only a client that encrypts takes a set without keys for signatures.
func TestRequestEncryptionIsNotForOthers(t *testing.T) {
	t.Parallel()
	p, tr := newEncryptionProvider(t, forEncryption("rsa")), newTrial()
	_, err := p.login(p.client(tr.config), tr, "")
	require.ErrorContains(t, err, `the key set holds no key that can verify: kid "rsa": use is not sig`)
	cfg := encrypts("RSA-OAEP", "A128GCM")
	_, err = p.login(p.client(cfg), newTrial(), "")
	require.ErrorIs(t, err, oidc.CheckKey)
	p.publish(jwk("rsa"), forEncryption("rsa"))
	_, err = p.login(p.client(cfg), newTrial(), "")
	require.NoError(t, err)
}

// encryptionSet is a KeySet of the application.
type encryptionSet struct {
	oidc.StaticKeys
	alg  *string
	keys []oidc.Key
	err  error
}

func (s encryptionSet) EncryptionKeys(_ context.Context, alg string) ([]oidc.Key, error) {
	*s.alg = alg
	return s.keys, s.err
}

func TestRequestEncryptionByOwnKeys(t *testing.T) {
	t.Parallel()
	cfg, alg := encrypts("ECDH-ES", "A128GCM"), ""
	set := encryptionSet{alg: &alg, keys: []oidc.Key{{ID: "a", Public: keys()["rsa"].Public()}, {ID: "b", Alg: "ECDH-ES+A128KW", Public: keys()["p521"].Public()}, {ID: "c", Public: keys()["p384"].Public()}}}
	cfg.Keys = set
	p := newEncryptionProvider(t)
	object, _ := objectOf(t, p.client(cfg))
	header, _ := opened(t, object, "ECDH-ES", "A128GCM", "p384")
	assert.Equal(t, []any{"c", "ECDH-ES"}, []any{header.KeyID, alg})
	assert.Zero(t, p.count("/jwks"))
	set.keys = set.keys[:2]
	cfg.Keys = set
	_, err := p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.DiscoveryAlgorithm)
	set.err = errors.New("the store is away")
	cfg.Keys = set
	_, err = p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, set.err)
}

// Mistakes are found by NewClient; each has an accepted twin.
func TestRequestEncryptionMistakes(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*oidc.Config){
		"RequestObjectEncryptionEnc needs RequestObjectEncryptionAlg":                                      func(c *oidc.Config) { c.RequestObjectEncryptionAlg = "" },
		"RequestObjectEncryptionAlg needs RequestObject: what is encrypted is signed before (RFC 9101 §4)": func(c *oidc.Config) { c.RequestObject = nil },
		"RequestObjectEncryptionAlg and RequestObject.Encrypt are both set: remove one of them": func(c *oidc.Config) {
			c.RequestObject.Encrypt = func(_ context.Context, signed string) (string, error) { return signed, nil }
		},
		`RequestObjectEncryptionAlg "RSA1_5" with RequestObjectEncryptionEnc "A128GCM": the pinned alg is not RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW or dir`: func(c *oidc.Config) {
			c.RequestObjectEncryptionAlg = "RSA1_5"
		},
		`RequestObjectEncryptionAlg "RSA-OAEP" with RequestObjectEncryptionEnc "A128": the pinned enc is not A128CBC-HS256, A192CBC-HS384, A256CBC-HS512, A128GCM, A192GCM or A256GCM`: func(c *oidc.Config) {
			c.RequestObjectEncryptionEnc = "A128"
		},
		"RequestObjectEncryptionAlg dir: ClientSecret: A128GCM needs a secret of at least 16 bytes, this one has 5": func(c *oidc.Config) {
			c.RequestObjectEncryptionAlg, c.ClientSecret = "dir", "short"
		},
		"RequestObjectEncryptionAlg needs Keys that are an EncryptionKeySet, or none": func(c *oidc.Config) { c.Keys = oidc.StaticKeys{} },
	} {
		cfg := encrypts("RSA-OAEP", "A128GCM")
		_, err := oidc.NewClient(cfg)
		require.NoError(t, err)
		change(&cfg)
		_, err = oidc.NewClient(cfg)
		require.EqualError(t, err, "oidc: "+want)
	}
	dir := encrypts("dir", "A128GCM")
	dir.Keys = oidc.StaticKeys{}
	_, err := oidc.NewClient(dir)
	require.NoError(t, err, "dir needs no key of the server")
	cfg := encrypts("RSA-OAEP", "A128GCM")
	_, err = oidc.NewClient(cfg)
	require.NoError(t, err)
	assert.Nil(t, cfg.RequestObject.Encrypt, "the caller's settings stay")
}

// The server's lists decide before the browser is sent there.
func TestRequestEncryptionMustBeSupported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		enc, want  string
		algs, encs []string
	}{
		{enc: "A256GCM", algs: []string{"RSA-OAEP", "ECDH-ES"}, encs: []string{"A256GCM"}},
		{enc: "A256GCM"},
		{enc: "A256GCM", algs: []string{"RSA-OAEP-256"}, want: "RequestObjectEncryptionAlg is RSA-OAEP, and the server's request_object_encryption_alg_values_supported is RSA-OAEP-256"},
		{enc: "A256GCM", encs: []string{"A128GCM"}, want: "RequestObjectEncryptionEnc is A256GCM, and the server's request_object_encryption_enc_values_supported is A128GCM"},
		{encs: []string{"A128GCM"}, want: "RequestObjectEncryptionEnc is A128CBC-HS256, and the server's request_object_encryption_enc_values_supported is A128GCM"},
	} {
		p, document := newEncryptionProvider(t, jwk("rsa"), forEncryption("other")), metadata()
		document["request_parameter_supported"] = true
		document["request_object_encryption_alg_values_supported"], document["request_object_encryption_enc_values_supported"] = c.algs, c.encs
		p.discover(document)
		_, err := p.client(encrypts("RSA-OAEP", c.enc)).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if c.want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, "oidc: "+c.want)
		assert.Zero(t, p.count("/jwks"))
	}
	p, document := newEncryptionProvider(t), metadata()
	delete(document, "jwks_uri")
	document["request_parameter_supported"] = true
	p.discover(document)
	cfg := encrypts("RSA-OAEP", "A128GCM")
	cfg.IDTokenSigningAlg = "HS256"
	_, err := p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.DiscoveryMissing)
	require.ErrorContains(t, err, "the server's metadata has no jwks_uri")
}
