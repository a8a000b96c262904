package oidc_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestAuthorizationDetailsOfALogin(t *testing.T) {
	t.Parallel()
	p, tr := newProvider(t), newTrial()
	client := p.client(tr.config)
	const asked, granted = `[{"type":"payment","amount":"9"}]`, `[{"type":"payment","amount":"5"}]`
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{AuthorizationDetails: json.RawMessage(asked)})
	require.NoError(t, err)
	link, err := url.Parse(login.URL)
	require.NoError(t, err)
	assert.Equal(t, []string{asked}, link.Query()["authorization_details"])
	_, err = p.client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{AuthorizationDetails: json.RawMessage(`{}`)})
	require.EqualError(t, err, "oauth: AuthorizationDetails is not an array (RFC 9396 §2)")

	tr.reply["authorization_details"] = json.RawMessage(granted)
	result, err := p.login(client, tr, "")
	require.NoError(t, err)
	assert.Equal(t, granted, string(result.Token.AuthorizationDetails))

	// Refreshes for different details are different requests, and callers who share one do not share its bytes.
	p.serve("/token", map[string]any{"access_token": "AT", "token_type": "Bearer", "refresh_token": "new", "authorization_details": json.RawMessage(granted)})
	for i, d := range []string{`[{"type":"a"}]`, `[{"type":"b"}]`, `[{"type":"b"}]`} {
		before := p.count("/token")
		result, err = client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT", AuthorizationDetails: json.RawMessage(d)})
		require.NoError(t, err)
		require.Equal(t, granted, string(result.Token.AuthorizationDetails))
		clear(result.Token.AuthorizationDetails)
		require.Equal(t, d, p.form("/token").Get("authorization_details"))
		require.Equal(t, i < 2, p.count("/token") == before+1)
	}
}

func TestAuthorizationDetailsOfATokenSource(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	details := json.RawMessage(`[{"type":"a"}]`)
	p.serve("/token", map[string]any{"access_token": "AT", "token_type": "Bearer"})
	source := p.client(newTrial().config).TokenSource(oauth.ClientCredentialsOptions{AuthorizationDetails: details})
	clear(details)
	_, err := source.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, `[{"type":"a"}]`, p.form("/token").Get("authorization_details"))
}

// A token whose details cannot be read must not pass as one without details.
func TestAuthorizationDetailsOfAnAccessToken(t *testing.T) {
	t.Parallel()
	for details, want := range map[string]error{
		`[{"type":"a","n":1}]`: nil, `[]`: nil, `null`: nil, `{"type":"a"}`: oidc.CheckAuthorizationDetails, `"a"`: oidc.CheckAuthorizationDetails,
		`["a"]`: oidc.CheckAuthorizationDetails, `[{"n":1}]`: oidc.CheckAuthorizationDetails,
	} {
		tr := newAccess()
		tr.claims["authorization_details"] = json.RawMessage(details)
		token, err := tr.verifyAccess(t, strict)
		require.ErrorIs(t, err, want, details)
		if want == nil && details != `null` {
			assert.Equal(t, details, string(token.AuthorizationDetails))
		} else if want == nil {
			assert.Nil(t, token.AuthorizationDetails)
		}
	}
}

// At the fake server: what a login asked for is in the token, the access token and the introspection, and a refresh narrows it.
// A reply whose details cannot be read gives no login.
func TestAuthorizationDetailsJourney(t *testing.T) {
	t.Parallel()
	type account struct {
		Type string `json:"type"`
		ID   string `json:"identifier"`
	}
	s := newApplication(t, nil, func(s *oidctest.Server) {
		s.AuthorizationDetailsTypes, s.Scopes = []string{"account", "payment"}, []string{"openid", "offline_access"}
		s.Apps = []oidctest.App{{ClientID: "app", ClientSecret: clientSecret, AccessTokenAudience: "https://api.example"}}
	})
	client := s.client(t, func(c *oidc.Config) { c.ClientID, c.ClientSecret = "app", clientSecret })
	details, err := oauth.NewAuthorizationDetails(account{"account", "a-1"}, account{"account", "a-2"})
	require.NoError(t, err)
	logIn := func() (*oidc.Result, error) {
		login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent", AuthorizationDetails: details})
		require.NoError(t, err)
		back, err := s.server.Login(t.Context(), login.URL, idptest.Username)
		require.NoError(t, err)
		return client.CompleteLogin(t.Context(), login, back)
	}
	result, err := logIn()
	require.NoError(t, err)
	granted, err := oauth.AuthorizationDetailsOf[account](result.Token.AuthorizationDetails, "account")
	require.NoError(t, err)
	assert.Equal(t, []account{{"account", "a-1"}, {"account", "a-2"}}, granted)
	access, err := client.VerifyAccessToken(t.Context(), result.Token.AccessToken, oidc.AccessTokenExpect{Audience: "https://api.example"})
	require.NoError(t, err)
	assert.JSONEq(t, string(details), string(access.AuthorizationDetails))
	seen, err := client.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.NoError(t, err)
	assert.JSONEq(t, string(details), string(seen.AuthorizationDetails))

	refresh := func(ids ...any) (*oidc.Result, error) {
		narrow, err := oauth.NewAuthorizationDetails(ids...)
		require.NoError(t, err)
		return client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, AuthorizationDetails: narrow})
	}
	_, err = refresh(account{"loan", "a-1"})
	require.ErrorIs(t, err, oauth.DiscoveryMissing, "a type that the server does not have")
	result, err = refresh(account{"account", "a-2"})
	require.NoError(t, err)
	assert.JSONEq(t, `[{"type":"account","identifier":"a-2"}]`, string(result.Token.AuthorizationDetails))
	_, err = refresh(account{"account", "a-3"})
	require.ErrorIs(t, err, oauth.InvalidAuthorizationDetails, "more than the login had")

	s.server.Break(oidctest.MalformedDetails)
	_, err = logIn()
	require.EqualError(t, err, "oauth: token reply: authorization_details is not an array")
}
