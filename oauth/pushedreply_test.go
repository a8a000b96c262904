package oauth_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func push(t *testing.T, status int, reply string) (string, error) {
	t.Helper()
	c := with(t, newPushServer(status, reply), func(c *oauth.Config) { pushing(c); c.MaxPushedLifetime = 10 * time.Minute })
	return c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
}

// P1: only a whole reply with status 201 is a pushed request. The server is wrong then, not the settings.
func TestP1PushedReply(t *testing.T) {
	t.Parallel()
	for reply, want := range map[string]string{
		`{"expires_in":60}`:                                          "request_uri is missing or empty",
		`{"request_uri":"","expires_in":60}`:                         "request_uri is missing or empty",
		`{"request_uri":null,"expires_in":60}`:                       "request_uri is missing or empty",
		`{"Request_URI":"urn:a:b","expires_in":60}`:                  "request_uri is missing or empty",
		`{"request_uri":7,"expires_in":60}`:                          "request_uri is not a string",
		`{"request_uri":"/r/1","expires_in":60}`:                     "the request_uri is not an absolute URI",
		`{"request_uri":"urn:a b","expires_in":60}`:                  "the request_uri has more than 8192 characters, or one that is not ASCII (RFC 9101 §5.2)",
		`{"request_uri":"urn:é","expires_in":60}`:                    "the request_uri has more than 8192 characters, or one that is not ASCII (RFC 9101 §5.2)",
		`{"request_uri":"` + uri(8193) + `","expires_in":60}`:        "the request_uri has more than 8192 characters, or one that is not ASCII (RFC 9101 §5.2)",
		`{"request_uri":"urn:a\u0000b","expires_in":60}`:             "the request_uri is not an absolute URI",
		`{"request_uri":"urn:a\r\nb","expires_in":60}`:               "the request_uri is not an absolute URI",
		`{"request_uri":"https://u:p@as.example/r","expires_in":60}`: "the request_uri must not carry a user name or password",
		`{"request_uri":"http://as.example/r","expires_in":60}`:      "the request_uri must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)",
		`{"request_uri":"urn:a:b"}`:                                  "expires_in is missing",
		`{"request_uri":"urn:a:b","expires_in":null}`:                "expires_in is missing",
		`{"request_uri":"urn:a:b","Expires_in":60}`:                  "expires_in is missing",
		`{"request_uri":"urn:a:b","expires_in":"60"}`:                "expires_in is not a number of seconds",
		`{"request_uri":"urn:a:b","expires_in":true}`:                "expires_in is not a number of seconds",
		`{"request_uri":"urn:a:b","expires_in":0}`:                   "expires_in is not positive",
		`{"request_uri":"urn:a:b","expires_in":0.9}`:                 "expires_in is not positive",
		`{"request_uri":"urn:a:b","expires_in":-1}`:                  "expires_in is not positive",
		`{"request_uri":"urn:a:b","expires_in":-1e99}`:               "expires_in is not positive",
		`{"request_uri":"urn:a:b","expires_in":601}`:                 "expires_in is 601 seconds, and MaxPushedLifetime is 10m0s",
		`{"request_uri":"urn:a:b","expires_in":1e99}`:                "expires_in is 9223372036854775807 seconds, and MaxPushedLifetime is 10m0s",
		`[]`: "is not a JSON object (from https://server.example.com/par)",
		``:   "status 201 with an empty body, want a JSON object (from https://server.example.com/par)",
	} {
		link, err := push(t, http.StatusCreated, reply)
		require.EqualError(t, err, "oauth: pushed authorization reply: "+want, reply)
		assert.True(t, httpcore.NoAnswer(err), reply)
		assert.Empty(t, link)
	}
	for _, reply := range []string{
		pushed, `{"request_uri":"urn:a:b","expires_in":1}`, `{"request_uri":"urn:a:b","expires_in":600,"more":[]}`, `{"request_uri":"https://as.example/r?a=b","expires_in":6e1}`,
		`{"request_uri":"` + uri(8192) + `","expires_in":60}`,
	} {
		_, err := push(t, http.StatusCreated, reply)
		require.NoError(t, err, reply)
	}
	for _, status := range []int{200, 202, 204} {
		_, err := push(t, status, pushed)
		require.EqualError(t, err, "oauth: pushed authorization reply: the status is "+jsonInt(int64(status))+", want 201 (from https://server.example.com/par)")
		assert.True(t, httpcore.NoAnswer(err))
	}
}

func uri(length int) string { return "urn:" + strings.Repeat("a", length-4) }

// P1: without MaxPushedLifetime any lifetime is good.
func TestP1LongLifetime(t *testing.T) {
	t.Parallel()
	for _, seconds := range []string{"601", "99999999999999999999", "1e400"} {
		c := with(t, newPushServer(http.StatusCreated, `{"request_uri":"urn:a:b","expires_in":`+seconds+`}`), pushing)
		_, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
		require.NoError(t, err, seconds)
	}
}

