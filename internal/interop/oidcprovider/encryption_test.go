//go:build interop

package oidcprovider

import (
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// encrypted pins how ID tokens are encrypted, and has the keys for it.
func encrypted(alg, enc string, keys ...oidc.DecryptionKey) func(*oidc.Config) {
	return func(c *oidc.Config) {
		c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc, c.DecryptionKeys = alg, enc, keys
	}
}

// secret is a private key that the provider's static clients share.
func (p *op) secret(t *testing.T, id string) oidc.DecryptionKey {
	t.Helper()
	require.Contains(t, p.keys, id)
	return oidc.DecryptionKey{ID: id, Private: p.keys[id]}
}

func public(t *testing.T, keys ...oidc.DecryptionKey) (set oauth.JWKSet) {
	t.Helper()
	for _, key := range keys {
		k, err := key.JWK()
		require.NoError(t, err)
		set = append(set, k)
	}
	return set
}

// received is an ID token as the provider sent it, and what is expected of it.
func received(t *testing.T, c *oidc.Client) (string, oidc.Expect) {
	t.Helper()
	login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{})
	token, err := c.GetAccessTokenByCode(t.Context(), callback.URL.Query().Get("code"), oauth.CodeOptions{CodeVerifier: login.CodeVerifier})
	require.NoError(t, err)
	return token.IDToken, oidc.Expect{Nonce: login.Nonce, AccessToken: token.AccessToken}
}

// The four forms, of the registered clients.
func TestIDTokenEncrypted(t *testing.T) {
	t.Parallel()
	p := provider(t)
	rs, ec := p.secret(t, "rp-enc-rsa"), p.secret(t, "rp-enc-ec")
	for id, change := range map[string]func(*oidc.Config){
		"idt-enc-rsa":    encrypted("RSA-OAEP", "A256GCM", rs),
		"idt-enc-rsa256": encrypted("RSA-OAEP-256", "A128CBC-HS256", ec, rs), // the one that fits is chosen
		"idt-enc-ec":     encrypted("ECDH-ES", "A256CBC-HS512", ec),
		"idt-enc-dir":    encrypted("dir", ""), // A128CBC-HS256 by default
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := p.oidcClient(t, id, change)
			assert.Equal(t, "alice", oidcLogin(t, c, "openid").IDToken.Subject)

			raw, want := received(t, c)
			read, err := c.VerifyIDToken(t.Context(), raw, want)
			require.NoError(t, err)
			assert.Equal(t, 4, strings.Count(raw, "."))
			assert.Equal(t, 2, strings.Count(read.Raw(), "."))
			for name, row := range map[string]struct {
				raw     string
				change  func(*oidc.Config)
				refusal error
			}{
				"accepted":              {raw, change, nil},
				"plain":                 {read.Raw(), change, oidc.CheckEncrypted},
				"another alg is pinned": {raw, encrypted("ECDH-ES+A128KW", "A128GCM", ec), oidc.CheckAlgorithm},
				"another enc is pinned": {raw, func(c *oidc.Config) { change(c); c.IDTokenEncryptionEnc = "A192GCM" }, oidc.CheckAlgorithm},
				"nothing is pinned":     {raw, func(*oidc.Config) {}, oidc.CheckEncrypted},
				"changed":               {flipped(raw), change, oidc.CheckDecryption},
			} {
				_, err = p.oidcClient(t, id, row.change).VerifyIDToken(t.Context(), row.raw, want)
				if row.refusal == nil {
					require.NoError(t, err, name)
				} else {
					require.ErrorIs(t, err, row.refusal, name)
				}
			}
		})
	}
}

