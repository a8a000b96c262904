package oauth_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

const s256 = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

func TestBuildAuthorizeUrl(t *testing.T) {
	t.Parallel()
	const prefix = "https://server.example.com/authorize?client_id=s6BhdRkqt3&response_type="
	const back = "&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb"
	for _, c := range []struct {
		o    oauth.AuthorizeOptions
		want string
	}{
		{oauth.AuthorizeOptions{State: "xyz"}, prefix + "code" + back + "&state=xyz"},
		{
			oauth.AuthorizeOptions{State: "a+b&c=d e%é~", Scope: "read a/b"},
			prefix + "code" + back + "&scope=read+a%2Fb&state=a%2Bb%26c%3Dd+e%25%C3%A9~",
		},
		{
			oauth.AuthorizeOptions{State: "s", ResponseType: oauth.ResponseTypeToken, RedirectURI: "https://client.example.com/other?x=1&y=2"},
			prefix + "token&redirect_uri=https%3A%2F%2Fclient.example.com%2Fother%3Fx%3D1%26y%3D2&state=s",
		},
		{
			oauth.AuthorizeOptions{State: "s", ResponseMode: oauth.ResponseModeFormPost, CodeChallenge: s256, CodeChallengeMethod: pkce.S256},
			prefix + "code" + back + "&state=s&response_mode=form_post&code_challenge=" + s256 + "&code_challenge_method=S256",
		},
		{
			oauth.AuthorizeOptions{State: "s", CodeChallenge: s256}, // 43 base64url characters: S256
			prefix + "code" + back + "&state=s&code_challenge=" + s256 + "&code_challenge_method=S256",
		},
		{
			oauth.AuthorizeOptions{State: "s", CodeChallenge: s256 + "~", CodeChallengeMethod: pkce.Plain},
			prefix + "code" + back + "&state=s&code_challenge=" + s256 + "~&code_challenge_method=plain",
		},
		{
			oauth.AuthorizeOptions{State: "s", Resource: []string{"https://b", "https://a"}, Extra: url.Values{"a&b": {"c"}, "empty": {""}}},
			prefix + "code" + back + "&state=s&resource=https%3A%2F%2Fb&resource=https%3A%2F%2Fa&a%26b=c",
		},
		{oauth.AuthorizeOptions{State: "s", RedirectURI: "com.example.app:/cb"}, prefix + "code&redirect_uri=com.example.app%3A%2Fcb&state=s"},
	} {
		got, err := newClient(t, silent(t)).BuildAuthorizeUrl(t.Context(), c.o)
		require.NoError(t, err)
		assert.Equal(t, c.want, got)
	}
}

func TestBuildAuthorizeUrlOnAnEndpointWithAQuery(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), func(c *oauth.Config) { c.Endpoints.Authorization, c.ClientID = server+"/authorize?tenant=1", nasty })
	got, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{State: "s"})
	require.NoError(t, err)
	assert.Equal(t, "https://server.example.com/authorize?tenant=1&client_id=client+%25%26%2B-_.%21~%2A%27%28%29&response_type=code&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb&state=s", got)
}

func TestBuildAuthorizeUrlMakesState(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	c := newClient(t, silent(t))
	for range 50 {
		got, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
		require.NoError(t, err)
		u, err := url.Parse(got)
		require.NoError(t, err)
		state := u.Query().Get("state")
		assert.GreaterOrEqual(t, len(state), 26, "128 bits")
		assert.False(t, seen[state])
		seen[state] = true
	}
}

