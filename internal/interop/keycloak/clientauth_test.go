//go:build interop

package keycloak

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// authenticates uses each endpoint where the client authenticates.
func authenticates(t *testing.T, k *keycloak, c *oidc.Client) {
	t.Helper()
	result := login(t, c, k.alice(t))
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
	require.NoError(t, err)
	require.NoError(t, c.RevokeToken(t.Context(), next.Token.RefreshToken))
	seen, err := c.IntrospectToken(t.Context(), next.Token.RefreshToken)
	require.NoError(t, err)
	assert.False(t, seen.Active)
}

// unauthenticated wants this refusal of the server.
func unauthenticated(t *testing.T, k *keycloak, c *oidc.Client, refusal oauth.ErrorCode) {
	t.Helper()
	pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, refusal)
}

func TestClientSecretJWT(t *testing.T) {
	t.Parallel()
	k := server(t)
	authenticates(t, k, k.client(t, "secret-jwt", method(oauth.ClientSecretJWT{})))
	wrong := func(c *oidc.Config) { c.ClientSecret = "x" + c.ClientSecret }
	unauthenticated(t, k, k.client(t, "secret-jwt", method(oauth.ClientSecretJWT{}), wrong), oauth.UnauthorizedClient)
	unauthenticated(t, k, k.client(t, "secret-jwt", method(oauth.ClientSecretJWT{Audience: "https://another.example"})), oauth.InvalidClient)
	unauthenticated(t, k, k.client(t, "secret-jwt", method(oauth.ClientSecretJWT{Alg: "HS384"})), oauth.InvalidClient) // it is for HS256
}

func ecKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return key
}

func TestPrivateKeyJWT(t *testing.T) {
	t.Parallel()
	k := server(t)
	var rs, ed [2]crypto.Signer
	for i := range 2 {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(t, err)
		rs[i] = key
		_, private, err := ed25519.GenerateKey(rand.Reader)
		require.NoError(t, err)
		ed[i] = private
	}
	ec := func(curve elliptic.Curve) [2]crypto.Signer { return [2]crypto.Signer{ecKey(t, curve), ecKey(t, curve)} }
	for name, signers := range map[string][2]crypto.Signer{
		"RS256": rs, "PS256": rs, "ES256": ec(elliptic.P256()), "ES384": ec(elliptic.P384()), "ES512": ec(elliptic.P521()), "EdDSA": ed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := oauth.SigningKey{Alg: name, Signer: signers[0]}
			public, err := key.JWK()
			require.NoError(t, err)
			a := attributes{"token.endpoint.auth.signing.alg": name}
			maps.Copy(a, jwks(t, public))
			cfg := k.create(t, a, map[string]any{"clientAuthenticatorType": "client-jwt"})
			cfg.ClientSecret = ""
			authenticates(t, k, newClient(t, cfg, method(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}})))
			another := oauth.SigningKey{ID: public.ID, Alg: name, Signer: signers[1]}
			unauthenticated(t, k, newClient(t, cfg, method(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{another}})), oauth.InvalidClient)
		})
	}
}
