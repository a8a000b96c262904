package oidc_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

// The verifier and challenge of RFC 7636, appendix B.
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

func TestBuildAuthorizeUrl(t *testing.T) {
	t.Parallel()
	const prefix = "https://op.example/authorize?client_id=s6BhdRkqt3&response_type="
	for name, c := range map[string]struct {
		options oidc.AuthorizeOptions
		want    string
	}{
		"least": {
			oidc.AuthorizeOptions{State: "S", Nonce: "N"},
			prefix + "code&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=openid&state=S&nonce=N",
		},
		"everything": {
			oidc.AuthorizeOptions{
				RedirectURI: "https://app.example/cb?tenant=1", Scope: "openid profile offline_access", State: "S&=", Nonce: "N+ /",
				ResponseType: oauth.ResponseTypeCode, ResponseMode: oauth.ResponseModeFormPost,
				CodeChallenge: challenge, CodeChallengeMethod: pkce.S256,
				Prompt: "login consent", Display: "popup", MaxAge: 90 * time.Second, LoginHint: "ada@example.com",
				UILocales: "zh-CN en", ACRValues: "phr phrh", IDTokenHint: "e30.e30.c2ln", Claims: json.RawMessage(`{"id_token":{"name":null}}`),
				Resource: []string{"https://a.example", "https://b.example"}, Extra: url.Values{"näme": {"ü"}},
			},
			prefix + "code&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Ftenant%3D1&scope=openid+profile+offline_access&state=S%26%3D" +
				"&response_mode=form_post&code_challenge=" + challenge + "&code_challenge_method=S256&nonce=N%2B+%2F&prompt=login+consent" +
				"&display=popup&max_age=90&login_hint=ada%40example.com&ui_locales=zh-CN+en&acr_values=phr+phrh&id_token_hint=e30.e30.c2ln" +
				"&claims=%7B%22id_token%22%3A%7B%22name%22%3Anull%7D%7D&resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example&n%C3%A4me=%C3%BC",
		},
		"log in again": {
			oidc.AuthorizeOptions{State: "S", Nonce: "N", MaxAge: oidc.ReauthenticateNow, Prompt: "none"},
			prefix + "code&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=openid&state=S&nonce=N&prompt=none&max_age=0",
		},
		"hybrid": {
			oidc.AuthorizeOptions{State: "S", Nonce: "N", ResponseType: oidc.ResponseTypeCodeIDTokenToken, ResponseMode: oauth.ResponseModeFragment},
			prefix + "code+id_token+token&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=openid&state=S&response_mode=fragment&nonce=N",
		},
		"none": {
			oidc.AuthorizeOptions{State: "S", Nonce: "N", ResponseType: oidc.ResponseTypeNone},
			prefix + "none&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=openid&state=S&nonce=N",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := newProvider(t).client(newTrial().config).BuildAuthorizeUrl(t.Context(), c.options)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestBuildAuthorizeUrlKeepsTheEndpointsQuery(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	document := metadata()
	document["authorization_endpoint"] = issuer + "/authorize?tenant=1"
	p.discover(document)
	got, err := p.client(newTrial().config).BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{State: "S", Nonce: "N"})
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(got, "https://op.example/authorize?tenant=1&client_id=s6BhdRkqt3&response_type=code&"), got)
}

func TestBuildAuthorizeUrlMakesStateAndNonce(t *testing.T) {
	t.Parallel()
	client := newProvider(t).client(newTrial().config)
	seen := map[string]bool{}
	for range 100 {
		text, err := client.BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		u, err := url.Parse(text)
		require.NoError(t, err)
		for _, name := range []string{"state", "nonce"} {
			value := u.Query().Get(name)
			assert.GreaterOrEqual(t, len(value), 22, "at least 128 bits")
			assert.False(t, seen[value])
			seen[value] = true
		}
	}
}

// mistakes are options that are refused, with the text of the error, by BuildAuthorizeUrl and BeginLogin.
var mistakes = map[string]struct {
	options oidc.AuthorizeOptions
	message string
}{
	"Extra nonce":         {oidc.AuthorizeOptions{Extra: url.Values{"nonce": {"n"}}}, "oidc: Extra must not set nonce: use its field instead"},
	"Extra max_age":       {oidc.AuthorizeOptions{Extra: url.Values{"max_age": {"1"}}}, "oidc: Extra must not set max_age: use its field instead"},
	"Extra claims":        {oidc.AuthorizeOptions{Extra: url.Values{"claims": nil}}, "oidc: Extra must not set claims: use its field instead"},
	"Extra state":         {oidc.AuthorizeOptions{Extra: url.Values{"state": {"s"}}}, "oauth: Extra must not set state: use its field instead"},
	"Extra client_secret": {oidc.AuthorizeOptions{Extra: url.Values{"client_secret": {"s"}}}, "oauth: Extra must not set client_secret: use its field instead"},
	"MaxAge fraction":     {oidc.AuthorizeOptions{MaxAge: time.Millisecond}, "oidc: MaxAge must be whole seconds"},
	"MaxAge negative":     {oidc.AuthorizeOptions{MaxAge: -time.Second}, "oidc: MaxAge is negative"},
	"prompt none login":   {oidc.AuthorizeOptions{Prompt: "none login"}, "oidc: Prompt none must be the only value (OpenID Connect Core §3.1.2.1)"},
	"claims no JSON":      {oidc.AuthorizeOptions{Claims: json.RawMessage(`{"id_token":`)}, "oidc: Claims is not a JSON object"},
	"claims a list":       {oidc.AuthorizeOptions{Claims: json.RawMessage(`[]`)}, "oidc: Claims is not a JSON object"},
	"redirect relative":   {oidc.AuthorizeOptions{RedirectURI: "/callback"}, "oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)"},
	"redirect fragment":   {oidc.AuthorizeOptions{RedirectURI: redirectURI + "#x"}, "oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)"},
}

// A mistake is an error before anything is sent, discovery included.
func TestAuthorizeOptionsThatAreMistakes(t *testing.T) {
	t.Parallel()
	for name, m := range mistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			client := p.client(newTrial().config)
			got, err := client.BuildAuthorizeUrl(t.Context(), m.options)
			require.EqualError(t, err, m.message)
			assert.Empty(t, got)
			login, err := client.BeginLogin(t.Context(), m.options)
			require.EqualError(t, err, m.message)
			assert.Nil(t, login)
			assert.Zero(t, p.total())
		})
	}
}

