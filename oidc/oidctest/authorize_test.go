package oidctest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// Errors that go back to the application; each request is a good one but for the pairs.
func TestAuthorizeErrorsTravel(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path  string
		pairs []string
		code  string
	}{
		"no response_type":         {"/auth", []string{"response_type", ""}, "invalid_request"},
		"token alone":              {"/auth", []string{"response_type", "token"}, "unsupported_response_type"},
		"unknown type":             {"/auth", []string{"response_type", "code bogus"}, "unsupported_response_type"},
		"OAuth id_token":           {"/oauth/auth", []string{"response_type", "id_token", "nonce", "n"}, "unsupported_response_type"},
		"query with a token":       {"/auth", []string{"response_type", "id_token token", "response_mode", "query"}, "invalid_request"},
		"OAuth query with a token": {"/oauth/auth", []string{"response_type", "token", "response_mode", "query"}, "invalid_request"},
		"unknown mode":             {"/auth", []string{"response_mode", "pigeon"}, "invalid_request"},
		"no openid":                {"/auth", []string{"scope", "profile"}, "invalid_request"},
		"OAuth scope":              {"/oauth/auth", []string{"scope", "everything"}, "invalid_scope"},
		"no nonce":                 {"/auth", []string{"response_type", "code id_token", "nonce", ""}, "invalid_request"},
		"none and login":           {"/auth", []string{"prompt", "none login"}, "invalid_request"},
		"unknown prompt":           {"/auth", []string{"prompt", "dance"}, "invalid_request"},
		"nobody logged in":         {"/auth", []string{"prompt", "none"}, "login_required"},
		"max_age":                  {"/auth", []string{"max_age", "-1"}, "invalid_request"},
		"method alone":             {"/auth", []string{"code_challenge_method", "S256"}, "invalid_request"},
		"short challenge":          {"/auth", []string{"code_challenge", "short", "code_challenge_method", "S256"}, "invalid_request"},
		"unknown method":           {"/auth", []string{"code_challenge", digest, "code_challenge_method", "S512"}, "invalid_request"},
		"claims":                   {"/auth", []string{"claims", "{"}, "invalid_request"},
		"id_token_hint":            {"/auth", []string{"id_token_hint", "a.b.c"}, "invalid_request"},
		"request":                  {"/auth", []string{"request", "a.b.c"}, "request_not_supported"},
		"request_uri":              {"/auth", []string{"request_uri", "https://example.com/"}, "request_uri_not_supported"},
	}
	j := start(t, &oidctest.Server{})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values := j.login(test.path, test.pairs...)
			assert.Equal(t, test.code, values.Get("error"))
			assert.Equal(t, "state-1", values.Get("state"))
			for _, absent := range []string{"code", "access_token", "id_token"} {
				assert.NotContains(t, values, absent)
			}
		})
	}
	// Their twins.
	assert.Contains(t, j.login("/auth"), "code")
	assert.Contains(t, j.login("/oauth/auth", "scope", "user"), "code")
	assert.Contains(t, j.login("/auth", "nonce", ""), "code", "the code flow needs no nonce")
	assert.Contains(t, j.login("/auth", "ui_locales", "zh-CN", "acr_values", "1", "display", "page", "tenant_id", "t", "claims", `{"userinfo":{"email":null}}`), "code")
}

func TestRepeatedParameterIsRefused(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	callback, err := j.idp.Login(t.Context(), j.authURL("/auth")+"&scope=openid", "")
	require.NoError(t, err)
	assert.Equal(t, "invalid_request", parameters(t, callback).Get("error"))
}

// Errors that must not be redirected: the address itself is in doubt.
func TestAuthorizeErrorsStay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pairs []string
		more  string
		code  string
	}{
		"foreign redirect":  {[]string{"redirect_uri", "https://attacker.example/cb"}, "", "invalid_redirect_uri"},
		"no redirect":       {[]string{"redirect_uri", ""}, "", "invalid_redirect_uri"},
		"fragment":          {[]string{"redirect_uri", callbackURI + "#x"}, "", "invalid_redirect_uri"},
		"user in redirect":  {[]string{"redirect_uri", "http://localhost@attacker.example/"}, "", "invalid_redirect_uri"},
		"script":            {[]string{"redirect_uri", "javascript:alert(1)"}, "", "invalid_redirect_uri"},
		"lookalike":         {[]string{"redirect_uri", "http://localhost.attacker.example/"}, "", "invalid_redirect_uri"},
		"unknown client":    {[]string{"client_id", "<b>another"}, "", "invalid_client"},
		"repeated redirect": {nil, "&redirect_uri=http%3A%2F%2Flocalhost%2F", "invalid_request"},
	}
	j := start(t, &oidctest.Server{})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := j.authURL("/auth", test.pairs...) + test.more
			response, body := j.visit(address)
			assert.Equal(t, http.StatusBadRequest, response.StatusCode)
			assert.Empty(t, response.Header.Get("Location"))
			assert.Contains(t, body, `<code id="error">`+test.code+`</code>`)
			assert.NotContains(t, body, "<b>another")
			_, err := j.idp.Login(t.Context(), address, "")
			assert.ErrorContains(t, err, "400 "+test.code)
		})
	}
}

func TestRegisteredRedirects(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{RedirectURIs: []string{"https://app.example.com/cb"}})
	assert.Contains(t, j.login("/auth", "redirect_uri", "https://app.example.com/cb"), "code")
	for _, other := range []string{callbackURI, "https://app.example.com/cb/", "https://app.example.com/cb?x=1", "https://APP.example.com/cb"} {
		_, err := j.idp.Login(t.Context(), j.authURL("/auth", "redirect_uri", other), "")
		assert.ErrorContains(t, err, "invalid_redirect_uri", other)
	}
}

func TestAuthorizeByPost(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	response, _ := j.do(http.MethodPost, j.url+"/auth", form("client_id", oidctest.ClientID, "redirect_uri", callbackURI,
		"response_type", "code", "scope", "openid", "prompt", "none"))
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	to, err := response.Location()
	require.NoError(t, err)
	assert.Equal(t, "login_required", to.Query().Get("error"))
}

func TestClaimsParameter(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	reply := j.tokens("scope", "openid", "claims", `{"id_token":{"auth_time":{"essential":true},"email":null},"userinfo":{"phone_number":null}}`)
	id := j.claims(text(reply, "id_token"), "RS256")
	assert.Equal(t, idptest.Email, id["email"])
	assert.Contains(t, id, "auth_time")
	_, me := j.get("/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	assert.Equal(t, idptest.Phone, me["phone_number"])
	assert.NotContains(t, me, "email")
}
