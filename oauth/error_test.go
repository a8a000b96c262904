package oauth_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// refusal is the error of a code exchange whose reply has this status and body.
func refusal(t *testing.T, status int, body string, change func(*oauth.Config)) *oauth.Error {
	t.Helper()
	_, err := with(t, tokenReply(status, body), change).GetAccessTokenByCode(t.Context(), code)
	return refusedAt(t, err, "/token")
}

// refusedAt is the text of a refusal without the endpoint, which must be the one that was called.
func refusedAt(t *testing.T, err error, path string) *oauth.Error {
	t.Helper()
	var e *oauth.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, server+path, e.Endpoint)
	e.Endpoint = ""
	return e
}

func unchanged(*oauth.Config) {}

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []oauth.ErrorCode{
		oauth.InvalidRequest, oauth.InvalidClient, oauth.InvalidGrant, oauth.UnauthorizedClient, oauth.UnsupportedGrantType, oauth.InvalidScope,
		oauth.AccessDenied, oauth.ServerError, oauth.TemporarilyUnavailable, oauth.AuthorizationPending, oauth.SlowDown, oauth.ExpiredToken, "of_its_own",
	} {
		e := refusal(t, 400, `{"error":"`+string(c)+`"}`, unchanged)
		assert.ErrorIs(t, e, c)
		assert.NotErrorIs(t, e, oauth.InvalidToken)
		assert.EqualError(t, e, "oauth: the server refused with status 400: "+string(c))
	}
}

func TestBareStatusIsARefusal(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `<p>no</p>`, `{}`, `[]`, `{"message":"no"}`, `{"error":null}`, good} {
		e := refusal(t, 403, body, unchanged)
		assert.Equal(t, &oauth.Error{StatusCode: 403}, e)
		assert.EqualError(t, e, "oauth: the server refused with status 403")
		assert.NoError(t, errors.Unwrap(e), "no code to compare with")
	}
}

// A refusal without a code names the endpoint, and the media type of the page.
func TestBareStatusNamesItsEndpoint(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]string{
		"application/json; charset=utf-8": "", "": "", "application/problem+json": "",
		"text/html; charset=utf-8": ", with a body of type text/html", "Text/Plain": ", with a body of type text/plain", "x\x1b": `, with a body of type x\x1b`,
	} {
		mock := replyAt("/token", httpmock.NewStringResponder(502, "oops").HeaderSet(http.Header{"Content-Type": {contentType}}))
		c := with(t, mock, func(c *oauth.Config) { c.Endpoints.Token += "?tenant=secret" })
		_, err := c.GetAccessTokenByCode(t.Context(), code)
		assert.EqualError(t, err, "oauth: the server refused with status 502 at https://server.example.com/token"+want)
	}
}

func TestReplyErrorReadsAForeignForm(t *testing.T) {
	t.Parallel()
	type call struct {
		status int
		body   string
	}
	var calls []call
	hook := func(c *oauth.Config) {
		c.ReplyError = func(status int, body []byte) *oauth.Error {
			calls = append(calls, call{status, string(body)})
			if !strings.Contains(string(body), "message") {
				return nil
			}
			return &oauth.Error{StatusCode: 1, Code: "foreign", Description: "code " + code + "\n", URI: "u\x00", RetryAfter: time.Hour}
		}
	}
	assert.Equal(t, &oauth.Error{StatusCode: 200, Code: "foreign", Description: `code [redacted]\n`, URI: `u\x00`}, refusal(t, 200, `{"code":401,"message":"no"}`, hook))
	assert.Equal(t, &oauth.Error{StatusCode: 404}, refusal(t, 404, `no`, hook))
	assert.ErrorIs(t, refusal(t, 400, `{"error":"invalid_grant","message":"no"}`, hook), oauth.InvalidGrant)
	_, err := with(t, tokenReply(200, good), hook).GetAccessTokenByCode(t.Context(), code)
	require.NoError(t, err)
	assert.Equal(t, []call{{200, `{"code":401,"message":"no"}`}, {404, "no"}, {200, good}}, calls, "not asked when there is an error member")
}

