package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestA9Repeated(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"code", "state", "iss", "error", "error_description", "session_state", "unknown"} {
		refusedQuery(t, withIssuer, func(v url.Values) { v[name] = append(v[name], v.Get(name), v.Get(name))[:2] }, oauth.CheckRepeated)
	}
}

// A parameter that the redirect URI repeats itself is the application's.
func TestA9RepeatedByTheRedirectURI(t *testing.T) {
	t.Parallel()
	const uri = "https://client.example.com/cb?tag=a&tag=b"
	c := with(t, tokenReply(200, good), func(c *oauth.Config) { c.RedirectURI = uri })
	login := begin(t, c, oauth.AuthorizeOptions{})
	params := right(login)
	params["tag"] = []string{"a", "b"}
	_, err := c.CompleteLogin(t.Context(), login, callback(params))
	require.NoError(t, err)
	params["tag"] = []string{"a", "b", "c"}
	refused(t, c, login, callback(params), oauth.CheckRepeated)
}

func TestA10ErrorOnlyAfterState(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	login := begin(t, c, oauth.AuthorizeOptions{})
	params := right(login)
	denied(params)
	params.Set("error_uri", "https://server.example.com/e?state="+login.State)
	params.Set("error_description", "no\r\n"+strings.Repeat("x", 300))
	_, err := c.CompleteLogin(t.Context(), login, callback(params))
	require.ErrorIs(t, err, oauth.AccessDenied)
	var e *oauth.Error
	require.ErrorAs(t, err, &e)
	assert.Zero(t, e.StatusCode)
	assert.Equal(t, "https://server.example.com/e?state=[redacted]", e.URI)
	assert.True(t, strings.HasPrefix(e.Description, `no\r\nxxx`))
	assert.LessOrEqual(t, len(e.Description), 256)

	params.Set("state", "another")
	refused(t, c, login, callback(params), oauth.CheckState)
	params.Del("state")
	refused(t, c, login, callback(params), oauth.CheckState)
}

func TestA11CodeAndErrorTogether(t *testing.T) {
	t.Parallel()
	refusedQuery(t, unchanged, func(v url.Values) { v.Set("error", "access_denied") }, oauth.CheckResponse)
	refusedQuery(t, unchanged, func(v url.Values) { v.Set("error", "") }, oauth.CheckResponse)
	refusedQuery(t, unchanged, func(v url.Values) { v.Set("error", "x"); v.Set("code", "") }, oauth.CheckResponse)
}

func TestA12EmptyCode(t *testing.T) {
	t.Parallel()
	refusedQuery(t, unchanged, func(v url.Values) { v.Set("code", "") }, oauth.CheckResponse)
	refusedQuery(t, unchanged, func(v url.Values) { v.Del("code") }, oauth.CheckResponse)
	refusedQuery(t, unchanged, func(v url.Values) { v.Del("code"); v.Set("error", "") }, oauth.CheckResponse)
}

func TestA15TokensNotAskedFor(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"id_token", "access_token"} {
		for _, value := range []string{"eyJ.x.y", ""} {
			refusedQuery(t, unchanged, func(v url.Values) { v.Set(name, value) }, oauth.CheckResponse)
		}
	}
}

func TestA17ResponseNotAskedFor(t *testing.T) {
	t.Parallel()
	refusedQuery(t, unchanged, func(v url.Values) { v.Set("response", "eyJ.x.y") }, oauth.CheckResponse)
	refusedQuery(t, unchanged, func(v url.Values) { v.Del("code"); v.Set("response", "eyJ.x.y") }, oauth.CheckResponse)
}

func TestCallbackThatCannotBeRead(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	login := begin(t, c, oauth.AuthorizeOptions{})
	for _, query := range []string{"%zz", "a=1;b=2", "code=%"} {
		r := httptest.NewRequest(http.MethodGet, "/cb", nil)
		r.URL.RawQuery = right(login).Encode() + "&" + query
		refused(t, c, login, r, oauth.CheckMalformed)
	}
}

func TestUnknownParametersAreAccepted(t *testing.T) {
	t.Parallel()
	c := newClient(t, tokenReply(200, good))
	login := begin(t, c, oauth.AuthorizeOptions{})
	params := right(login)
	for _, name := range []string{"session_state", "scope", "authuser", "prompt", "Code", "STATE", "token_type"} {
		params.Set(name, "x")
	}
	_, err := c.CompleteLogin(t.Context(), login, callback(params))
	assert.NoError(t, err)
}
