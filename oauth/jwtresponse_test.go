package oauth_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

var errBadResponse = errors.New("a signature is wrong")

// inJWT makes every response a JWT, whose signature is right when it is "s".
func inJWT(c *oauth.Config) {
	c.Issuer = server
	c.ReadAuthorizationResponse = func(_ context.Context, response string) (string, error) {
		parts := strings.Split(response, ".")
		if parts[len(parts)-1] != "s" {
			return "", errBadResponse
		}
		claims, err := base64.RawURLEncoding.DecodeString(parts[1])
		return string(claims), err
	}
}

func jwtOf(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".s"
}

// responded is the callback whose JWT has these claims.
func responded(login *oauth.Login, claims map[string]any) *http.Request {
	text, _ := json.Marshal(claims)
	return answered(login, url.Values{"response": {jwtOf(string(text))}})
}

func answered(login *oauth.Login, params url.Values) *http.Request {
	if login.ResponseMode == oauth.ResponseModeFormPostJWT {
		return posted(params.Encode(), formType)
	}
	return callback(params)
}

func claimsFor(login *oauth.Login) map[string]any {
	return map[string]any{"iss": server, "aud": []string{"c"}, "exp": 1, "code": code, "state": login.State}
}

func TestResponseThatIsAJWT(t *testing.T) {
	t.Parallel()
	for mode, sent := range map[oauth.ResponseMode]oauth.ResponseMode{"": "jwt", "jwt": "jwt", "query.jwt": "query.jwt", "form_post.jwt": "form_post.jwt"} {
		c := with(t, tokenReply(200, good), inJWT)
		login := begin(t, c, oauth.AuthorizeOptions{ResponseMode: mode})
		assert.Equal(t, sent, login.ResponseMode)
		assert.Contains(t, login.URL, "&response_mode="+string(sent))
		r := responded(login, claimsFor(login))
		assert.Equal(t, login.State, c.LoginKey(r))
		_, err := c.CompleteLogin(t.Context(), login, r)
		require.NoError(t, err)
		assert.Equal(t, login.State, c.LoginKey(r), "the body can still be read")

		_, err = with(t, silent(t), inJWT).CompleteLogin(t.Context(), login, answered(login, url.Values{"response": {jwtOf("{}") + "x"}}))
		assert.Equal(t, errBadResponse, err)
	}
}

// J3, A1, A2, A7, A11, A12: the parameters of the JWT are checked as those of any callback. iss is always demanded.
func TestJ3J6ParametersOfAJWT(t *testing.T) {
	t.Parallel()
	refuse := func(claim string, value any, want oauth.CallbackCheck) {
		t.Helper()
		twin := with(t, tokenReply(200, good), inJWT)
		login := begin(t, twin, oauth.AuthorizeOptions{})
		claims := claimsFor(login)
		_, err := twin.CompleteLogin(t.Context(), login, responded(login, claims))
		require.NoError(t, err)
		claims[claim] = value
		refused(t, with(t, silent(t), inJWT), login, responded(login, claims), want)
	}
	for _, v := range []any{nil, "", server + "/"} {
		refuse("iss", v, oauth.CheckIssuer)
	}
	for _, v := range []any{nil, "", "another"} {
		refuse("state", v, oauth.CheckState)
	}
	for _, v := range []any{nil, ""} {
		refuse("code", v, oauth.CheckResponse)
	}
	refuse("error", "access_denied", oauth.CheckResponse)
	refuse("access_token", "AT", oauth.CheckResponse)
	refuse("response", "x", oauth.CheckResponse)
	for _, name := range []string{"iss", "state", "code", "error", "error_description", "error_uri", "access_token", "token_type", "scope", "id_token", "refresh_token", "response", "session_state"} {
		for _, v := range []any{7, false, []string{"x"}, map[string]any{}} {
			refuse(name, v, oauth.CheckMalformed)
		}
	}
	for _, v := range []any{false, []int{60}, map[string]any{}} {
		refuse("expires_in", v, oauth.CheckMalformed)
	}
	login := begin(t, with(t, silent(t), inJWT), oauth.AuthorizeOptions{})
	for _, claims := range []string{"", "[]", "{", `{"code":"C","code":"C"}`} {
		refused(t, with(t, silent(t), inJWT), login, callback(url.Values{"response": {jwtOf(claims)}}), oauth.CheckMalformed)
	}
}

