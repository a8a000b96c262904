package oauth_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestU5UserInfoInThreePlacements(t *testing.T) {
	t.Parallel()
	for fixture, opts := range map[string][]oauth.UserInfoOptions{
		"userinfo_header.http": nil,
		"userinfo_body.http":   {{Placement: oauth.InBody}},
		"userinfo_query.http":  {{Placement: oauth.InsecureTokenInQuery}},
	} {
		c := newClient(t, wiretest.Transport(t, "testdata/"+fixture))
		user, err := c.GetUserInfoByAccessToken(t.Context(), "SlAV32hkKG", opts...)
		require.NoError(t, err, fixture)
		assert.Equal(t, "248289761001", user.Subject)
		assert.Equal(t, oauth.Profile{
			Name: "Jane Doe", GivenName: "Jane", FamilyName: "Doe", PreferredUsername: "j.doe",
			Email: "janedoe@example.com", Picture: "http://example.com/janedoe/me.jpg",
		}, user.Profile)
	}
}

func TestUserInfoMisuse(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	_, err := c.GetUserInfoByAccessToken(t.Context(), "")
	assert.EqualError(t, err, "oauth: access token is empty")
	_, err = c.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Placement: 3})
	assert.EqualError(t, err, "oauth: unknown TokenPlacement 3")
	_, err = c.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{}, oauth.UserInfoOptions{})
	assert.EqualError(t, err, "oauth: UserInfoOptions were given 2 times, want at most once")
	for _, token := range []string{"Bearer AT", "bearer AT", "Bearer "} {
		_, err = c.GetUserInfoByAccessToken(t.Context(), token)
		assert.EqualError(t, err, "oauth: access token begins with the word Bearer: pass only the text after it")
	}
	for _, token := range []string{"BearerAT", "Bearer", "Bearer-AT x", "AT Bearer"} {
		_, err = newClient(t, replyAt("/userinfo", jsonReply(200, `{"sub":"u"}`))).GetUserInfoByAccessToken(t.Context(), token)
		assert.NoError(t, err)
	}
	_, err = c.GetUserInfoByAccessToken(t.Context(), "A\r\nT")
	assert.EqualError(t, err, "oauth: header Authorization has a value with control characters")
}

func userInfo(t *testing.T, body string, opts ...oauth.UserInfoOptions) (*oauth.UserInfo, error) {
	t.Helper()
	return newClient(t, replyAt("/userinfo", jsonReply(200, body))).GetUserInfoByAccessToken(t.Context(), "AT", opts...)
}

func TestU1UserInfoSubject(t *testing.T) {
	t.Parallel()
	want := oauth.UserInfoOptions{Subject: "kim"}
	user, err := userInfo(t, `{"sub":"kim"}`, want)
	require.NoError(t, err, "the accepted twin")
	assert.Equal(t, "kim", user.Subject)
	for body, text := range map[string]string{
		`{"sub":"lee"}`: "another subject", `{"sub":"kim "}`: "another subject", `{"sub":"Kim"}`: "another subject",
		`{"sub":""}`: "has no sub", `{"sub":null}`: "has no sub", `{}`: "has no sub", `{"Sub":"kim"}`: "has no sub",
	} {
		user, err := userInfo(t, body, want)
		assert.ErrorIs(t, err, oauth.ErrSubject, body)
		assert.ErrorContains(t, err, text, body)
		assert.Equal(t, text == "has no sub", errors.Is(err, oauth.ErrNoSubject), body)
		assert.Nil(t, user)
	}
	_, err = userInfo(t, `{"sub":7}`, want)
	assert.EqualError(t, err, "oauth: user info reply: sub is not a string")
	user, err = userInfo(t, `{"login":"kim"}`)
	require.NoError(t, err, "a plain OAuth server without sub, and no Subject is wanted")
	assert.Empty(t, user.Subject)
}

func TestUserInfoProfile(t *testing.T) {
	t.Parallel()
	user, err := userInfo(t, `{"sub":"kim","name":"K","given_name":"G","family_name":"F","middle_name":"M","nickname":"N",
		"preferred_username":"P","profile":"https://p","picture":"https://i","website":"https://w","email":"e@x","email_verified":true,
		"gender":"g","birthdate":"0000-01-02","zoneinfo":"Asia/Shanghai","locale":"zh-CN","phone_number":"+86","phone_number_verified":"true",
		"address":{"formatted":"a","street_address":"b","locality":"c","region":"d","postal_code":"e","country":"f","zip":1},"updated_at":1700000000}`)
	require.NoError(t, err)
	assert.Equal(t, oauth.Profile{
		Name: "K", GivenName: "G", FamilyName: "F", MiddleName: "M", Nickname: "N", PreferredUsername: "P",
		ProfileURL: "https://p", Picture: "https://i", Website: "https://w", Email: "e@x", EmailVerified: true,
		Gender: "g", Birthdate: "0000-01-02", ZoneInfo: "Asia/Shanghai", Locale: "zh-CN", PhoneNumber: "+86", PhoneNumberVerified: true,
		Address:   oauth.Address{Formatted: "a", StreetAddress: "b", Locality: "c", Region: "d", PostalCode: "e", Country: "f"},
		UpdatedAt: "1700000000",
	}, user.Profile)
}

