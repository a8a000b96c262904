package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func given() *oidc.Metadata {
	return &oidc.Metadata{
		Issuer: issuer, AuthorizationEndpoint: issuer + "/authorize", TokenEndpoint: issuer + "/token", JWKSURI: issuer + "/jwks",
		UserInfoEndpoint: issuer + "/me", EndSessionEndpoint: issuer + "/logout", IntrospectionEndpoint: issuer + "/introspect",
		RevocationEndpoint: issuer + "/revoke", IDTokenSigningAlgValuesSupported: []string{"RS256"},
	}
}

func TestMetadataGivenIsNotDiscovered(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.config.Issuer, tr.config.Metadata, tr.config.IDTokenSigningAlg = "", given(), ""
	p := newProvider(t)
	p.publish(tr.jwks...)
	_, err := p.login(p.client(tr.config), tr, "")
	require.NoError(t, err)
	assert.Zero(t, p.count(wellKnown))
}

func TestMetadataGivenIsCopied(t *testing.T) {
	t.Parallel()
	m := given()
	cfg := newTrial().config
	cfg.Metadata, cfg.TrustedAudiences = m, []string{trusted}
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	want, err := client.Metadata(t.Context())
	require.NoError(t, err)
	m.Issuer, m.IDTokenSigningAlgValuesSupported[0] = "https://attacker.example", "none"
	got, err := client.Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, want, got)
	got.IDTokenSigningAlgValuesSupported[0] = "none"
	again, err := client.Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, want, again)
	var all map[string]any
	require.EqualError(t, got.Claims(&all), "oauth: this metadata was not read from a document")
}

func TestMetadataIsReadWhole(t *testing.T) {
	t.Parallel()
	m, err := discovers(t, func(d map[string]any, _ *oidc.Config) {
		d["scopes_supported"], d["response_types_supported"] = []string{"openid"}, []string{"code"}
		d["response_modes_supported"], d["grant_types_supported"] = []string{"query"}, []string{"refresh_token"}
		d["claims_supported"], d["code_challenge_methods_supported"] = []string{"sub"}, []string{"S256"}
		d["id_token_signing_alg_values_supported"] = []string{"RS256"}
		d["token_endpoint_auth_methods_supported"] = []string{"none"}
		d["authorization_response_iss_parameter_supported"] = true
		d["Issuer"], d["service_documentation"], d["op_tos_uri"] = "https://attacker.example", "https://docs.example", nil
	})
	require.NoError(t, err)
	assert.True(t, m.AuthorizationResponseIssParameterSupported)
	assert.Equal(t, [][]string{{"openid"}, {"code"}, {"query"}, {"refresh_token"}, {"sub"}, {"S256"}, {"none"}, {"RS256"}}, [][]string{
		m.ScopesSupported, m.ResponseTypesSupported, m.ResponseModesSupported, m.GrantTypesSupported, m.ClaimsSupported,
		m.CodeChallengeMethodsSupported, m.TokenEndpointAuthMethodsSupported, m.IDTokenSigningAlgValuesSupported,
	})
	assert.Equal(t, []string{issuer, issuer + "/authorize", issuer + "/token", issuer + "/me", issuer + "/jwks", issuer + "/logout", issuer + "/introspect", issuer + "/revoke"}, []string{
		m.Issuer, m.AuthorizationEndpoint, m.TokenEndpoint, m.UserInfoEndpoint, m.JWKSURI, m.EndSessionEndpoint, m.IntrospectionEndpoint, m.RevocationEndpoint,
	})
	var rest struct {
		Documentation string `json:"service_documentation"`
	}
	require.NoError(t, m.Claims(&rest))
	assert.Equal(t, "https://docs.example", rest.Documentation)
	var wrong struct {
		Issuer int `json:"issuer"`
	}
	require.EqualError(t, m.Claims(&wrong), "oauth: metadata: json: value does not fit its Go type: issuer, int")
}

func TestTrustedAudiencesAreCopied(t *testing.T) {
	t.Parallel()
	tr, p := newTrial(), newProvider(t)
	twoAudiences(tr)
	list := tr.config.TrustedAudiences
	client := p.client(tr.config)
	list[0] = "https://other.example"
	_, err := client.VerifyIDToken(t.Context(), tr.token(t), tr.expect)
	require.NoError(t, err)
}

// The secret verifies HS256, so no request is made.
func TestHS256NeedsNoNetwork(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	hmac("HS256")(tr)
	p := newProvider(t)
	id, err := p.client(tr.config).VerifyIDToken(t.Context(), tr.token(t), tr.expect)
	require.NoError(t, err)
	assert.Equal(t, "248289761001", id.Subject)
	assert.Zero(t, p.total())
}
