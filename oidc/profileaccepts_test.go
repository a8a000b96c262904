package oidc_test

import (
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// What the profile demands may also be said in other words: these are the accepted twins of TestProfileRefusesRequests.
func TestProfileAcceptsRequests(t *testing.T) {
	t.Parallel()
	challenge, err := pkce.Challenge("verifier-verifier-verifier-verifier-verifier", pkce.S256)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		signed bool
		o      oidc.AuthorizeOptions
	}{
		"code by its name":             {o: oidc.AuthorizeOptions{ResponseType: oauth.ResponseTypeCode, CodeChallenge: challenge, CodeChallengeMethod: pkce.S256}},
		"the method of the challenge":  {o: oidc.AuthorizeOptions{CodeChallenge: challenge}},
		"another mode, not signed":     {o: oidc.AuthorizeOptions{CodeChallenge: challenge, ResponseMode: oauth.ResponseModeFormPost}},
		"the mode jwt by its name":     {signed: true, o: oidc.AuthorizeOptions{CodeChallenge: challenge, ResponseMode: oauth.ResponseModeJWT}},
		"the mode jwt that is implied": {signed: true, o: oidc.AuthorizeOptions{CodeChallenge: challenge}},
	} {
		p := newProvider(t)
		p.discover(fapiMetadata(map[string]any{
			"response_modes_supported": []string{"jwt"}, "authorization_signing_alg_values_supported": []string{"PS256"}, "request_parameter_supported": true,
		}))
		p.on("/par", httpmock.NewStringResponder(http.StatusCreated, `{"request_uri":"urn:example:1","expires_in":60}`))
		config := fapiConfig(t)
		if c.signed {
			messageSigning(&config)
		}
		link, err := p.client(config).BuildAuthorizeUrl(t.Context(), c.o)
		require.NoError(t, err, name)
		require.Equal(t, issuer+"/authorize?client_id="+clientID+"&request_uri=urn%3Aexample%3A1", link, name)
	}
}

// A client that logs users in needs a key for its tokens, also when it introspects; a resource server that only introspects
// gets no tokens.
func TestProfileKnowsWhoGetsTokens(t *testing.T) {
	t.Parallel()
	config := fapiConfig(t)
	config.IntrospectionAuth, config.DPoP = config.TokenAuth, nil
	_, err := oidc.NewClient(config)
	require.ErrorContains(t, err, "DPoP or CertificateBoundTokens must be set (FAPI 2.0 Security Profile §5.3.3.1)")
	config.TokenAuth = nil
	_, err = oidc.NewClient(config)
	require.NoError(t, err)
}
