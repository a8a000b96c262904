package oauth_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func challenged(t *testing.T, status int, body string, fields ...string) *oauth.Error {
	t.Helper()
	mock := replyAt("/userinfo", httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Www-Authenticate": fields}))
	_, err := newClient(t, mock).GetUserInfoByAccessToken(t.Context(), "2YotnFZFEjr1zCsicMWpAA")
	return refusedAt(t, err, "/userinfo")
}

func TestU4Challenge(t *testing.T) {
	t.Parallel()
	const expired = "The token, said \"kim\", expired"
	quoted := `Bearer realm="a, b=c", error="invalid_token", error_description="The token, said \"kim\", expired"`
	for field, want := range map[string]oauth.Error{
		quoted:                       {Code: oauth.InvalidToken, Description: expired},
		`Basic realm="x", ` + quoted: {Code: oauth.InvalidToken, Description: expired},
		quoted + `, DPoP error="other", algs="ES256"`:  {Code: oauth.InvalidToken, Description: expired},
		`Negotiate, ` + quoted:                         {Code: oauth.InvalidToken, Description: expired},
		`Negotiate abc==, bearer error=invalid_token`:  {Code: oauth.InvalidToken},
		`BEARER ERROR = "invalid_token" , error_uri=u`: {Code: oauth.InvalidToken, URI: "u"},
		`Bearer scope="", error="invalid_token"`:       {Code: oauth.InvalidToken},
		`Bearer`:                                       {},
		`Bearer , Basic realm="x", error="no"`:         {},
		`Basic error="no"`:                             {},
		`DPoP error="no"`:                              {},
		`Bearer error="open \`:                         {Code: `open \`},
		`,,,=,=`:                                       {},
		`Bearer error="a\n2YotnFZFEjr1zCsicMWpAA"`:     {Code: `an[redacted]`},
		``:                      {},
		`error="invalid_token"`: {Code: oauth.InvalidToken},
		`realm="x", error="invalid_token", error_description="d"`:     {Code: oauth.InvalidToken, Description: "d"},
		`error_description="d", ERROR=invalid_token, DPoP error="no"`: {Code: oauth.InvalidToken, Description: "d"},
		`realm="x"`:                   {},
		`Basic, error="no"`:           {},
		`terror="no", errorless="no"`: {},
	} {
		want.StatusCode = 401
		assert.Equal(t, want, *challenged(t, 401, "", field), field)
	}
	assert.Equal(t, oauth.InvalidToken, challenged(t, 401, "", `Basic realm="x"`, quoted).Code, "two fields")
}

// Each byte in each place: which bytes end a name, a value or a quoted value (RFC 9110 §5.6).
func TestU4ChallengeBytes(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		b := string([]byte{byte(c)})
		read := func(field string) oauth.ErrorCode { return challenged(t, 401, "", field).Code }
		unlessBlank := func(s string) string { return httpcore.Clean(strings.TrimSpace(s)) }

		want := httpcore.Clean("a" + b + "c")
		switch b {
		case `"`:
			want = "a"
		case `\`:
			want = "ac"
		}
		assert.Equal(t, want, string(read(`Bearer error="a`+b+`c"`)), "quoted %q", b)
		assert.Equal(t, httpcore.Clean("a"+b+"c"), string(read(`Bearer error="a\`+b+`c"`)), "escaped %q", b)

		want = httpcore.Clean("a" + b + "c")
		if b == "," {
			want = "a"
		}
		assert.Equal(t, want, string(read(`Bearer error=a`+b+`c`)), "bare %q", b)
		want = unlessBlank("a" + b)
		if b == "," {
			want = "a"
		}
		assert.Equal(t, want, string(read(`Bearer error=a`+b)), "at the end %q", b)

		want = ""
		if b == " " || b == "," {
			want = "a"
		}
		assert.Equal(t, want, string(read(`Bearer`+b+`error=a`)), "between scheme and name %q", b)
	}
}

func TestU4BodyComesBeforeTheChallenge(t *testing.T) {
	t.Parallel()
	e := challenged(t, 401, `{"error":"invalid_client"}`, `Bearer error="invalid_token"`)
	assert.Equal(t, oauth.InvalidClient, e.Code)
	e = challenged(t, 403, `{"error":null}`, `Bearer error="insufficient_scope"`)
	assert.Equal(t, oauth.InsufficientScope, e.Code)
}

func TestChallengeUnderSuccessIsNone(t *testing.T) {
	t.Parallel()
	mock := replyAt("/userinfo", httpmock.NewStringResponder(200, `{"sub":"kim"}`).HeaderSet(http.Header{"Www-Authenticate": {`Bearer error="invalid_token"`}}))
	user, err := newClient(t, mock).GetUserInfoByAccessToken(t.Context(), "2YotnFZFEjr1zCsicMWpAA")
	require.NoError(t, err)
	assert.Equal(t, "kim", user.Subject)
}
