//go:build interop

package keycloak

import (
	"crypto/elliptic"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// fapi makes a client that must do what Keycloak's own profile of this name demands (servers/keycloak/realm.py has the
// policies), and returns its configuration with oidc.FAPI2 and its key.
func (k *keycloak) fapi(t *testing.T, profile string, more attributes) (oidc.Config, oauth.SigningKey) {
	t.Helper()
	key := oauth.SigningKey{Signer: ecKey(t, elliptic.P256())}
	public, err := key.JWK()
	require.NoError(t, err)
	a := attributes{
		"interop.fapi": profile, "token.endpoint.auth.signing.alg": "ES256", "id.token.signed.response.alg": "PS256", "access.token.signed.response.alg": "PS256",
	}
	maps.Copy(a, jwks(t, public))
	maps.Copy(a, more)
	const https = "https://127.0.0.1:34567/callback"
	cfg := k.create(t, a, map[string]any{
		"clientAuthenticatorType": "client-jwt", "redirectUris": []string{https}, "consentRequired": true, "fullScopeAllowed": false,
	})
	cfg.Profile, cfg.ClientSecret, cfg.RedirectURI, cfg.IDTokenSigningAlg = oidc.FAPI2, "", https, "PS256"
	method(oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}})(&cfg)
	return cfg, key
}

// fapiLogin is a whole login, and what comes after it.
func fapiLogin(t *testing.T, k *keycloak, c *oidc.Client) {
	t.Helper()
	pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{Scope: "openid email"})
	result, err := c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
	require.NotZero(t, result.Token.Binding)
	user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject, Binding: result.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, "alice@example.org", user.Email)
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, Binding: result.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, result.Token.Binding, next.Token.Binding)
}

// The profile with DPoP. A client that lacks one part is refused by Keycloak.
func TestFAPI2(t *testing.T) {
	t.Parallel()
	k := server(t)
	cfg, key := k.fapi(t, "fapi-2-dpop-security-profile", attributes{"dpop.bound.access.tokens": "true"})
	_, proofs := proving(t)
	fapiLogin(t, k, newClient(t, cfg, proofs))

	plain := func(c *oidc.Config) { c.Profile = "" }
	without := newClient(t, cfg, plain, pushing)
	pending, back := begin(t, without, k.alice(t), oidc.AuthorizeOptions{})
	_, err := without.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.InvalidRequest, "no key")
	_, err = newClient(t, cfg, plain, proofs, pushing, func(c *oidc.Config) {
		c.TokenAuth = oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}, Audience: k.base + "/realms/interop/protocol/openid-connect/token"}
	}).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest, "an assertion for another audience than the issuer")
	_, err = newClient(t, cfg, plain, proofs, pushing, func(c *oidc.Config) { c.AllowNoPKCE = true }).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest, "no PKCE")
	pending, err = newClient(t, cfg, plain, proofs).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	_, err = k.alice(t).Visit(t.Context(), pending.URL, pending.RedirectURI)
	var page *formlogin.PageError
	require.ErrorAs(t, err, &page, "not pushed")
}

// The profile with tokens that are bound to the client's certificate, which authenticates it, too.
func TestFAPI2MutualTLS(t *testing.T) {
	t.Parallel()
	k := server(t)
	cfg, _ := k.fapi(t, "fapi-2-security-profile", attributes{"tls.client.certificate.bound.access.tokens": "true"})
	certified := k.certified(t, "mtls-ca")
	fapiLogin(t, k, newClient(t, cfg, func(c *oidc.Config) {
		assertion := c.TokenAuth
		certified(c)
		method(assertion)(c)
		c.CertificateBoundTokens = true
	}))
	without := newClient(t, cfg, pushing, func(c *oidc.Config) { c.Profile = "" })
	pending, back := begin(t, without, k.alice(t), oidc.AuthorizeOptions{})
	_, err := without.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.InvalidGrant, "no certificate")
}

// Requests and responses are signed. Keycloak's profile demands the former.
func TestFAPI2MessageSigning(t *testing.T) {
	t.Parallel()
	k := server(t)
	cfg, key := k.fapi(t, "fapi-2-dpop-message-signing", attributes{
		"dpop.bound.access.tokens": "true", "exclude.issuer.from.auth.response": "true", "authorization.signed.response.alg": "PS256", "request.object.signature.alg": "ES256", "request.object.required": "request or request_uri",
	})
	_, proofs := proving(t)
	signing := func(c *oidc.Config) {
		requests(key)(c)
		c.Profile, c.AuthorizationSigningAlg, c.IntrospectionSigningAlg = oidc.FAPI2MessageSigning, "PS256", "PS256"
	}
	c := newClient(t, cfg, proofs, signing)
	fapiLogin(t, k, c)
	_, err := c.IntrospectToken(t.Context(), "some-token")
	require.ErrorIs(t, err, oidc.CheckUnsigned, "Keycloak does not sign introspections")
	_, err = newClient(t, cfg, proofs, pushing, func(c *oidc.Config) { c.Profile = "" }).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest, "no signature")
}
