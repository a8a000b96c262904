package oauth_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/client_credentials.http"))
	token, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{
		Scope: "read", Extra: url.Values{"resource": {"https://api.example.com/"}},
	})
	require.NoError(t, err)
	assert.Equal(t, "2YotnFZFEjr1zCsicMWpAA", token.AccessToken)
	assert.Empty(t, token.RefreshToken)
}

func TestClientCredentialsSendNoEmptyScope(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Text(t, `
POST https://server.example.com/token
Authorization: Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW

grant_type=client_credentials
---
200

{"access_token":"AT","token_type":"Bearer"}
`))
	_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	assert.NoError(t, err)
}

func TestClientCredentialsMisuse(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	for _, name := range []string{"scope", "grant_type", "client_id", "client_secret"} {
		_, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Extra: url.Values{name: {"x"}}})
		assert.EqualError(t, err, "oauth: Extra must not set "+name+": use its field instead")
	}
}

func TestGenericGrant(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/grant_token_exchange.http"))
	params := url.Values{
		"resource": {"https://backend.example.com/api"}, "subject_token": {"accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC"},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
	}
	token, err := c.GetAccessTokenByGrant(t.Context(), "urn:ietf:params:oauth:grant-type:token-exchange", params)
	require.NoError(t, err)
	var more struct {
		Type string `json:"issued_token_type"`
	}
	require.NoError(t, token.Claims(&more))
	assert.Equal(t, "urn:ietf:params:oauth:token-type:access_token", more.Type)
	assert.Len(t, params, 3, "the caller's map is left alone")
}

func TestGenericGrantMisuse(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	_, err := c.GetAccessTokenByGrant(t.Context(), "", url.Values{})
	assert.EqualError(t, err, "oauth: grant type is empty")
	for _, name := range []string{"grant_type", "client_id", "client_secret"} {
		_, err := c.GetAccessTokenByGrant(t.Context(), "password", url.Values{name: {"x"}})
		assert.EqualError(t, err, "oauth: Extra must not set "+name+": use its field instead")
	}
}