// Every other form that this provider has, with keys of three curves.
func TestIDTokenEncryptionAlgorithms(t *testing.T) {
	t.Parallel()
	p := provider(t)
	rs := oidc.DecryptionKey{Private: p.keys["rp-enc-rsa"]}
	p256 := oidc.DecryptionKey{Private: ecKey(t, elliptic.P256())}
	p384 := oidc.DecryptionKey{Private: ecKey(t, elliptic.P384())}
	p521 := oidc.DecryptionKey{Private: ecKey(t, elliptic.P521())}
	for _, row := range []struct {
		alg, enc string
		keys     []oidc.DecryptionKey
	}{
		{"RSA-OAEP", "A192CBC-HS384", []oidc.DecryptionKey{rs}}, {"RSA-OAEP-256", "A128GCM", []oidc.DecryptionKey{rs}},
		{"ECDH-ES", "A128GCM", []oidc.DecryptionKey{p384}}, {"ECDH-ES", "A192CBC-HS384", []oidc.DecryptionKey{p521}},
		{"ECDH-ES+A128KW", "A128CBC-HS256", []oidc.DecryptionKey{p256}}, {"ECDH-ES+A256KW", "A256GCM", []oidc.DecryptionKey{p521}},
		{"ECDH-ES+A256KW", "A256CBC-HS512", []oidc.DecryptionKey{p384}},
		{"dir", "A128GCM", nil}, {"dir", "A192GCM", nil}, {"dir", "A256GCM", nil}, {"dir", "A192CBC-HS384", nil}, {"dir", "A256CBC-HS512", nil},
	} {
		t.Run(row.alg+" "+row.enc, func(t *testing.T) {
			t.Parallel()
			cfg := p.register(t, oauth.ClientMetadata{
				JWKS: public(t, row.keys...), IDTokenEncryptedResponseAlg: row.alg, IDTokenEncryptedResponseEnc: row.enc, IDTokenSignedResponseAlg: "ES256",
			})
			c := newClient(t, cfg, encrypted(row.alg, row.enc, row.keys...))
			raw, want := received(t, c)
			id, err := c.VerifyIDToken(t.Context(), raw, want)
			require.NoError(t, err)
			assert.Equal(t, "alice", id.Subject)
			h := header(t, raw)
			assert.Equal(t, []any{row.alg, row.enc}, []any{h["alg"], h["enc"]})
		})
	}
}

// An ID token that comes through the browser is encrypted too. So is a logout token.
func TestEncryptedInTheFrontChannel(t *testing.T) {
	t.Parallel()
	p := provider(t)
	key := oidc.DecryptionKey{Private: ecKey(t, elliptic.P256())}
	cfg := p.register(t, oauth.ClientMetadata{
		JWKS: public(t, key), IDTokenEncryptedResponseAlg: "ECDH-ES+A128KW", IDTokenEncryptedResponseEnc: "A128GCM",
		ResponseTypes: []string{"code id_token"}, GrantTypes: []string{"authorization_code", "implicit"},
	})
	c := newClient(t, cfg, encrypted("ECDH-ES+A128KW", "A128GCM", key))
	login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDToken})
	_, err := newClient(t, cfg).CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oidc.CheckEncrypted)
	login, callback = oidcBegin(t, c, person(t), oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDToken})
	form := parameters(t, callback)
	assert.Equal(t, 4, strings.Count(form.Get("id_token"), "."))
	_, err = c.CompleteLogin(t.Context(), login, reposted(callback, form))
	require.NoError(t, err)
}

// The server encrypts to the key that it has from the client. Another application cannot read it.
func TestDecryptionKeyOfAnotherClient(t *testing.T) {
	t.Parallel()
	p := provider(t)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for id, row := range map[string]struct {
		alg, enc string
		key      oidc.DecryptionKey
		refusal  error
	}{
		"idt-enc-rsa":    {"RSA-OAEP", "A256GCM", oidc.DecryptionKey{ID: "rp-enc-rsa", Private: rs}, oidc.CheckDecryption},
		"idt-enc-ec":     {"ECDH-ES", "A256CBC-HS512", oidc.DecryptionKey{ID: "rp-enc-ec", Private: ecKey(t, elliptic.P256())}, oidc.CheckDecryption},
		"idt-enc-dir":    {"dir", "", oidc.DecryptionKey{}, oidc.CheckDecryption},
		"idt-enc-rsa256": {"RSA-OAEP-256", "", oidc.DecryptionKey{ID: "another", Private: rs}, oidc.CheckKey},
	} {
		change := encrypted(row.alg, row.enc, row.key)
		if row.alg == "dir" { // the key is the secret
			change = func(c *oidc.Config) { encrypted("dir", "")(c); c.ClientSecret = strings.Repeat("x", 64) }
		}
		raw, want := received(t, p.oidcClient(t, id))
		_, err = p.oidcClient(t, id, change).VerifyIDToken(t.Context(), raw, want) // TestIDTokenEncrypted has the accepted twins
		require.ErrorIs(t, err, row.refusal, id)
	}
}

// The secret of before still opens what the server encrypts with it.
func TestOlderClientSecret(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, change := range map[string]func(*oidc.Config){
		"idt-enc-dir": encrypted("dir", ""), "idt-hs256": func(c *oidc.Config) { c.IDTokenSigningAlg = "HS256" },
	} {
		raw, want := received(t, p.oidcClient(t, id, change))
		for _, known := range []bool{true, false} {
			next := p.oidcClient(t, id, change, func(c *oidc.Config) {
				if known {
					c.OlderClientSecrets = []string{strings.Repeat("y", 64), c.ClientSecret}
				}
				c.ClientSecret = strings.Repeat("x", 64)
			})
			_, err := next.VerifyIDToken(t.Context(), raw, want)
			var refused *oidc.TokenError
			if known {
				require.NoError(t, err, id)
			} else {
				require.ErrorAs(t, err, &refused, id)
			}
		}
	}
}
