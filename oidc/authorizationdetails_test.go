package oidc_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
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