// A17: nothing of the response may be outside of the JWT.
func TestA17PlainResponse(t *testing.T) {
	t.Parallel()
	for _, mode := range []oauth.ResponseMode{"query.jwt", "form_post.jwt"} {
		login := begin(t, with(t, silent(t), inJWT), oauth.AuthorizeOptions{ResponseMode: mode})
		text, _ := json.Marshal(claimsFor(login))
		whole := url.Values{"response": {jwtOf(string(text))}}
		for name, value := range map[string]string{"code": code, "state": login.State, "error": "access_denied", "access_token": "AT", "id_token": "x.y.z"} {
			params := url.Values{"response": whole["response"], name: {value}}
			refused(t, with(t, silent(t), inJWT), login, answered(login, params), oauth.CheckResponse)
		}
		refused(t, with(t, silent(t), inJWT), login, answered(login, right(login)), oauth.CheckResponse)
		refused(t, with(t, silent(t), inJWT), login, answered(login, url.Values{"lang": {"en"}}), oauth.CheckResponse)
		for iss, want := range map[string]error{server: nil, "": oauth.CheckIssuer, server + "/": oauth.CheckIssuer} {
			params := url.Values{"response": whole["response"], "iss": {iss}, "lang": {"en"}}
			_, err := with(t, tokenReply(200, good), inJWT).CompleteLogin(t.Context(), login, answered(login, params))
			if want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, want)
			}
		}
	}
	login := begin(t, with(t, silent(t), withIssuer), oauth.AuthorizeOptions{})
	refused(t, with(t, silent(t), withIssuer), login, responded(login, claimsFor(login)), oauth.CheckState)
	params := right(login)
	params.Set("response", jwtOf("{}"))
	refused(t, with(t, silent(t), withIssuer), login, callback(params), oauth.CheckResponse)
}

// A13: the place that was asked for.
func TestA13PlaceOfAJWT(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), inJWT)
	get := begin(t, c, oauth.AuthorizeOptions{ResponseMode: oauth.ResponseModeQueryJWT})
	post := begin(t, c, oauth.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPostJWT})
	refused(t, c, get, responded(post, claimsFor(get)), oauth.CheckMethod)
	refused(t, c, post, responded(get, claimsFor(post)), oauth.CheckMethod)
	both := responded(post, claimsFor(post))
	both.URL.RawQuery = "response=x"
	refused(t, c, post, both, oauth.CheckMethod)
	for _, mode := range []oauth.ResponseMode{"", "query", "form_post", "fragment"} {
		other := *post
		other.ResponseMode = mode
		refused(t, c, &other, responded(&other, claimsFor(post)), oauth.CheckLogin)
		refused(t, with(t, silent(t), withIssuer), post, responded(post, claimsFor(post)), oauth.CheckLogin)
	}
}

// A8, A10: the server's error is in the JWT.
func TestA10ErrorInAJWT(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), inJWT)
	login := begin(t, c, oauth.AuthorizeOptions{})
	claims := claimsFor(login)
	delete(claims, "code")
	claims["error"], claims["error_description"] = "access_denied", "state "+login.State
	_, err := c.CompleteLogin(t.Context(), login, responded(login, claims))
	require.EqualError(t, err, "oauth: the server refused: access_denied: state [redacted]")
	require.ErrorIs(t, err, oauth.AccessDenied)
	claims["iss"] = "https://attacker.example"
	refused(t, c, login, responded(login, claims), oauth.CheckIssuer)
}

// A token that comes in the query is encrypted (JARM §2.3.1).
func TestReadCallbackOfATokenInTheQuery(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), inJWT)
	login := begin(t, c, oauth.AuthorizeOptions{ResponseMode: oauth.ResponseModeQueryJWT})
	claims := claimsFor(login)
	claims["access_token"], claims["token_type"], claims["expires_in"] = "AT", "Bearer", 60
	text, _ := json.Marshal(claims)
	signed := jwtOf(string(text))
	sealed := strings.Replace(signed, ".s", ".x.y.s", 1)
	_, err := c.ReadCallback(t.Context(), login, "code token", callback(url.Values{"response": {signed}}))
	require.ErrorIs(t, err, oauth.CheckResponse)
	response, err := c.ReadCallback(t.Context(), login, "code token", callback(url.Values{"response": {sealed}}))
	require.NoError(t, err)
	assert.Equal(t, []any{code, "AT", int64(60), server, "1"}, []any{response.Code, response.Token.AccessToken, response.Token.ExpiresIn, response.Issuer, response.Param("exp")})
	login.ResponseMode = oauth.ResponseModeJWT // the fragment, for this response type
	_, err = c.ReadCallback(t.Context(), login, "code token", callback(url.Values{"response": {sealed}}))
	require.ErrorIs(t, err, oauth.CheckMethod)
	_, err = c.ReadCallback(t.Context(), login, "code token", posted(url.Values{"response": {signed}}.Encode(), formType))
	require.NoError(t, err)
}

