package authentication_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestValidateTokenPageSample(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, both(plays(t, "validate_token_id_token"), func(o *authentication.Options) {
		o.AppID, o.AppHost = "5f17a529f64fb009b794a2ff", "https://oidc1.authing.cn"
		o.Now = func() time.Time { return time.Unix(1601456895, 0) }
	}))
	seen, err := client.ValidateToken(t.Context(), authentication.ValidateTokenOptions{IDToken: "ID.TOK.EN"})
	require.NoError(t, err)
	assert.Equal(t, "5f64afd1ad501364e3b43c1e", seen.Subject)
	assert.Equal(t, []string{"5f17a529f64fb009b794a2ff"}, seen.Audience)
	assert.Equal(t, "CQsguqUdl7", seen.Nonce)
	assert.Equal(t, "test1@123.com", seen.Email)
	assert.Equal(t, int64(1601460494), seen.Expiry.Unix())
	var rest struct {
		AtHash string `json:"at_hash"`
	}
	require.NoError(t, seen.Claims(&rest))
	assert.Equal(t, "10iOtwuTNtyQLzlNYXAHeg", rest.AtHash)
}

var (
	byIDToken     = authentication.ValidateTokenOptions{IDToken: "I-1-eyJhbGciOi"}
	byAccessToken = authentication.ValidateTokenOptions{AccessToken: "A-1"}
	anyAudience   = authentication.ValidateTokenOptions{AccessToken: "A-1", AllowAnyAudience: true}
)

