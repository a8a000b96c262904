package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// userInfo fetches the user info of sub from a server that answers with this body.
func userInfo(t *testing.T, status int, contentType, body, sub string) (*oauth.UserInfo, error) {
	t.Helper()
	p := newProvider(t)
	p.text("/me", status, contentType, body)
	return p.client(newTrial().config).GetUserInfoByAccessToken(t.Context(), accessToken, oauth.UserInfoOptions{Subject: sub})
}

const me = `{"sub":"248289761001","name":"Jane Doe","email_verified":true,"roles":["a"]}`

func TestU1UserInfoSubject(t *testing.T) {
	t.Parallel()
	u, err := userInfo(t, http.StatusOK, "application/json", me, "248289761001")
	require.NoError(t, err)
	assert.Equal(t, "Jane Doe", u.Name)
	var rest struct {
		Roles []string `json:"roles"`
	}
	require.NoError(t, u.Claims(&rest))
	assert.Equal(t, []string{"a"}, rest.Roles)
	for name, body := range map[string]string{
		"another": `{"sub":"248289761002"}`, "missing": `{"name":"Jane"}`, "null": `{"sub":null}`, "empty": `{"sub":""}`, "Sub": `{"Sub":"248289761001"}`,
	} {
		u, err := userInfo(t, http.StatusOK, "application/json", body, "248289761001")
		require.ErrorIs(t, err, oauth.ErrSubject, name)
		assert.Nil(t, u)
		assert.NotContains(t, err.Error(), "24828976100")
	}
	_, err = userInfo(t, http.StatusOK, "application/json", `{"sub":248289761001}`, "248289761001")
	require.EqualError(t, err, "oauth: user info reply: sub is not a string")
}

// In OpenID Connect sub is required, also when the caller gives none to compare.
func TestU1UserInfoSubjectIsNeverAbsent(t *testing.T) {
	t.Parallel()
	_, err := userInfo(t, http.StatusOK, "application/json", me, "")
	require.NoError(t, err)
	for _, body := range []string{`{}`, `{"sub":null}`, `{"sub":""}`} {
		u, err := userInfo(t, http.StatusOK, "application/json", body, "")
		require.ErrorIs(t, err, oauth.ErrSubject)
		assert.Nil(t, u)
	}
}

func TestCaseOidcUserInfoIsJWT(t *testing.T) {
	t.Parallel()
	const signed = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2ln"
	_, err := userInfo(t, http.StatusOK, "application/jwt", signed, "")
	require.EqualError(t, err, "oauth: user info reply: is a JWT, want a JSON object (application/jwt from https://op.example/me): "+
		"the server is set to sign or encrypt user info for this client (userinfo_signed_response_alg, userinfo_encrypted_response_alg)")
	_, err = userInfo(t, http.StatusOK, "application/json", me, "")
	require.NoError(t, err, "the accepted twin")
}

func TestU2UserInfoIsJSON(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"signed": newTrial().token(t), "a list": "[]", "empty": "", "twice": `{"sub":"248289761001","sub":"248289761001"}`, "two": me + me,
	} {
		u, err := userInfo(t, http.StatusOK, "application/jwt", body, "248289761001")
		require.ErrorContains(t, err, "oauth: user info reply", name)
		assert.Nil(t, u)
	}
	_, err := userInfo(t, http.StatusOK, "text/html", me, "248289761001")
	require.ErrorContains(t, err, "HTML")
	_, err = userInfo(t, http.StatusOK, "application/json", " "+me+"\n", "248289761001")
	require.NoError(t, err)
}

func TestU4UserInfoRefused(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := p.client(newTrial().config)
	p.on("/me", func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusUnauthorized, Body: http.NoBody, Header: http.Header{
			"Www-Authenticate": {`DPoP algs="ES256", Bearer realm="x", error="invalid_token", error_description="token ` + accessToken + ` expired"`},
		}}, nil
	})
	u, err := client.GetUserInfoByAccessToken(t.Context(), accessToken)
	require.ErrorIs(t, err, oauth.InvalidToken)
	require.EqualError(t, err, "oauth: the server refused with status 401: invalid_token: token [redacted] expired")
	assert.Nil(t, u)
	p.text("/me", http.StatusOK, "application/json", `{"error":"invalid_token"}`)
	_, err = client.GetUserInfoByAccessToken(t.Context(), accessToken)
	require.ErrorIs(t, err, oauth.InvalidToken)
	p.text("/me", http.StatusFound, "", "")
	_, err = client.GetUserInfoByAccessToken(t.Context(), accessToken)
	require.ErrorContains(t, err, "redirect")
}

func TestU5TokenPlacement(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		placement             oauth.TokenPlacement
		method, header, query string
		form                  url.Values
	}{
		"header": {oauth.InHeader, http.MethodGet, "Bearer " + accessToken, "", url.Values{}},
		"body":   {oauth.InBody, http.MethodPost, "", "", url.Values{"access_token": {accessToken}}},
		"query":  {oauth.InsecureTokenInQuery, http.MethodGet, "", "access_token=" + accessToken, url.Values{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			p.text("/me", http.StatusOK, "application/json", me)
			client := p.client(newTrial().config)
			_, err := client.GetUserInfoByAccessToken(t.Context(), accessToken, oauth.UserInfoOptions{Placement: c.placement})
			require.NoError(t, err)
			r := p.request("/me")
			assert.Equal(t, []any{c.method, c.header, c.query, c.form}, []any{r.Method, r.Header.Get("Authorization"), r.URL.RawQuery, p.form("/me")})

			p.text("/me", http.StatusOK, "application/json", strings.Repeat(" ", 1<<20)+me)
			_, err = client.GetUserInfoByAccessToken(t.Context(), accessToken, oauth.UserInfoOptions{Placement: c.placement})
			require.Error(t, err)
			assert.NotContains(t, err.Error(), accessToken)
		})
	}
}