func TestModeOfAJWTRefused(t *testing.T) {
	t.Parallel()
	_, err := oauth.NewClient(oauth.Config{ReadAuthorizationResponse: func(context.Context, string) (string, error) { return "", nil }})
	require.EqualError(t, err, "oauth: ReadAuthorizationResponse needs Issuer")
	for mode, want := range map[oauth.ResponseMode]string{
		"fragment.jwt": "oauth: ResponseMode fragment.jwt does not reach the application's server, want query or form_post",
		"query":        `oauth: ResponseMode "query" is not one of a JWT, and the client reads no other response (ReadAuthorizationResponse, AuthorizationSigningAlg)`,
		"form_post":    `oauth: ResponseMode "form_post" is not one of a JWT, and the client reads no other response (ReadAuthorizationResponse, AuthorizationSigningAlg)`,
		"QUERY.jwt":    `oauth: unknown ResponseMode "QUERY.jwt", want query or form_post`,
	} {
		_, err := with(t, silent(t), inJWT).BeginLogin(t.Context(), oauth.AuthorizeOptions{ResponseMode: mode})
		require.EqualError(t, err, want)
	}
	offered := func(modes ...string) func(*oauth.Config) {
		return func(c *oauth.Config) {
			inJWT(c)
			c.Metadata = &oauth.Metadata{Issuer: server, ResponseModesSupported: modes}
		}
	}
	for mode, modes := range map[oauth.ResponseMode][]string{"jwt": {"jwt"}, "query.jwt": {"query.jwt", "form_post.jwt"}} {
		assert.Equal(t, mode, begin(t, with(t, silent(t), offered(modes...)), oauth.AuthorizeOptions{}).ResponseMode)
	}
	for mode, lacking := range map[oauth.ResponseMode]string{"": "query.jwt", "jwt": "jwt", "form_post.jwt": "form_post.jwt"} {
		_, err := with(t, silent(t), offered("query", "fragment.jwt")).BeginLogin(t.Context(), oauth.AuthorizeOptions{ResponseMode: mode})
		require.EqualError(t, err, "oauth: the server's response_modes_supported does not have "+lacking+": it is query, fragment.jwt")
	}
}

func TestLoginKey(t *testing.T) {
	t.Parallel()
	plain, signed := newClient(t, silent(t)), with(t, silent(t), inJWT)
	get := func(query string) *http.Request { return httptest.NewRequest(http.MethodGet, "/cb?"+query, nil) }
	assert.Equal(t, "S", plain.LoginKey(get("state=S&code=C")))
	assert.Equal(t, "S", signed.LoginKey(get("response="+jwtOf(`{"state":"S"}`))))
	assert.Empty(t, plain.LoginKey(get("response="+jwtOf(`{"state":"S"}`))))
	for _, none := range []string{"", "state=S", "response=x", "response=" + jwtOf("{}"), "response=" + jwtOf(`{"state":7}`), "response=" + jwtOf(`{"state":"\ud800"}`), "response=" + jwtOf(`{"state":"S","state":"S"}`)} {
		assert.Empty(t, signed.LoginKey(get(none)), none)
	}
	for _, c := range []*oauth.Client{plain, signed, nil, {}} {
		assert.Empty(t, c.LoginKey(nil))
		assert.Empty(t, c.LoginKey(&http.Request{}))
	}
}

// FuzzJWTResponse: no claims panic, and those that are accepted have the login's state, the issuer and one code, as strings,
// and nothing that was not asked for.
func FuzzJWTResponse(f *testing.F) {
	for _, claims := range []string{
		`{"iss":"` + server + `","code":"C","state":"STATE"}`, `{"iss":"` + server + `","error":"access_denied","state":"STATE"}`, `{"iss":"` + server + `","code":"C","state":"STATE","exp":1e3,"aud":["c"]}`,
		`{"iss":"` + server + `","code":7,"state":"STATE"}`, `{"iss":null,"code":"C","state":"STATE"}`, `{"iss":"` + server + `","code":"C","state":"STATE","scope":"x","expires_in":60}`,
		`{"iss":"` + server + `","code":"C","code":"D","state":"STATE"}`, `{"ISS":"` + server + `","code":"C","State":"STATE"}`, `[]`, ``, `{"iss":"` + server + `","code":"\ud800","state":"STATE"}`,
	} {
		f.Add(claims)
	}
	c := with(f, replyAt("/token", jsonReply(200, good)), inJWT)
	f.Fuzz(func(t *testing.T, claims string) {
		login := begin(t, c, oauth.AuthorizeOptions{})
		login.State = "STATE"
		r := callback(url.Values{"response": {jwtOf(claims)}})
		key := c.LoginKey(r)
		response, err := c.ReadCallback(t.Context(), login, oauth.ResponseTypeCode, r)
		var refused *oauth.CallbackError
		var failed *oauth.Error
		if (response == nil) != (err != nil) || err != nil && !errors.As(err, &refused) && !errors.As(err, &failed) {
			t.Fatalf("%v, %v", response != nil, err)
		}
		if err != nil && failed == nil {
			return
		}
		var read map[string]any
		if json.Unmarshal([]byte(claims), &read) != nil || read["iss"] != server || read["state"] != "STATE" || key != "STATE" {
			t.Fatalf("accepted %q, whose key is %q", claims, key)
		}
		if failed == nil && (read["code"] != response.Code || response.Code == "") {
			t.Fatalf("the code of %q is %q", claims, response.Code)
		}
		for _, name := range []string{"access_token", "id_token", "refresh_token", "response"} {
			if read[name] != nil {
				t.Fatalf("accepted %q", claims)
			}
		}
	})
}
