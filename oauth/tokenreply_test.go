package oauth_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// exchange exchanges a code at a server that answers 200 with body.
func exchange(t testing.TB, body string) (*oauth.Token, error) {
	t.Helper()
	token, err := newClient(t, tokenReply(200, body)).GetAccessTokenByCode(t.Context(), code)
	if err != nil {
		assert.Nil(t, token, "result or error, not both")
	}
	return token, err
}

const good = `{"access_token":"AT","token_type":"Bearer"}`

func TestTokenReplyAccepted(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		good, " \r\n\t" + good + "\n", `{"token_type":"bearer","access_token":"AT"}`, `{"access_token":"\u0041T","token_type":"BEARER"}`,
		`{"access_token":"AT","token_type":"bEaReR","refresh_token":null,"id_token":null,"scope":null,"expires_in":null,"error":null}`,
		`{"access_token":"AT","token_type":"Bearer","rejected_scope":"","created_at":1,"nested":{"error":"x","access_token":7}}`,
	} {
		token, err := exchange(t, body)
		require.NoError(t, err, body)
		assert.Equal(t, "AT", token.AccessToken)
		assert.True(t, token.Expiry.IsZero())
		assert.Empty(t, token.RefreshToken+token.IDToken+token.Scope)
	}
}

func TestT1AccessTokenMissing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"token_type":"Bearer"}`, `{"access_token":"","token_type":"Bearer"}`, `{"access_token":null,"token_type":"Bearer"}`, `{}`} {
		_, err := exchange(t, body)
		assert.EqualError(t, err, "oauth: token reply: access_token is missing or empty", body)
	}
	for _, value := range []string{`7`, `true`, `{}`, `["AT"]`} {
		_, err := exchange(t, `{"access_token":`+value+`,"token_type":"Bearer"}`)
		assert.EqualError(t, err, "oauth: token reply: access_token is not a string")
	}
}

func TestT2TokenType(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"access_token":"AT"}`:                                                    "token_type is missing or empty",
		`{"access_token":"AT","token_type":""}`:                                    "token_type is missing or empty",
		`{"access_token":"AT","token_type":null}`:                                  "token_type is missing or empty",
		`{"access_token":"AT","token_type":1}`:                                     "token_type is not a string",
		`{"access_token":"AT","token_type":"mac"}`:                                 `token_type is "mac", want Bearer`,
		`{"access_token":"AT","token_type":"DPoP"}`:                                `token_type is "DPoP", want Bearer`,
		`{"access_token":"AT","token_type":"Bearer "}`:                             `token_type is "Bearer ", want Bearer`,
		`{"access_token":"AT","token_type":"a ` + secret + `"}`:                    `token_type is "a [redacted]", want Bearer`,
		`{"access_token":"SlAV32hkKG","token_type":"a SlAV32hkKG"}`:                `token_type is "a [redacted]", want Bearer`,
		`{"access_token":"Bearer","token_type":"` + strings.Repeat("t", 20) + `"}`: `token_type is "` + strings.Repeat("t", 20) + `", want Bearer`,
		// It may be a token in the wrong member.
		`{"access_token":"Bearer","token_type":"` + strings.Repeat("t", 21) + `"}`: `token_type is too long for a type, want Bearer`,
	} {
		_, err := exchange(t, body)
		assert.EqualError(t, err, "oauth: token reply: "+want)
	}
	// The accepted twin, in upper and lower case, is in TestTokenReplyAccepted.
}

// T3 (Bearer when DPoP was required) does not apply yet: there is no DPoP.

func TestT4ErrorMemberOn200(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 400, 500} {
		mock := tokenReply(status, `{"access_token":"AT","token_type":"Bearer","error":"invalid_grant","error_description":"used"}`)
		token, err := newClient(t, mock).GetAccessTokenByCode(t.Context(), code)
		require.ErrorIs(t, err, oauth.InvalidGrant)
		assert.Nil(t, token)
	}
	for _, value := range []string{`""`, `true`, `false`, `{"code":400}`, `[]`, `0`} {
		_, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","error":`+value+`}`)
		refused := refusedAt(t, err, "/token")
		assert.Equal(t, oauth.Error{StatusCode: 200}, *refused, "the server sent no error code")
		assert.False(t, refused.Temporary())
	}
	_, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","error":null,"Error":"x","error_description":"none"}`)
	assert.NoError(t, err, "the accepted twin")
}