// claimsOf are the claims of a valid token, with one changed; an empty value removes it.
func claimsOf(name, value string) string {
	claims := map[string]string{
		"sub": `"u"`, "iss": `"` + testHost + `/oidc"`, "aud": `"` + testApp + `"`, "exp": "4102444800", "iat": "1601456894",
	}
	claims[name] = value
	var members []string
	for n, v := range claims {
		if v != "" {
			members = append(members, `"`+n+`":`+v)
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// Row 15: aud or azp is the application's, and iss the issuer, when they are present.
func TestValidateTokenCompares(t *testing.T) {
	t.Parallel()
	app, other := `"`+testApp+`"`, `"another"`
	for _, c := range []struct {
		name, value string
		options     authentication.ValidateTokenOptions
		check       oidc.TokenCheck // empty is accepted
	}{
		{"sub", `"u"`, byIDToken, ""},
		{"sub", "", byIDToken, ""},
		{"aud", "[" + app + "]", byIDToken, ""},
		{"aud", "[" + other + "," + app + "]", byAccessToken, ""},
		{"aud", "", byIDToken, ""},
		{"aud", "null", byIDToken, ""},
		{"iss", "", byIDToken, ""},
		{"azp", app, byIDToken, ""},
		{"aud", other, byIDToken, oidc.CheckAudience},
		{"aud", "[" + other + "]", byAccessToken, oidc.CheckAudience},
		{"aud", `""`, byAccessToken, oidc.CheckAudience},
		{"azp", other, byIDToken, oidc.CheckAuthorized},
		{"azp", other, byAccessToken, ""},
		{"iss", `"` + testHost + `/oidc/"`, byIDToken, oidc.CheckIssuer},
		{"iss", `"https://attacker.example/oidc"`, byAccessToken, oidc.CheckIssuer},
		{"exp", "1601460494", byIDToken, oidc.CheckExpired},
		{"aud", other, anyAudience, ""},
		{"iss", `"https://attacker.example/oidc"`, anyAudience, ""},
		{"exp", "1601460494", anyAudience, oidc.CheckExpired},
	} {
		seen, err := newTestClient(t, always(t, 200, claimsOf(c.name, c.value)), nil).ValidateToken(t.Context(), c.options)
		if c.check == "" {
			require.NoError(t, err, "%s %s", c.name, c.value)
			assert.Equal(t, c.name == "sub" && c.value == "", seen.Subject == "")
			continue
		}
		require.ErrorIs(t, err, c.check, "%s %s", c.name, c.value)
		require.ErrorIs(t, err, authentication.ErrRefused)
		assert.Nil(t, seen)
	}
}

// encoding/json reads every half of a surrogate pair as U+FFFD: two users would become one.
func TestI20ValidateTokenHalfSurrogate(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]authentication.ValidateTokenOptions{"sub": byIDToken, "jti": byAccessToken, "nonce": byIDToken, "scope": byAccessToken} {
		read := func(escape string) error {
			_, err := newTestClient(t, always(t, 200, claimsOf(name, `"a`+escape+`"`)), nil).ValidateToken(t.Context(), by)
			return err
		}
		require.NoError(t, read(`\ud83d\ude00`), "the accepted twin")
		for _, half := range []string{`\ud83d`, `\ude00`} {
			require.EqualError(t, read(half), "authentication: validate_token reply: "+name+" has a value of the wrong type, or half of a surrogate pair")
		}
	}
	for _, name := range []string{"iss", "aud", "azp"} {
		_, err := newTestClient(t, always(t, 200, claimsOf(name, `"a\ud83d"`)), nil).ValidateToken(t.Context(), anyAudience)
		require.ErrorContains(t, err, name+" has a value")
		_, err = newTestClient(t, always(t, 200, claimsOf(name, `"a\ud83d\ude00"`)), nil).ValidateToken(t.Context(), anyAudience)
		require.NoError(t, err)
	}
}

// I33, X3: one kind of token in place of the other is refused, also when any audience is allowed.
func TestI33ValidateTokenOfTheOtherKind(t *testing.T) {
	t.Parallel()
	anyOf := byIDToken
	anyOf.AllowAnyAudience = true
	for claim, c := range map[string]struct {
		good authentication.ValidateTokenOptions
		bad  []authentication.ValidateTokenOptions
		kind oidc.TokenCheck
	}{
		"scope":     {byAccessToken, []authentication.ValidateTokenOptions{byIDToken, anyOf}, oidc.CheckScope},
		"scp":       {byAccessToken, []authentication.ValidateTokenOptions{byIDToken, anyOf}, oidc.CheckScope},
		"client_id": {byAccessToken, []authentication.ValidateTokenOptions{byIDToken, anyOf}, oidc.CheckScope},
		"nonce":     {byIDToken, []authentication.ValidateTokenOptions{byAccessToken, anyAudience}, oidc.CheckType},
		"at_hash":   {byIDToken, []authentication.ValidateTokenOptions{byAccessToken, anyAudience}, oidc.CheckType},
		"c_hash":    {byIDToken, []authentication.ValidateTokenOptions{byAccessToken, anyAudience}, oidc.CheckType},
	} {
		client := newTestClient(t, always(t, 200, claimsOf(claim, `"x"`)), nil)
		_, err := client.ValidateToken(t.Context(), c.good)
		require.NoError(t, err, claim)
		for _, o := range c.bad {
			_, err = client.ValidateToken(t.Context(), o)
			require.ErrorIs(t, err, c.kind, claim)
			require.ErrorIs(t, err, authentication.ErrRefused)
		}
	}
	scoped := strings.Replace(claimsOf("scope", `"openid"`), "{", `{"nonce":"n",`, 1)
	_, err := newTestClient(t, always(t, 200, scoped), nil).ValidateToken(t.Context(), byIDToken)
	require.NoError(t, err, "an ID token with a nonce may have a scope")
	for _, o := range []authentication.ValidateTokenOptions{byIDToken, byAccessToken, anyAudience} {
		for _, claim := range []string{"events", "token_introspection", "response_type"} {
			_, err := newTestClient(t, always(t, 200, claimsOf(claim, `{}`)), nil).ValidateToken(t.Context(), o)
			require.ErrorIs(t, err, oidc.CheckType, claim)
			_, err = newTestClient(t, always(t, 200, claimsOf(claim, `null`)), nil).ValidateToken(t.Context(), o)
			require.NoError(t, err, "the accepted twin")
		}
	}
}

// The access token of a machine: aud is the account, azp the application.
func TestValidateTokenOfAMachine(t *testing.T) {
	t.Parallel()
	reply := `{"exp":4102444800,"iss":"` + testHost + `/oidc","aud":"6110c8f3b97d20416e5ca085","azp":"` + testApp + `","scope":"user"}`
	seen, err := newTestClient(t, always(t, 200, reply), nil).ValidateToken(t.Context(), byAccessToken)
	require.NoError(t, err)
	assert.Equal(t, testApp, seen.AuthorizedParty)
	_, err = newTestClient(t, always(t, 200, strings.Replace(reply, "scope", "nonce", 1)), nil).ValidateToken(t.Context(), byIDToken)
	require.ErrorIs(t, err, oidc.CheckAudience, "no ID token is for the account")
}

// Both error forms, with both statuses, are a refusal by the server with code and message.
func TestValidateTokenErrorForms(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 400} {
		for body, want := range map[string]oauth.Error{
			`{"code":400,"message":"id_token 不合法"}`:                           {Code: "400", Description: "id_token 不合法"},
			`{"code":400,"message":"access_token format is incorrect"}`:       {Code: "400", Description: "access_token format is incorrect"},
			`{"error":"invalid_token","error_description":"gone"}`:            {Code: oauth.InvalidToken, Description: "gone"},
			`{"error":{"is":"an object"},"exp":4102444800}`:                   {},
			`{"code":401,"message":"I-1-eyJhbGciOi is bad","exp":4102444800}`: {Code: "401", Description: "[redacted] is bad"},
		} {
			seen, err := newTestClient(t, always(t, status, body), nil).ValidateToken(t.Context(), byIDToken)
			var refusal *oauth.Error
			require.ErrorAs(t, err, &refusal, body)
			want.Endpoint, want.StatusCode = refusal.Endpoint, status
			assert.Contains(t, refusal.Endpoint, "/oidc/validate_token")
			assert.Equal(t, want, *refusal)
			assert.Nil(t, seen)
			assert.NotErrorIs(t, err, authentication.ErrRefused)
		}
	}
}

// A code without a message, or below 400, is an ordinary claim.
func TestValidateTokenClaimsThatLookLikeErrors(t *testing.T) {
	t.Parallel()
	for _, more := range []string{`"code":200,"message":"ok"`, `"code":400`, `"message":"hello"`, `"code":"400","message":"m"`, `"code":400,"message":1`, `"error":null`} {
		reply := strings.TrimSuffix(claimsOf("sub", `"u"`), "}") + "," + more + "}"
		seen, err := newTestClient(t, always(t, 200, reply), nil).ValidateToken(t.Context(), byIDToken)
		require.NoError(t, err, more)
		assert.Equal(t, "u", seen.Subject)
	}
}

func TestValidateTokenReplies(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{claimsOf("exp", ""), "exp is missing"},
		{claimsOf("exp", "null"), "exp is missing"},
		{claimsOf("exp", `"4102444800"`), "exp has a value of the wrong type"},
		{claimsOf("exp", "0"), "exp has a value of the wrong type"},
		{claimsOf("exp", "9223372036854775807"), "exp has a value of the wrong type"},
		{claimsOf("iss", `""`), "iss has a value of the wrong type"},
		{claimsOf("aud", "[]"), "aud has a value of the wrong type"},
		{claimsOf("aud", "[1]"), "aud has a value of the wrong type"},
		{claimsOf("aud", "{}"), "aud has a value of the wrong type"},
		{claimsOf("sub", "1"), "sub has a value of the wrong type"},
		{claimsOf("azp", "[]"), "azp has a value of the wrong type"},
		{`[]`, "is not a JSON object"},
		{`null`, "is not a JSON object"},
		{`{"exp":4102444800,"exp":1}`, "json: "},
		{``, "GET https://sample-app.authing.cn/api/v2/oidc/validate_token: status 200 with an empty body, want a JSON object"},
	} {
		_, err := newTestClient(t, always(t, 200, c[0]), nil).ValidateToken(t.Context(), byIDToken)
		require.ErrorContains(t, err, "authentication: validate_token reply: "+c[1], c[0])
		assert.NotErrorIs(t, err, authentication.ErrRefused)
	}
}