func TestCaseOauthErrorMemberIsObject(t *testing.T) {
	t.Parallel()
	const body = `{"error":{"message":"Invalid verification code format.","type":"OAuthException","code":100}}`
	asked := 0
	own := func(c *oauth.Config) {
		c.ReplyError = func(_ int, body []byte) *oauth.Error {
			asked++
			var reply struct {
				Error struct{ Type, Message string }
			}
			if json.Unmarshal(body, &reply) != nil {
				return nil
			}
			return &oauth.Error{Code: oauth.ErrorCode(reply.Error.Type), Description: reply.Error.Message}
		}
	}
	for _, status := range []int{200, 400} {
		e := refusal(t, status, body, own)
		assert.Equal(t, &oauth.Error{StatusCode: status, Code: "OAuthException", Description: "Invalid verification code format."}, e)
		assert.Equal(t, &oauth.Error{StatusCode: status}, refusal(t, status, body, unchanged), "without the hook the status alone")
	}
	asked = 0
	for _, value := range []string{`{}`, `[]`, `7`, `0`, `true`, `false`} { // any JSON value but a string
		e := refusal(t, 200, `{"access_token":"AT","token_type":"Bearer","error":`+value+`,"error_description":"d"}`, func(c *oauth.Config) {
			c.ReplyError = func(int, []byte) *oauth.Error { asked++; return nil }
		})
		assert.Equal(t, &oauth.Error{StatusCode: 200, Description: "d"}, e, "an error that the hook does not know stays an error")
	}
	assert.Equal(t, 6, asked)
	for _, value := range []string{`""`, `"invalid_grant"`} {
		refusal(t, 400, `{"error":`+value+`}`, func(c *oauth.Config) {
			c.ReplyError = func(int, []byte) *oauth.Error { t.Error("the hook was called for a string"); return nil }
		})
	}
}

// S14: secrets of the call that the server repeats are replaced, in every place and every spelling.
func TestS14ErrorEchoesNoSecret(t *testing.T) {
	t.Parallel()
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	for name, change := range map[string]func(*oauth.Config){
		"basic": func(c *oauth.Config) { c.ClientSecret = "S3cr3t/+=&:é" },
		"post":  func(c *oauth.Config) { c.ClientSecret, c.TokenAuth = "S3cr3t/+=&:é", oauth.ClientSecretPost },
	} {
		mock := replyAt("/token", func(r *http.Request) (*http.Response, error) {
			echo := "c0de/SplxlOBe c0de%2FSplxlOBe c0de%2fSplxlOBe " + verifier + " S3cr3t/+=&:é S3cr3t%2F%2B%3D%26%3A%C3%A9 EXTRA-PARAMETER " + strings.TrimPrefix(r.Header.Get("Authorization"), "Basic ")
			return httpmock.NewJsonResponse(400, map[string]string{"error": "x_" + verifier, "error_description": echo, "error_uri": "https://e/?code=c0de%2FSplxlOBe"})
		})
		_, err := with(t, mock, change).GetAccessTokenByCode(t.Context(), "c0de/SplxlOBe", oauth.CodeOptions{CodeVerifier: verifier, Extra: map[string][]string{"more": {"EXTRA-PARAMETER"}}})
		var e *oauth.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, oauth.ErrorCode("x_[redacted]"), e.Code)
		assert.Regexp(t, `^(\[redacted\] ){7}(\[redacted\])?$`, e.Description, name)
		assert.Equal(t, "https://e/?code=[redacted]", e.URI)
	}
}

// A value of the call that is part of a known code must not hide the code.
func TestS14KnownCodeSurvivesRedaction(t *testing.T) {
	t.Parallel()
	c := newClient(t, tokenReply(400, `{"error":"invalid_grant","error_description":"user invalid_grant is unknown"}`))
	_, err := c.GetAccessTokenByGrant(t.Context(), "password", map[string][]string{"username": {"invalid_grant"}})
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.EqualError(t, err, "oauth: the server refused with status 400: invalid_grant: user [redacted] is unknown")
}

func TestS14ErrorTextIsBoundedAndPlain(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 500)
	e := refusal(t, 400, `{"error":"`+long+`","error_description":"\u001b[31m`+long+`\r\nlevel=INFO","error_uri":"`+long+`"}`, unchanged)
	for _, text := range []string{string(e.Code), e.Description, e.URI} {
		assert.LessOrEqual(t, len(text), 256)
		assert.NotContains(t, text, "\x1b")
		assert.NotContains(t, text, "\n")
	}
	assert.True(t, strings.HasPrefix(e.Description, `\x1b[31mé`))
}

func TestRetryAfterOfARefusal(t *testing.T) {
	t.Parallel()
	mock := replyAt("/token", jsonReply(429, `{"error":"temporarily_unavailable"}`).HeaderAdd(http.Header{"Retry-After": {"3600"}}))
	for most, want := range map[time.Duration]time.Duration{0: time.Minute, time.Second: time.Second, 2 * time.Hour: time.Hour} {
		_, err := with(t, mock, func(c *oauth.Config) { c.MaxRetryAfter = most }).GetAccessTokenByCode(t.Context(), code)
		var e *oauth.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, want, e.RetryAfter)
		assert.True(t, e.Temporary())
	}
}