func TestT5NotJSON(t *testing.T) {
	t.Parallel()
	for body, reason := range map[string]strictjson.Reason{
		`<html>`: strictjson.Syntax, `access_token=AT&token_type=Bearer`: strictjson.Syntax, `{"access_token":"AT",}`: strictjson.Syntax, "\ufeff" + good: strictjson.Mark,
		good + good: strictjson.Trailing, "{\"access_token\":\"A\xff\"}": strictjson.Encoding, strings.Repeat("[", 100): strictjson.Depth, `NaN`: strictjson.Syntax,
	} {
		_, err := exchange(t, body)
		var bad *strictjson.Error
		require.ErrorAs(t, err, &bad, body)
		assert.Equal(t, reason, bad.Reason, body)
	}
	for _, body := range []string{`[]`, `"AT"`, `null`, `7`} {
		_, err := exchange(t, body)
		assert.EqualError(t, err, "oauth: token reply: is not a JSON object (from https://server.example.com/token)")
	}
	_, err := exchange(t, "")
	assert.EqualError(t, err, "oauth: token reply: status 200 with an empty body, want a JSON object (from https://server.example.com/token)")
	form := replyAt("/token", httpmock.NewStringResponder(200, "access_token=AT&token_type=bearer").HeaderSet(http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}))
	_, err = newClient(t, form).GetAccessTokenByCode(t.Context(), code)
	assert.EqualError(t, err, "oauth: token reply: is a form, want a JSON object (application/x-www-form-urlencoded from https://server.example.com/token)")
	mock := replyAt("/token", httpmock.NewStringResponder(200, good).HeaderSet(http.Header{"Content-Type": {"text/html; charset=utf-8"}}))
	_, err = newClient(t, mock).GetAccessTokenByCode(t.Context(), code)
	assert.ErrorIs(t, err, httpcore.HTML)
}

func TestT6OverTheLimit(t *testing.T) {
	t.Parallel()
	body := `{"access_token":"AT","token_type":"Bearer","pad":"` + strings.Repeat("x", 1<<20-100) + `"}`
	_, err := exchange(t, body)
	require.NoError(t, err, "the accepted twin")
	_, err = exchange(t, body+strings.Repeat(" ", 100))
	assert.ErrorIs(t, err, httpcore.TooLarge)
	_, err = with(t, tokenReply(200, good), func(c *oauth.Config) { c.MaxReply = 42 }).GetAccessTokenByCode(t.Context(), code)
	assert.ErrorIs(t, err, httpcore.TooLarge)
}

// T7 is in lifetime_test.go. T8 (id_token missing after openid) is in package oidc.

func TestT9Redirect(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{307: httpcore.Redirect, 308: httpcore.Redirect, 303: httpcore.Redirect, 200: nil} {
		mock := replyAt("/token", httpmock.NewStringResponder(status, good).HeaderSet(http.Header{"Location": {"https://other.example/token"}}))
		_, err := newClient(t, mock).GetAccessTokenByCode(t.Context(), code)
		require.ErrorIs(t, err, want)
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
}

func TestT10BroaderScopeIsSurfaced(t *testing.T) {
	t.Parallel()
	token, err := newClient(t, tokenReply(200, `{"access_token":"AT","token_type":"Bearer","scope":"read  admin"}`)).
		GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "read"})
	require.NoError(t, err)
	assert.Equal(t, "read  admin", token.Scope)
	assert.True(t, token.HasScope("admin"))
	assert.False(t, token.HasScope(""))
	assert.False(t, token.HasScope("read  admin"))
}

func TestT11CodeIsSentOnce(t *testing.T) {
	t.Parallel()
	reset := errors.New("reset")
	for want, answer := range map[error]httpmock.Responder{
		oauth.InvalidClient:          jsonReply(401, `{"error":"invalid_client"}`),
		oauth.ServerError:            jsonReply(500, `{"error":"server_error"}`),
		oauth.TemporarilyUnavailable: jsonReply(503, `{"error":"temporarily_unavailable"}`),
		reset:                        httpmock.NewErrorResponder(reset),
		nil:                          jsonReply(200, good),
	} {
		mock := replyAt("/token", answer)
		_, err := newClient(t, mock).GetAccessTokenByCode(t.Context(), code)
		require.ErrorIs(t, err, want)
		assert.Equal(t, 1, mock.GetTotalCallCount(), "%v", err)
	}
}

func TestT12DuplicateMembers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"access_token":"AT","token_type":"Bearer","access_token":"AT"}`, `{"access_token":"AT","token_type":"Bearer","x":1,"\u0078":2}`,
		`{"access_token":"AT","token_type":"Bearer","nested":{"a":1,"a":1}}`,
	} {
		_, err := exchange(t, body)
		var bad *strictjson.Error
		require.ErrorAs(t, err, &bad, body)
		assert.Equal(t, strictjson.Duplicate, bad.Reason)
	}
	_, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","x":1,"X":2,"nested":{"x":1}}`)
	assert.NoError(t, err, "the accepted twin")
}