// Security I34: a name in another case is another name.
func TestI34ValidateTokenNamesAreExact(t *testing.T) {
	t.Parallel()
	reply := strings.TrimSuffix(claimsOf("aud", ""), "}") + `,"AUD":"another","Azp":"another","ISS":"x","Sub":"evil"}`
	seen, err := newTestClient(t, always(t, 200, reply), nil).ValidateToken(t.Context(), byIDToken)
	require.NoError(t, err)
	assert.Empty(t, seen.Audience)
	assert.Equal(t, "u", seen.Subject)
}

func TestValidateTokenRetryAfter(t *testing.T) {
	t.Parallel()
	w := newWire(t, func(*http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(http.StatusTooManyRequests, `{"code":429,"message":"slow down"}`)
		res.Header.Set("Retry-After", "7")
		return res, nil
	})
	_, err := newTestClient(t, w, nil).ValidateToken(t.Context(), byIDToken)
	var refusal *oauth.Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, 7*time.Second, refusal.RetryAfter)
	assert.True(t, refusal.Temporary())
}

// It works with any protocol, for either token, and without the application's secret.
func TestValidateTokenEveryProtocol(t *testing.T) {
	t.Parallel()
	for _, p := range protocols() {
		w := always(t, 200, claimsOf("sub", `"u"`))
		client := newTestClient(t, w, both(with(p), noSecret))
		_, err := client.ValidateToken(t.Context(), byIDToken)
		require.NoError(t, err, p.Name())
		_, err = client.ValidateToken(t.Context(), byAccessToken)
		require.NoError(t, err, p.Name())
		require.Len(t, w.sent, 2)
		assert.Equal(t, "GET /api/v2/oidc/validate_token?id_token=I-1-eyJhbGciOi", w.sent[0].line())
		assert.Equal(t, "GET /api/v2/oidc/validate_token?access_token=A-1", w.sent[1].line())
	}
}
