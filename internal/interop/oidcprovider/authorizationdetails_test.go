//go:build interop

package oidcprovider

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// payment is a type of authorization details that the provider knows (servers/oidc-provider/provider.mjs). The provider
// adds the number of the transaction.
type payment struct {
	Type        string   `json:"type"`
	Actions     []string `json:"actions,omitempty"`
	Amount      string   `json:"amount,omitempty"`
	Transaction string   `json:"transaction,omitempty"`
}

func details(t *testing.T, list ...any) json.RawMessage {
	t.Helper()
	raw, err := oauth.NewAuthorizationDetails(list...)
	require.NoError(t, err)
	return raw
}

// granted wants the payment, with its number.
func granted(t *testing.T, raw json.RawMessage) {
	t.Helper()
	list, err := oauth.AuthorizationDetailsOf[payment](raw, "payment_initiation")
	require.NoError(t, err)
	assert.Equal(t, []payment{{"payment_initiation", []string{"initiate"}, "12.30", "tx-1"}}, list)
}

// resource is where the provider's details can be for: it has none without a resource.
var resource = []string{"urn:interop:opaque"}

// A user grants a payment. The token, a refreshed one, introspection and a JWT access token have its details.
func TestAuthorizationDetails(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "rar")
	asked := details(t, payment{Type: "payment_initiation", Actions: []string{"initiate"}, Amount: "12.30"})
	result := oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent", Resource: resource, AuthorizationDetails: asked})
	granted(t, result.Token.AuthorizationDetails)
	seen, err := c.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.NoError(t, err)
	granted(t, seen.AuthorizationDetails)

	refresh := oidc.RefreshOptions{
		RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, AuthorizationDetails: asked, Extra: map[string][]string{"resource": resource},
	}
	next, err := c.Refresh(t.Context(), refresh)
	require.NoError(t, err)
	granted(t, next.Token.AuthorizationDetails)
	refresh.RefreshToken = next.Token.RefreshToken
	refresh.AuthorizationDetails = details(t, payment{Type: "payment_initiation", Actions: []string{"initiate"}}, payment{Type: "payment_initiation", Actions: []string{"cancel"}})
	_, err = c.Refresh(t.Context(), refresh)
	require.ErrorIs(t, err, oauth.InvalidAuthorizationDetails, "more than what was granted")

	result = oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid api:read", Resource: []string{"urn:interop:jwt"}, AuthorizationDetails: asked})
	access, err := resourceServer(t, p, "").VerifyAccessToken(t.Context(), result.Token.AccessToken, oidc.AccessTokenExpect{Audience: "urn:interop:jwt"})
	require.NoError(t, err)
	granted(t, access.AuthorizationDetails)
}

// The provider's refusals. TestAuthorizationDetails has the accepted twin.
func TestAuthorizationDetailsRefused(t *testing.T) {
	t.Parallel()
	p := provider(t)
	asked := func(d payment) json.RawMessage { return details(t, d) }
	for name, row := range map[string]struct {
		client  string
		details json.RawMessage
	}{
		"a type that the client may not use": {"rar", asked(payment{Type: "account_information", Actions: []string{"read"}})},
		"a client that may use none":         {"basic", asked(payment{Type: "payment_initiation", Actions: []string{"initiate"}})},
		"a member is missing":                {"rar", asked(payment{Type: "payment_initiation"})},
	} {
		c := p.oidcClient(t, row.client)
		login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{Resource: resource, AuthorizationDetails: row.details})
		_, err := c.CompleteLogin(t.Context(), login, callback)
		require.ErrorIs(t, err, oauth.InvalidAuthorizationDetails, name)
	}
	_, err := p.oidcClient(t, "rar").BeginLogin(t.Context(), oidc.AuthorizeOptions{AuthorizationDetails: details(t, payment{Type: "loan"})})
	require.ErrorIs(t, err, oauth.DiscoveryMissing, "the server has no such type")
}

// Without a browser, and without a user.
func TestAuthorizationDetailsOfOtherGrants(t *testing.T) {
	t.Parallel()
	p := provider(t)
	asked := details(t, payment{Type: "payment_initiation", Actions: []string{"initiate"}, Amount: "12.30"})
	m2m := p.oauthClient(t, "m2m")
	token, err := m2m.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Extra: map[string][]string{"resource": resource}, AuthorizationDetails: asked})
	require.NoError(t, err)
	granted(t, token.AuthorizationDetails)
	_, err = m2m.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Extra: map[string][]string{"resource": resource}, AuthorizationDetails: details(t, payment{Type: "payment_initiation"})})
	require.ErrorIs(t, err, oauth.InvalidAuthorizationDetails)

	device := p.oidcClient(t, "device", func(c *oidc.Config) { c.RedirectURI = "" })
	shown, err := device.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Extra: map[string][]string{"resource": resource}, AuthorizationDetails: asked})
	require.NoError(t, err)
	scan(t, person(t), shown)
	result, err := device.CompleteDeviceLogin(t.Context(), shown)
	require.NoError(t, err)
	granted(t, result.Token.AuthorizationDetails)
}
