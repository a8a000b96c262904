//go:build interop

package oidcprovider

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A client is registered, used, read, changed and deleted.
func TestRegistration(t *testing.T) {
	t.Parallel()
	p := provider(t)
	cfg := oidc.Config{Issuer: p.base}
	registrar := newClient(t, cfg)
	m := oauth.ClientMetadata{
		RedirectURIs: []string{p.callback}, ClientName: "one", TokenEndpointAuthMethod: "client_secret_post", IDTokenSignedResponseAlg: "ES256",
	}
	r, err := registrar.RegisterClient(t.Context(), m)
	require.NoError(t, err)
	assert.Empty(t, r.Changed)
	assert.Zero(t, r.ClientSecretExpiresAt)
	require.NotEmpty(t, r.RegistrationAccessToken)
	cfg, err = cfg.Registered(r)
	require.NoError(t, err)
	assert.Equal(t, "ES256", header(t, oidcLogin(t, newClient(t, cfg), "openid").Token.IDToken)["alg"])

	m.ClientName = "two"
	changed, err := registrar.UpdateRegistration(t.Context(), r, m)
	require.NoError(t, err)
	read, err := registrar.ReadRegistration(t.Context(), r)
	require.NoError(t, err)
	for _, r := range []*oauth.Registration{changed, read} {
		var more struct {
			Name string `json:"client_name"`
		}
		require.NoError(t, r.Claims(&more))
		assert.Equal(t, "two", more.Name)
		assert.Equal(t, cfg.ClientID+cfg.ClientSecret, r.ClientID+r.ClientSecret)
	}

	require.NoError(t, registrar.DeleteRegistration(t.Context(), read))
	_, err = registrar.ReadRegistration(t.Context(), read)
	var refusal *oauth.Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, http.StatusUnauthorized, refusal.StatusCode)
	assert.NotContains(t, err.Error(), read.RegistrationAccessToken)
}

func TestRegistrationRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	registrar := newClient(t, oidc.Config{Issuer: p.base}) // TestRegistration has the accepted twin
	for refusal, m := range map[oauth.ErrorCode]oauth.ClientMetadata{
		oauth.InvalidRedirectURI:    {RedirectURIs: []string{"https://app.example/callback#fragment"}},
		oauth.InvalidClientMetadata: {RedirectURIs: []string{p.callback}, IDTokenSignedResponseAlg: "ES256K"},
	} {
		_, err := registrar.RegisterClient(t.Context(), m)
		require.ErrorIs(t, err, refusal)
	}
	r, err := registrar.RegisterClient(t.Context(), oauth.ClientMetadata{RedirectURIs: []string{p.callback}})
	require.NoError(t, err)
	r.RegistrationAccessToken += "x"
	_, err = registrar.ReadRegistration(t.Context(), r)
	require.ErrorIs(t, err, oauth.InvalidToken)
}

// A client that registers what it will be demanded: pushed and encrypted requests, responses as JWTs, DPoP, and details.
func TestRegistrationOfDemands(t *testing.T) {
	t.Parallel()
	p := provider(t)
	read := p.secret(t, "rp-enc-ec")
	own, err := p.signer()[0].JWK()
	require.NoError(t, err)
	cfg := p.register(t, oauth.ClientMetadata{
		TokenEndpointAuthMethod: "private_key_jwt", JWKS: append(public(t, read), own), DPoPBoundAccessTokens: true,
		RequirePushedAuthorizationRequests: true, RequestObjectSigningAlg: "ES256",
		RequestObjectEncryptionAlg: "RSA-OAEP-256", RequestObjectEncryptionEnc: "A256GCM",
		AuthorizationSignedResponseAlg: "ES256", AuthorizationEncryptedResponseAlg: "ECDH-ES", AuthorizationEncryptedResponseEnc: "A256GCM",
		AuthorizationDetailsTypes: []string{"payment_initiation"},
	}, p.signing, pushing, proving(newDPoP(t)), sealedRequest("RSA-OAEP-256", "A256GCM"), sealedResponse("ES256", "ECDH-ES", "A256GCM", read))
	c := newClient(t, cfg)
	login, callback := jarmBegin(t, c, oidc.AuthorizeOptions{
		Resource: resource, AuthorizationDetails: details(t, payment{Type: "payment_initiation", Actions: []string{"initiate"}, Amount: "12.30"}),
	})
	pushedOnly(t, login.URL, cfg.ClientID)
	result, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	granted(t, result.Token.AuthorizationDetails)

	cfg.PushedAuthorization = oauth.PushWhenRequired // the provider's metadata does not require it
	login, err = newClient(t, cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	refused := visit(t, person(t), login.URL, login.RedirectURI)
	assert.Equal(t, "invalid_request", refused.URL.Query().Get("error"))
}