// A refusal is the server's error (RFC 9126 §2.3), also with a status of success.
func TestPushedRefusal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status    int
		reply     string
		code      oauth.ErrorCode
		temporary bool
	}{
		{400, `{"error":"invalid_request","error_description":"The redirect_uri is not valid for the given client"}`, oauth.InvalidRequest, false},
		{400, `{"error":"invalid_scope"}`, oauth.InvalidScope, false},
		{401, `{"error":"invalid_client"}`, oauth.InvalidClient, false},
		{405, ``, "", false},
		{413, ``, "", false},
		{429, ``, "", true},
		{503, `{"error":"temporarily_unavailable"}`, oauth.TemporarilyUnavailable, true},
		{201, `{"error":"invalid_request","request_uri":"urn:a:b","expires_in":60}`, oauth.InvalidRequest, false},
	} {
		s := newPushServerOf(func(int, *http.Request) *http.Response {
			res := httpmock.NewStringResponse(c.status, c.reply)
			res.Header.Set("Retry-After", "7")
			return res
		})
		_, err := with(t, s, pushing).BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		var refused *oauth.Error
		require.ErrorAs(t, err, &refused, c.status)
		assert.Equal(t, []any{c.status, c.code, c.temporary}, []any{refused.StatusCode, refused.Code, refused.Temporary()}, c.status)
		assert.Equal(t, map[bool]time.Duration{true: 7 * time.Second}[c.status == 429 || c.status == 503], refused.RetryAfter, c.status)
		assert.Equal(t, server+pushPath, refused.Endpoint)
		assert.Len(t, s.forms, 1, "not sent twice")
	}
}

// P4: a server that wants a nonce gets the same request once more, with a new proof and a new assertion (RFC 9449 §10.1).
func TestP4NonceOfPushedRequest(t *testing.T) {
	t.Parallel()
	endless := false
	s := newPushServerOf(func(call int, _ *http.Request) *http.Response {
		res := httpmock.NewStringResponse(201, pushed)
		if call == 1 || endless {
			res = httpmock.NewStringResponse(400, `{"error":"use_dpop_nonce"}`)
			res.Header.Set("DPoP-Nonce", "N1")
		}
		return res
	})
	c := with(t, s, func(c *oauth.Config) {
		pushing(c)
		c.DPoP, c.TokenAuth = newDPoP(t), oauth.ClientSecretJWT{}
		c.ClientSecret = strings.Repeat("s", 32)
	})
	_, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	require.Len(t, s.forms, 2)
	first, second := proofClaims(t, s.headers[0]), proofClaims(t, s.headers[1])
	assert.Equal(t, []any{"POST", server + pushPath, nil}, []any{first["htm"], first["htu"], first["nonce"]})
	assert.Equal(t, "N1", second["nonce"])
	assert.NotEqual(t, first["jti"], second["jti"])
	assert.NotEqual(t, s.forms[0].Get("client_assertion"), s.forms[1].Get("client_assertion"))
	for _, form := range s.forms {
		form.Del("client_assertion")
	}
	assert.Equal(t, s.forms[0], s.forms[1])

	_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	require.Len(t, s.forms, 3, "the nonce is kept")
	endless = true
	_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.UseDPoPNonce)
	require.Len(t, s.forms, 5, "once more, and not again")
}

func proofClaims(t *testing.T, h http.Header) map[string]any {
	t.Helper()
	require.Len(t, h["Dpop"], 1)
	_, rest, _ := strings.Cut(h["Dpop"][0], ".")
	payload, _, _ := strings.Cut(rest, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(text, &claims))
	return claims
}

// S14: no value that was pushed stands in an error, and the words of the specification do.
func TestS14PushedValuesAreSecret(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["p256"]}
	for name, object := range map[string]*oauth.RequestObject{"plain": nil, "object": {Keys: []oauth.SigningKey{key}}} {
		s := newPushServerOf(func(_ int, r *http.Request) *http.Response {
			text := ""
			for _, name := range []string{"code_challenge", "state", "login_hint", "request", "id_token_hint"} {
				text += " " + r.PostForm.Get(name)
			}
			return httpmock.NewStringResponse(400, `{"error":"invalid_request","error_description":"response_type code, prompt login and S256 are fine:`+text+`"}`)
		})
		c := with(t, s, func(c *oauth.Config) { pushing(c); c.RequestObject = object })
		_, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Extra: url.Values{"login_hint": {"kim@example.com"}, "id_token_hint": {"an.id.token-of-kim"}, "prompt": {"login"}}})
		require.ErrorIs(t, err, oauth.InvalidRequest)
		assert.ErrorContains(t, err, "response_type code, prompt login and S256 are fine: ", name)
		for field, values := range s.forms[0] {
			if field == "request" || field == "state" || strings.HasSuffix(field, "_hint") || field == "code_challenge" {
				assert.NotContains(t, err.Error(), values[0], field)
			}
		}
	}
	_, err := push(t, http.StatusCreated, `{"request_uri":"http://as.example/s3cr3t","expires_in":60}`)
	assert.NotContains(t, err.Error(), "s3cr3t")
}