func TestBuildAuthorizeUrlMistakes(t *testing.T) {
	t.Parallel()
	for message, o := range map[string]oidc.AuthorizeOptions{
		"oauth: CodeChallengeMethod is set without CodeChallenge":                                                  {CodeChallengeMethod: pkce.S256},
		"oauth: CodeChallenge has no CodeChallengeMethod and is not an S256 challenge":                             {CodeChallenge: strings.Repeat("a", 44)},
		`oauth: ResponseMode query would put a token into the address of the page (response type "code id_token")`: {ResponseType: oidc.ResponseTypeCodeIDToken, ResponseMode: oauth.ResponseModeQuery},
	} {
		p := newProvider(t)
		_, err := p.client(newTrial().config).BuildAuthorizeUrl(t.Context(), o)
		require.EqualError(t, err, message)
		assert.Zero(t, p.total())
	}
	cfg := newTrial().config
	for message, change := range map[string]func(c *oidc.Config){
		"oauth: RedirectURI is not set": func(c *oidc.Config) { c.RedirectURI = "" },
		"oauth: ClientID is not set":    func(c *oidc.Config) { c.ClientID, c.ClientSecret = "", "" },
	} {
		broken := cfg
		change(&broken)
		p := newProvider(t)
		_, err := p.client(broken).BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{})
		require.EqualError(t, err, message)
		assert.Zero(t, p.total())
	}
}
