package authentication_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// goldenAnswers are the errors of the five calls for each captured reply, in this order: token by code and
// by client credentials, introspection, validate_token, CAS 2.0 ticket. Empty is no error. The SDK accepts every 200
// and 204 as an answer, unlike row 24. It follows redirects 21 times and then returns an error too.
var goldenAnswers = map[string][5]string{
	"200-json": {
		"", "",
		"oauth: introspection reply: active is missing, or is neither true nor false",
		"authentication: validate_token reply: exp is missing",
		"cas: refused the reply (root): it has a member other than serviceResponse",
	},
	"200-html": alike("text/html"),
	"200-empty": {
		"oauth: token reply: status 200 with an empty body, want a JSON object",
		"oauth: token reply: status 200 with an empty body, want a JSON object",
		"oauth: introspection reply: status 200 with an empty body, want a JSON object",
		"/oidc/validate_token: status 200 with an empty body, want a JSON object",
		"cas: refused the reply (syntax): it is neither XML nor JSON",
	},
	"200-json-wrong-ct": {
		"oauth: token reply: access_token is missing or empty",
		"oauth: token reply: access_token is missing or empty",
		"oauth: introspection reply: active is missing, or is neither true nor false",
		"authentication: validate_token reply: exp is missing",
		"cas: refused the reply (root): it has a member other than serviceResponse",
	},
	"200-broken-json":  alike("json: not valid JSON at offset 5"),
	"200-code400-body": alike(": 400: id_token 格式错误"),
	"204-empty":        alike("status 204"),
	"302-redirect":     alike("refused a redirect (status 302)"),
	"400-oauth":        alike("the server refused with status 400: invalid_grant: grant request is invalid"),
	"401-oauth":        alike("the server refused with status 401: invalid_client: client authentication failed"),
	"403-authing":      alike("the server refused with status 403: 403: forbidden"),
	"429":              alike("the server refused with status 429: 429: too many"),
	"500-json":         alike("the server refused with status 500: 500: boom"),
	"500-html":         alike("the server refused with status 500"),
	"502-text":         alike("the server refused with status 502"),
	"conn-reset":       alike(": connection reset by peer"),
}

func alike(text string) [5]string { return [5]string{text, text, text, text, text} }

var goldenCalls = []string{
	"getAccessTokenByCode", "getAccessTokenByClientCredentials", "introspectToken", "validateToken", "validateTicketV2",
}

func TestGoldenAnswers(t *testing.T) {
	t.Parallel()
	all := tallies{}
	captures := loadGolden[capture](t, "responses.json")
	for i := range captures {
		c := &captures[i]
		known, ok := goldenAnswers[c.Label]
		require.True(t, ok, c.Label)
		e := expectation{}
		for n, call := range goldenCalls {
			if call == c.Method {
				e.problem = known[n]
			}
		}
		if c.Error == nil && e.problem != "" {
			e.row = 24
		}
		all.count(t, c.Method, e)
		t.Run(c.Label+" "+c.Method, func(t *testing.T) { replayAnswer(t, c, e) })
	}
	all.assert(t, tallies{
		"getAccessTokenByCode":              {10, 6, 0},
		"getAccessTokenByClientCredentials": {10, 6, 0},
		"introspectToken":                   {9, 7, 0},
		"validateToken":                     {9, 7, 0},
		"validateTicketV2":                  {9, 7, 0},
	})
}

func replayAnswer(t *testing.T, c *capture, e expectation) {
	t.Helper()
	w := newWire(t, c.reply)
	client, err := newGoldenClient(t, c, w)
	require.NoError(t, err)
	answer, err := c.call(t.Context(), client)
	require.Len(t, w.sent, 1, "nothing is sent twice and no redirect is followed")
	assertSame(t, c.first(), w.sent[0])
	checkHeader(t, c, w.sent[0].Header)
	if e.problem == "" {
		require.NoError(t, err)
		switch token := answer.(type) {
		case *oauth.Token:
			assert.Equal(t, "AT", token.AccessToken)
		case *authentication.ClientCredentialsToken:
			assert.Equal(t, "AT", token.AccessToken)
		default:
			t.Errorf("%T is not a token", answer)
		}
		return
	}
	require.Error(t, err)
	assertProblem(t, err, e.problem)
	assert.Nil(t, answer)
	checkRefusal(t, c, err)
}

// assertProblem: the values of some captures have less than 8 bytes, so the server's text is redacted completely.
func assertProblem(t *testing.T, err error, want string) {
	t.Helper()
	if text := err.Error(); !strings.Contains(text, want) && (strings.Contains(text, "[redacted]") || strings.Contains(text, "the call failed")) {
		want, _, _ = strings.Cut(want, ": ")
	}
	assert.ErrorContains(t, err, want)
}

// checkRefusal: a refusal by the server is typed and has its status; a lost connection is not a refusal.
func checkRefusal(t *testing.T, c *capture, err error) {
	t.Helper()
	var server *oauth.Error
	var failure *cas.Failure
	status := 0
	switch {
	case errors.As(err, &server):
		status = server.StatusCode
	case errors.As(err, &failure):
		status = failure.StatusCode
	}
	switch {
	case c.Response.Status >= http.StatusBadRequest, c.Label == "200-code400-body":
		assert.Equal(t, c.Response.Status, status)
	case c.Response.Status != http.StatusNoContent: // package cas treats a status without a reply as a refusal
		assert.Zero(t, status, "%T", err)
	}
}
