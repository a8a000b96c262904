package oauth_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

func begin(t testing.TB, c *oauth.Client, o oauth.AuthorizeOptions) *oauth.Login {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	return login
}

// callback is the browser's request with these parameters in its query.
func callback(params url.Values) *http.Request {
	return httptest.NewRequest(http.MethodGet, "/cb?"+params.Encode(), nil)
}

// right is the correct callback of login.
func right(login *oauth.Login) url.Values {
	return url.Values{"code": {code}, "state": {login.State}}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	var form url.Values
	mock := replyAt("/token", func(r *http.Request) (*http.Response, error) {
		assert.NoError(t, r.ParseForm())
		form = r.PostForm
		return jsonReply(200, good)(r)
	})
	c := newClient(t, mock)
	login := begin(t, c, oauth.AuthorizeOptions{
		Scope: "profile", RedirectURI: "https://client.example.com/other", ResponseMode: oauth.ResponseModeQuery, Resource: []string{"https://api"},
	})
	challenge, err := pkce.Challenge(login.CodeVerifier, pkce.S256)
	require.NoError(t, err)
	assert.Equal(t, "https://server.example.com/authorize?client_id=s6BhdRkqt3&response_type=code&redirect_uri=https%3A%2F%2Fclient.example.com%2Fother"+
		"&scope=profile&state="+login.State+"&response_mode=query&code_challenge="+challenge+"&code_challenge_method=S256&resource=https%3A%2F%2Fapi", login.URL)
	assert.GreaterOrEqual(t, len(login.State), 26, "128 bits")
	want := oauth.Login{
		URL: login.URL, State: login.State, CodeVerifier: login.CodeVerifier, RedirectURI: "https://client.example.com/other", Scope: "profile", Resource: []string{"https://api"},
		ResponseMode: oauth.ResponseModeQuery, ClientID: clientID, TokenEndpoint: server + "/token", CreatedAt: now,
	}
	assert.Equal(t, want, *login)

	token, err := c.CompleteLogin(t.Context(), login, callback(right(login)))
	require.NoError(t, err)
	assert.Equal(t, "AT", token.AccessToken)
	assert.Equal(t, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://client.example.com/other"}, "code_verifier": {login.CodeVerifier},
		"resource": {"https://api"},
	}, form)
	assert.Equal(t, want, *login, "the login is not changed")
}

func TestLoginsAreFresh(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	a, b := begin(t, c, oauth.AuthorizeOptions{}), begin(t, c, oauth.AuthorizeOptions{})
	assert.NotEqual(t, a.State, b.State)
	assert.NotEqual(t, a.CodeVerifier, b.CodeVerifier)
	assert.NotContains(t, a.URL, a.CodeVerifier)
}

func TestBeginLoginMisuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want string
		o    oauth.AuthorizeOptions
	}{
		{"oauth: State must be empty: BeginLogin makes it", oauth.AuthorizeOptions{State: "x"}},
		{"oauth: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them", oauth.AuthorizeOptions{CodeChallenge: s256}},
		{"oauth: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them", oauth.AuthorizeOptions{CodeChallengeMethod: pkce.Plain}},
		{`oauth: ResponseType "token" gives no checked login, want code`, oauth.AuthorizeOptions{ResponseType: "token"}},
		{`oauth: ResponseType "code token" gives no checked login, want code`, oauth.AuthorizeOptions{ResponseType: "code token"}},
		{`oauth: ResponseType "none" gives no checked login, want code`, oauth.AuthorizeOptions{ResponseType: "none"}},
		{"oauth: ResponseMode fragment does not reach the application's server, want query or form_post", oauth.AuthorizeOptions{ResponseMode: oauth.ResponseModeFragment}},
		{`oauth: unknown ResponseMode ".jwt", want query or form_post`, oauth.AuthorizeOptions{ResponseMode: ".jwt"}},
		{"oauth: ResponseMode query.jwt needs ReadAuthorizationResponse", oauth.AuthorizeOptions{ResponseMode: "query.jwt"}},
		{"oauth: Extra must not set state: use its field instead", oauth.AuthorizeOptions{Extra: url.Values{"state": {"x"}}}},
		{"oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)", oauth.AuthorizeOptions{RedirectURI: "cb"}},
	} {
		login, err := newClient(t, silent(t)).BeginLogin(t.Context(), c.o)
		assert.EqualError(t, err, c.want)
		assert.Nil(t, login)
	}
	_, err := newClient(t, silent(t)).BeginLogin(t.Context(), oauth.AuthorizeOptions{ResponseType: oauth.ResponseTypeCode})
	assert.NoError(t, err, "the accepted twin")
}

// The JSON form is part of the API: a change here breaks logins that are pending during a deployment.
const stored = `{"url":"https://server.example.com/authorize?x","state":"STATE","code_verifier":"VERIFIER","redirect_uri":"https://client.example.com/cb",` +
	`"response_mode":"form_post","scope":"a b","resource":["https://api.example.com"],"client_id":"s6BhdRkqt3","issuer":"https://server.example.com","token_endpoint":"https://server.example.com/token","created_at":"2026-03-04T05:06:07Z"}`

func TestLoginRoundTrip(t *testing.T) {
	t.Parallel()
	var login oauth.Login
	require.NoError(t, json.Unmarshal([]byte(stored), &login))
	assert.Equal(t, oauth.Login{
		URL: "https://server.example.com/authorize?x", State: "STATE", CodeVerifier: "VERIFIER", RedirectURI: "https://client.example.com/cb",
		ResponseMode: oauth.ResponseModeFormPost, Scope: "a b", Resource: []string{"https://api.example.com"}, ClientID: clientID, Issuer: server, TokenEndpoint: server + "/token", CreatedAt: now,
	}, login)
	again, err := json.Marshal(&login)
	require.NoError(t, err)
	assert.Equal(t, stored, string(again))
	value, err := json.Marshal(login)
	require.NoError(t, err)
	assert.Equal(t, stored, string(value), "complete, by value too")
}

func TestLoginFailsClosed(t *testing.T) {
	t.Parallel()
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(stored), &members))
	require.Len(t, members, 11)
	for name := range members {
		value := members[name]
		delete(members, name)
		text, err := json.Marshal(members)
		require.NoError(t, err)
		refuseStored(t, string(text), "oauth: stored login: json: member missing")
		members[name] = value
		renamed := strings.Replace(stored, `"`+name+`"`, `"`+strings.ToUpper(name)+`"`, 1)
		refuseStored(t, renamed, "oauth: stored login: json: member ")
	}
	refuseStored(t, strings.Replace(stored, `{`, `{"nonce":"",`, 1), "oauth: stored login: json: member unknown")
	refuseStored(t, strings.Replace(stored, `{`, `{"state":"x",`, 1), "oauth: stored login: json: member name occurs twice")
	refuseStored(t, strings.Replace(stored, `"STATE"`, `7`, 1), "oauth: stored login: json: value does not fit its Go type")
	refuseStored(t, `[]`, "oauth: stored login: json: ")
	refuseStored(t, `null`, "oauth: stored login: json: ")
}

func refuseStored(t *testing.T, text, want string) {
	t.Helper()
	login := oauth.Login{State: "before", CreatedAt: time.Unix(1, 0)}
	err := json.Unmarshal([]byte(text), &login)
	require.ErrorContains(t, err, want, text)
	assert.NotContains(t, err.Error(), "VERIFIER")
	assert.Equal(t, "before", login.State, "nothing half read")
}