func TestBuildAuthorizeUrlMisuse(t *testing.T) {
	t.Parallel()
	const uri = "oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)"
	for _, c := range []struct {
		want string
		o    oauth.AuthorizeOptions
	}{
		{uri, oauth.AuthorizeOptions{RedirectURI: "/cb"}}, {uri, oauth.AuthorizeOptions{RedirectURI: "https://a/#f"}}, {uri, oauth.AuthorizeOptions{RedirectURI: "https://a/#"}},
		{uri, oauth.AuthorizeOptions{RedirectURI: "javascript:alert(1)"}}, {uri, oauth.AuthorizeOptions{RedirectURI: "https://a/%zz"}}, {uri, oauth.AuthorizeOptions{RedirectURI: "//a/cb"}},
		{`oauth: ResponseMode query would put a token into the address of the page (response type "token")`, oauth.AuthorizeOptions{ResponseType: "token", ResponseMode: oauth.ResponseModeQuery}},
		{`oauth: ResponseMode query would put a token into the address of the page (response type "code id_token")`, oauth.AuthorizeOptions{ResponseType: "code id_token", ResponseMode: "query"}},
		{"oauth: CodeChallengeMethod is set without CodeChallenge", oauth.AuthorizeOptions{CodeChallengeMethod: pkce.S256}},
		{"oauth: CodeChallenge has no CodeChallengeMethod and is not an S256 challenge", oauth.AuthorizeOptions{CodeChallenge: s256 + "a"}},
		{"oauth: CodeChallenge: pkce: an S256 code challenge is 43 characters of base64url, got 3 characters", oauth.AuthorizeOptions{CodeChallenge: "abc", CodeChallengeMethod: pkce.S256}},
		{"oauth: CodeChallenge: pkce: code verifier has 3 characters, want 43 to 128", oauth.AuthorizeOptions{CodeChallenge: "abc", CodeChallengeMethod: pkce.Plain}},
		{`oauth: CodeChallenge: pkce: unknown method "S512", want S256 or plain`, oauth.AuthorizeOptions{CodeChallenge: s256, CodeChallengeMethod: "S512"}},
		{"oauth: Resource must have absolute URIs without a fragment (RFC 8707 §2)", oauth.AuthorizeOptions{Resource: []string{"https://api.example", "/mcp"}}},
		{"oauth: Resource must have absolute URIs without a fragment (RFC 8707 §2)", oauth.AuthorizeOptions{Resource: []string{"https://api.example/#a"}}},
		{"oauth: Resource must have absolute URIs without a fragment (RFC 8707 §2)", oauth.AuthorizeOptions{Resource: []string{"https://[api"}}},
	} {
		got, err := newClient(t, silent(t)).BuildAuthorizeUrl(t.Context(), c.o)
		assert.EqualError(t, err, c.want)
		assert.Empty(t, got)
	}
	for _, name := range []string{
		"client_id", "client_secret", "code_challenge", "code_challenge_method", "redirect_uri", "resource", "response_mode", "response_type", "scope", "state",
	} {
		_, err := newClient(t, silent(t)).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{name: {"x"}}})
		assert.EqualError(t, err, "oauth: Extra must not set "+name+": use its field instead")
	}
	_, err := with(t, silent(t), func(c *oauth.Config) { c.ClientID = "" }).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
	assert.EqualError(t, err, "oauth: ClientID is not set")
	_, err = with(t, silent(t), func(c *oauth.Config) { c.RedirectURI = "" }).BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
	assert.EqualError(t, err, "oauth: RedirectURI is not set")
}

func TestResponseTypeIsASetOfWords(t *testing.T) {
	t.Parallel()
	assert.True(t, oauth.ResponseType("code id_token").Is("id_token  code"))
	assert.True(t, oauth.ResponseType(" code ").Is(oauth.ResponseTypeCode))
	for _, other := range []oauth.ResponseType{"", "Code", "code code", "code token", "codetoken"} {
		assert.False(t, other.Is(oauth.ResponseTypeCode), string(other))
	}
}

// Every byte of a parameter survives the query unchanged.
func TestAuthorizeQueryBytes(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	for b := range 256 {
		state := "a" + string([]byte{byte(b)}) + "c"
		link, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{State: state})
		require.NoError(t, err)
		assert.Contains(t, link+"&", "&state="+url.QueryEscape(state)+"&", "%q", state)
		u, err := url.Parse(link)
		require.NoError(t, err)
		assert.Equal(t, state, u.Query().Get("state"))
	}
}
