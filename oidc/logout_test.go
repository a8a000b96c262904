package oidc_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestBuildLogoutUrl(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options oidc.LogoutOptions
		want    string
	}{
		"least": {oidc.LogoutOptions{}, "https://op.example/logout?client_id=s6BhdRkqt3"},
		"hint":  {oidc.LogoutOptions{IDTokenHint: "e30.e30.c2ln"}, "https://op.example/logout?id_token_hint=e30.e30.c2ln"},
		"return": {
			oidc.LogoutOptions{PostLogoutRedirectURI: "https://app.example/bye?a=b", State: "S&"},
			"https://op.example/logout?client_id=s6BhdRkqt3&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye%3Fa%3Db&state=S%26",
		},
		"everything": {
			oidc.LogoutOptions{
				IDTokenHint: "e30.e30.c2ln", PostLogoutRedirectURI: "com.example.app:/bye", State: "S", LogoutHint: "ada@example.com",
				UILocales: "zh-CN en", Extra: url.Values{"tenant": {"1", "2"}},
			},
			"https://op.example/logout?id_token_hint=e30.e30.c2ln&logout_hint=ada%40example.com&post_logout_redirect_uri=com.example.app%3A%2Fbye" +
				"&state=S&tenant=1&tenant=2&ui_locales=zh-CN+en",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := newProvider(t).client(newTrial().config).BuildLogoutUrl(t.Context(), c.options)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestBuildLogoutUrlKeepsTheEndpointsQuery(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	document := metadata()
	document["end_session_endpoint"] = issuer + "/logout?tenant=1"
	p.discover(document)
	got, err := p.client(newTrial().config).BuildLogoutUrl(t.Context(), oidc.LogoutOptions{})
	require.NoError(t, err)
	assert.Equal(t, "https://op.example/logout?tenant=1&client_id=s6BhdRkqt3", got)
}

func TestL12BuildLogoutUrlMistakes(t *testing.T) {
	t.Parallel()
	const notAbsolute = "oidc: PostLogoutRedirectURI must be an absolute URI without a fragment"
	for name, c := range map[string]struct {
		options oidc.LogoutOptions
		message string
	}{
		"relative":       {oidc.LogoutOptions{PostLogoutRedirectURI: "/bye"}, notAbsolute},
		"no scheme":      {oidc.LogoutOptions{PostLogoutRedirectURI: "//app.example/bye"}, notAbsolute},
		"opaque":         {oidc.LogoutOptions{PostLogoutRedirectURI: "javascript:alert(1)"}, notAbsolute},
		"fragment":       {oidc.LogoutOptions{PostLogoutRedirectURI: "https://app.example/#bye"}, notAbsolute},
		"no URI":         {oidc.LogoutOptions{PostLogoutRedirectURI: "https://app.example/%zz"}, notAbsolute},
		"state alone":    {oidc.LogoutOptions{State: "S"}, "oidc: State needs PostLogoutRedirectURI: without it the browser does not return"},
		"hint in Extra":  {oidc.LogoutOptions{Extra: url.Values{"id_token_hint": {"x"}}}, "oidc: Extra must not set id_token_hint: use its field instead"},
		"state in Extra": {oidc.LogoutOptions{Extra: url.Values{"state": nil}}, "oidc: Extra must not set state: use its field instead"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			got, err := p.client(newTrial().config).BuildLogoutUrl(t.Context(), c.options)
			require.EqualError(t, err, c.message)
			assert.Empty(t, got)
			assert.Zero(t, p.total())
		})
	}
	cfg := newTrial().config
	cfg.ClientID = ""
	p := newProvider(t)
	_, err := p.client(cfg).BuildLogoutUrl(t.Context(), oidc.LogoutOptions{})
	require.EqualError(t, err, "oidc: ClientID and IDTokenHint are not set")
	assert.Zero(t, p.total())
	_, err = p.client(cfg).BuildLogoutUrl(t.Context(), oidc.LogoutOptions{IDTokenHint: "e30.e30.c2ln"})
	require.NoError(t, err)
}
