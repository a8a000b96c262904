package oauth_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// mended exchanges a code at a server that answers status and body, with this hook.
func mended(t *testing.T, status int, body string, hook func(map[string]any) error) (*oauth.Token, error) {
	t.Helper()
	c := with(t, tokenReply(status, body), func(c *oauth.Config) { c.MendTokenReply = hook })
	token, err := c.GetAccessTokenByCode(t.Context(), code)
	if err != nil {
		assert.Nil(t, token, "result or error, not both")
	}
	return token, err
}

func addType(reply map[string]any) error {
	if _, there := reply["token_type"]; !there {
		reply["token_type"] = "bearer"
	}
	return nil
}

func TestCaseOauthNoTokenType(t *testing.T) {
	t.Parallel()
	const body = `{"access_token":"at-1","expires_in":5184000}`
	token, err := mended(t, 200, body, addType)
	require.NoError(t, err)
	assert.Equal(t, "at-1", token.AccessToken)
	assert.EqualValues(t, 5184000, token.ExpiresIn, "a number keeps all its digits")
	var sent map[string]any
	require.NoError(t, token.Claims(&sent))
	assert.Equal(t, map[string]any{"access_token": "at-1", "expires_in": json.Number("5184000")}, sent, "Claims reads what the server sent")

	for _, hook := range []func(map[string]any) error{nil, func(map[string]any) error { return nil }} {
		_, err = mended(t, 200, body, hook)
		assert.EqualError(t, err, "oauth: token reply: token_type is missing or empty", "the refused twin")
	}
	_, err = mended(t, 200, `{"access_token":"at-1","token_type":"mac"}`, addType)
	assert.EqualError(t, err, `oauth: token reply: token_type is "mac", want Bearer`, "the hook's result is checked")
}

func TestCaseOauthScopeAsList(t *testing.T) {
	t.Parallel()
	const body = `{"access_token":"at-1","token_type":"bearer","expires_in":14113,"scope":["openid","user:read:email"]}`
	join := func(reply map[string]any) error {
		list, ok := reply["scope"].([]any)
		if !ok {
			return nil
		}
		words := make([]string, len(list))
		for i, word := range list {
			if words[i], ok = word.(string); !ok {
				return errors.New("scope is a list of something else")
			}
		}
		reply["scope"] = strings.Join(words, " ")
		return nil
	}
	token, err := mended(t, 200, body, join)
	require.NoError(t, err)
	assert.Equal(t, "openid user:read:email", token.Scope)
	assert.True(t, token.HasScope("user:read:email"))
	_, err = mended(t, 200, body, nil)
	assert.EqualError(t, err, "oauth: token reply: scope is not a string", "the refused twin")
	_, err = mended(t, 200, `{"access_token":"at-1","token_type":"bearer","scope":[1]}`, join)
	assert.EqualError(t, err, "oauth: token reply: MendTokenReply: scope is a list of something else")
}

func unwrapData(reply map[string]any) error {
	maps.Copy(reply, reply["data"].(map[string]any)) // careless: it panics when there is none
	return nil
}

func TestMendTokenReplyInsideData(t *testing.T) {
	t.Parallel()
	const body = `{"data":{"access_token":"AT","token_type":"Bearer","expires_in":60,"scope":"a"},"message":"success"}`
	token, err := mended(t, 200, body, unwrapData)
	require.NoError(t, err)
	assert.Equal(t, "AT", token.AccessToken)
	assert.Equal(t, "a", token.Scope)
	_, err = mended(t, 200, body, nil)
	assert.EqualError(t, err, "oauth: token reply: access_token is missing or empty", "the refused twin")

	_, err = mended(t, 200, `{"data":{"error":"invalid_grant","error_description":"used `+code+`"}}`, unwrapData)
	require.ErrorIs(t, err, oauth.InvalidGrant, "a refusal inside another object")
	assert.EqualError(t, err, "oauth: the server refused with status 200: invalid_grant: used [redacted]")
}

func TestMendTokenReplySeesNoRefusal(t *testing.T) {
	t.Parallel()
	never := func(map[string]any) error { t.Error("the hook was called"); return nil }
	for body, status := range map[string]int{
		`{"error":"invalid_grant"}`: 200, `{"error":{"code":1}}`: 200, good: 400, `{}`: 500, `[]`: 200, ``: 200, `{"access_token":`: 200, `{"code":401,"message":"no"}`: 201,
	} {
		c := with(t, tokenReply(status, body), func(c *oauth.Config) {
			c.MendTokenReply = never
			c.ReplyError = func(_ int, body []byte) *oauth.Error {
				if strings.Contains(string(body), "message") {
					return &oauth.Error{Code: "foreign"}
				}
				return nil
			}
		})
		_, err := c.GetAccessTokenByCode(t.Context(), code)
		assert.Error(t, err, body)
	}
}

func TestMendTokenReplyOnEveryGrant(t *testing.T) {
	t.Parallel()
	asked := 0
	c := with(t, tokenReply(201, `{"access_token":"AT","error":null}`), func(c *oauth.Config) {
		c.MendTokenReply = func(reply map[string]any) error { asked++; return addType(reply) }
	})
	_, err := c.GetNewAccessTokenByRefreshToken(t.Context(), "RT")
	require.NoError(t, err)
	_, err = c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.NoError(t, err)
	_, err = c.GetAccessTokenByGrant(t.Context(), "password", nil)
	require.NoError(t, err)
	assert.Equal(t, 3, asked)
}

// The call returns, whatever the hook does.
func TestMendTokenReplyNeverBreaksTheCall(t *testing.T) {
	t.Parallel()
	cause := errors.New("not this one")
	_, err := mended(t, 200, good, func(map[string]any) error { return cause })
	require.ErrorIs(t, err, cause)
	_, err = mended(t, 200, good, func(map[string]any) error { return errors.New("odd: " + code + "\n") })
	require.EqualError(t, err, `oauth: token reply: MendTokenReply: odd: [redacted]\n`)
	_, err = mended(t, 200, good, unwrapData)
	assert.EqualError(t, err, "oauth: token reply: MendTokenReply: panicked: interface conversion: interface {} is nil, not map[string]interface {}")
	cycle := map[string]any{}
	cycle["again"] = cycle
	for _, value := range []any{math.NaN(), make(chan int), json.Number("x"), cycle} {
		_, err = mended(t, 200, good, func(reply map[string]any) error { reply["more"] = value; return nil })
		assert.EqualError(t, err, "oauth: token reply: MendTokenReply: left a value that JSON cannot hold")
	}
	_, err = mended(t, 200, good, func(reply map[string]any) error { clear(reply); return nil })
	assert.EqualError(t, err, "oauth: token reply: access_token is missing or empty")
	_, err = mended(t, 200, `{"access_token":"AT\ud800","token_type":"Bearer"}`, addType)
	assert.EqualError(t, err, "oauth: token reply: access_token has half of a surrogate pair", "half of a surrogate pair does not become a character")
	_, err = mended(t, 200, good, func(map[string]any) error { panic("odd: " + code) })
	assert.EqualError(t, err, "oauth: token reply: MendTokenReply: panicked: odd: [redacted]")
}
