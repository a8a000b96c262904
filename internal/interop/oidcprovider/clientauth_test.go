//go:build interop

package oidcprovider

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func authBy(auth oauth.ClientAuth) func(*oidc.Config) {
	return func(c *oidc.Config) { c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = auth, auth, auth }
}

// authenticates uses each endpoint where the client authenticates.
func authenticates(t *testing.T, c *oidc.Client) {
	t.Helper()
	result := oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
	require.NoError(t, err)
	seen, err := c.IntrospectToken(t.Context(), next.Token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active)
	require.NoError(t, c.RevokeToken(t.Context(), next.Token.AccessToken))
	seen, err = c.IntrospectToken(t.Context(), next.Token.AccessToken)
	require.NoError(t, err)
	assert.False(t, seen.Active)
}

// unauthenticated wants the server's refusal where the client authenticates.
func unauthenticated(t *testing.T, c *oidc.Client) {
	t.Helper()
	login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.InvalidClient)
	_, err = c.IntrospectToken(t.Context(), "some-token")
	require.ErrorIs(t, err, oauth.InvalidClient)
}

func TestClientSecretJWT(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, alg := range []string{"", "HS384", "HS512"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			authenticates(t, p.oidcClient(t, "secret-jwt", authBy(oauth.ClientSecretJWT{Alg: alg})))
		})
	}
	t.Run("another audience", func(t *testing.T) {
		t.Parallel()
		authenticates(t, p.oidcClient(t, "secret-jwt", authBy(oauth.ClientSecretJWT{Audience: p.base + "/token"})))
		unauthenticated(t, p.oidcClient(t, "secret-jwt", authBy(oauth.ClientSecretJWT{Audience: "https://another.example"})))
	})
	t.Run("another secret", func(t *testing.T) {
		t.Parallel()
		wrong := func(c *oidc.Config) { c.ClientSecret = "x" + c.ClientSecret[1:] }
		unauthenticated(t, p.oidcClient(t, "secret-jwt", authBy(oauth.ClientSecretJWT{}), wrong))
	})
}

func ecKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return key
}

// keyed registers a client with the public halves of the keys; the first one signs.
func (p *op) keyed(t *testing.T, keys ...oauth.SigningKey) oidc.Config {
	t.Helper()
	var public oauth.JWKSet
	for _, key := range keys {
		k, err := key.JWK()
		require.NoError(t, err)
		public = append(public, k)
	}
	return p.register(t, oauth.ClientMetadata{
		JWKS: public, TokenEndpointAuthMethod: "private_key_jwt", TokenEndpointAuthSigningAlg: public[0].Alg,
		GrantTypes: []string{"authorization_code", "refresh_token"},
	}, authBy(oauth.PrivateKeyJWT{Keys: keys}))
}

func TestPrivateKeyJWT(t *testing.T) {
	t.Parallel()
	p := provider(t)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	rs := p.keys["rp-rsa"].(crypto.Signer)
	for name, key := range map[string]oauth.SigningKey{
		"RS256": {Signer: rs}, "PS256": {Alg: "PS256", Signer: rs},
		"ES256": {Signer: ecKey(t, elliptic.P256())}, "ES384": {Signer: ecKey(t, elliptic.P384())}, "ES512": {Signer: ecKey(t, elliptic.P521())},
		"EdDSA": {Signer: ed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			authenticates(t, newClient(t, p.keyed(t, key)))
		})
	}
}

// The typ of draft-ietf-oauth-rfc7523bis, and the token endpoint as audience, are taken by this provider too.
func TestPrivateKeyJWTOptions(t *testing.T) {
	t.Parallel()
	p := provider(t)
	key := []oauth.SigningKey{{Signer: ecKey(t, elliptic.P256())}}
	cfg := p.keyed(t, key[0])
	for _, auth := range []oauth.PrivateKeyJWT{
		{Keys: key, Type: "client-authentication+jwt"}, {Keys: key, Audience: p.base + "/token"},
	} {
		authenticates(t, newClient(t, cfg, authBy(auth)))
	}
}

func TestPrivateKeyJWTRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	key := oauth.SigningKey{ID: "k", Signer: ecKey(t, elliptic.P256())} // TestPrivateKeyJWT has the accepted twins
	cfg := p.keyed(t, key)
	for _, auth := range []oauth.PrivateKeyJWT{
		{Keys: []oauth.SigningKey{{ID: "k", Signer: ecKey(t, elliptic.P256())}}},
		{Keys: []oauth.SigningKey{{ID: "another", Signer: key.Signer}}},
		{Keys: []oauth.SigningKey{key}, Audience: "https://another.example"},
	} {
		unauthenticated(t, newClient(t, cfg, authBy(auth)))
	}
	_, err := newClient(t, cfg, authBy(oauth.ClientSecretJWT{}), func(c *oidc.Config) { c.ClientSecret = "0123456789abcdef0123456789abcdef" }).
		IntrospectToken(t.Context(), "some-token")
	require.ErrorIs(t, err, oauth.InvalidClient)
}

// The key changes while the client is in use; the server has both.
func TestPrivateKeyJWTRotates(t *testing.T) {
	t.Parallel()
	p := provider(t)
	old, next := oauth.SigningKey{Signer: ecKey(t, elliptic.P256())}, oauth.SigningKey{Signer: ecKey(t, elliptic.P256())}
	cfg := p.keyed(t, old, next)
	current := old
	c := newClient(t, cfg, authBy(oauth.PrivateKeyJWT{CurrentKey: func(context.Context) (oauth.SigningKey, error) { return current, nil }}))
	oidcLogin(t, c, "openid")
	current = next
	oidcLogin(t, c, "openid")
	current = oauth.SigningKey{Signer: ecKey(t, elliptic.P256())}
	unauthenticated(t, c)
}

// An assertion that comes from elsewhere, here a file: read anew for each request, since this provider takes each once.
func TestAssertion(t *testing.T) {
	t.Parallel()
	p := provider(t)
	key := oauth.SigningKey{Signer: ecKey(t, elliptic.P256())}
	cfg := p.keyed(t, key)
	issue := func() string {
		r := &oauth.AuthRequest{ClientID: cfg.ClientID, Issuer: p.base, Endpoint: p.base + "/token", Form: map[string][]string{}, Header: map[string][]string{}}
		require.NoError(t, oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}.Authenticate(t.Context(), r))
		return r.Form.Get("client_assertion")
	}
	file := filepath.Join(t.TempDir(), "assertion")
	c := newClient(t, cfg, authBy(oauth.Assertion{From: oauth.AssertionFile(file)}))
	for _, fresh := range []bool{true, true, false} {
		if fresh {
			require.NoError(t, os.WriteFile(file, []byte(issue()), 0o600))
		}
		_, err := c.IntrospectToken(t.Context(), "some-token")
		if fresh {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, oauth.InvalidClient)
		}
	}
}