func TestUserInfoOddValues(t *testing.T) {
	t.Parallel()
	user, err := userInfo(t, `{"sub":"kim","name":null,"email":7,"email_verified":"yes","phone_number_verified":1,"address":"x","updated_at":"2026-01-02T03:04:05.678Z"}`)
	require.NoError(t, err)
	assert.Equal(t, oauth.Profile{UpdatedAt: "2026-01-02T03:04:05.678Z"}, user.Profile)
	var all map[string]any
	require.NoError(t, user.Claims(&all))
	assert.Len(t, all, 7, "Claims has all claims")
}

func TestCaseOidcUserInfoIsJWT(t *testing.T) {
	t.Parallel()
	const signed = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2ln"
	fetch := func(contentType, body string) error {
		mock := replyAt("/userinfo", httpmock.NewStringResponder(200, body).HeaderSet(http.Header{"Content-Type": {contentType}}))
		_, err := newClient(t, mock).GetUserInfoByAccessToken(t.Context(), "2YotnFZFEjr1zCsicMWpAA")
		return err
	}
	const hint = ": the server is set to sign or encrypt user info for this client (userinfo_signed_response_alg, userinfo_encrypted_response_alg)"
	assert.EqualError(t, fetch("application/jwt", signed), "oauth: user info reply: is a JWT, want a JSON object (application/jwt from https://server.example.com/userinfo)"+hint)
	for _, body := range []string{signed, signed + "\n", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d", "ewogImFsZyI6IlJTMjU2In0.e30.c2ln"} {
		for _, contentType := range []string{"application/json", "", "text/plain", "Application/JWT; charset=utf-8", "application/x+jwt"} {
			assert.ErrorContains(t, fetch(contentType, body), "is a JWT, want a JSON object", "%s %s", contentType, body)
		}
	}
	for _, contentType := range []string{"application/jwt; charset", "application/userinfo+jwt"} {
		assert.ErrorContains(t, fetch(contentType, "not one"), "is a JWT", "what the label says")
	}
	for _, body := range []string{"eyJ.a", "eyJ.a.b.c", "eyJ.a.b.c.d.e", "fyJ.a.b", "eyJ.a.b!", "e.a.b", `"eyJ.a.b"`} { // no JWTs
		assert.NotContains(t, fetch("application/json", body).Error(), "is a JWT", body)
	}
	assert.EqualError(t, fetch("text/plain; charset=utf-8", "no"), "oauth: user info reply: json: not valid JSON at offset 0 (text/plain from https://server.example.com/userinfo)")
	assert.EqualError(t, fetch("AT/\x1b", "no"), `oauth: user info reply: json: not valid JSON at offset 0 (at/\x1b from https://server.example.com/userinfo)`)
	assert.NoError(t, fetch("application/jwt", `{"sub":"user-1"}`), "the accepted twin: the body decides")
}

// U4: an error in WWW-Authenticate is a typed error.
func TestU4UserInfoRefused(t *testing.T) {
	t.Parallel()
	refuse := func(status int, header string) error {
		mock := replyAt("/userinfo", httpmock.NewStringResponder(status, "").HeaderSet(http.Header{"Www-Authenticate": {header}}))
		_, err := newClient(t, mock).GetUserInfoByAccessToken(t.Context(), "2YotnFZFEjr1zCsicMWpAA")
		return err
	}
	err := refuse(401, `Bearer realm="x", error="invalid_token", error_description="The access token, 2YotnFZFEjr1zCsicMWpAA, expired"`)
	require.ErrorIs(t, err, oauth.InvalidToken)
	assert.EqualError(t, err, "oauth: the server refused with status 401: invalid_token: The access token, [redacted], expired")
	assert.ErrorIs(t, refuse(403, `Bearer error="insufficient_scope", scope="openid"`), oauth.InsufficientScope)
	assert.EqualError(t, refuse(401, `Bearer`), "oauth: the server refused with status 401 at https://server.example.com/userinfo")
	both := httpmock.NewStringResponder(401, "").HeaderSet(http.Header{"Www-Authenticate": {`Bearer error="invalid_request", DPoP error="invalid_token"`}})
	for d, want := range map[*oauth.DPoP]error{nil: oauth.InvalidRequest, newDPoP(t): oauth.InvalidToken} {
		c := with(t, replyAt("/userinfo", both), func(c *oauth.Config) { c.DPoP = d })
		_, err := c.GetUserInfoByAccessToken(t.Context(), "AT")
		require.ErrorIs(t, err, want, "the challenge is that of the scheme that the client uses")
	}
}

func TestUserInfoThatIsNone(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``: "oauth: user info reply: status 200 with an empty body, want a JSON object", `[]`: "oauth: user info reply: is not a JSON object",
		`"kim"`: "oauth: user info reply: is not a JSON object", `null`: "oauth: user info reply: is not a JSON object",
		`{"sub":"kim","sub":"lee"}`: "oauth: user info reply: json: member name occurs twice at offset 13",
	} {
		_, err := userInfo(t, body)
		assert.EqualError(t, err, want+" (from https://server.example.com/userinfo)")
	}
	mock := replyAt("/userinfo", httpmock.NewStringResponder(302, "").HeaderSet(http.Header{"Location": {"https://other.example/?access_token=2YotnFZFEjr1zCsicMWpAA"}}))
	_, err := newClient(t, mock).GetUserInfoByAccessToken(t.Context(), "2YotnFZFEjr1zCsicMWpAA")
	require.ErrorIs(t, err, httpcore.Redirect)
	assert.EqualError(t, err, "oauth: GET https://server.example.com/userinfo: refused a redirect (status 302) to https://other.example")
}
