package oidctest_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestMisconfiguredServerSaysSo(t *testing.T) {
	t.Parallel()
	for want, idp := range map[string]*oidctest.Server{
		"unknown IDTokenSigningAlg":                {IDTokenSigningAlg: "none"},
		"unknown client authentication method":     {TokenAuth: "password"},
		"private_key_jwt needs JWKS":               {TokenAuth: "private_key_jwt"},
		"tls_client_auth needs CertificateSubject": {Apps: []oidctest.App{{ClientID: "a", TokenAuth: "tls_client_auth"}}},
		"client_secret_basic needs ClientSecret":   {Apps: []oidctest.App{{ClientID: "a"}}},
		"an App needs a ClientID of its own":       {Apps: []oidctest.App{{ClientID: oidctest.ClientID, ClientSecret: "s"}}},
		"unknown name in PasswordNames":            {PasswordNames: []string{"nickname"}},
		"oidctest: Path must begin with":           {Path: "oidc"},
		"and not end with one":                     {Path: "/oidc/"},
		"and need no encoding":                     {Path: "/{tenant}"},
		"IDTokenSigningAlg must be empty":          {OAuth: true, IDTokenSigningAlg: "ES256"},
		"Machine needs an ID of its own":           {Machine: &oidctest.Machine{ID: oidctest.ClientID, Secret: "s"}},
		"of its own and a Secret":                  {Machine: &oidctest.Machine{ID: "robot"}},
		"unknown encryption of ID tokens or user":  {IDTokenEncryptionAlg: "RSA1_5"},
		"unknown encryption of ID":                 {IDTokenEncryptionEnc: "A128GCM"},
		"unknown encryption of":                    {UserInfoEncryptionAlg: "dir", UserInfoEncryptionEnc: "A128CBC"},
		"ECDH-ES needs JWKS":                       {UserInfoEncryptionAlg: "ECDH-ES"},
		"dir needs ClientSecret":                   {Apps: []oidctest.App{{ClientID: "a", TokenAuth: "none", IDTokenEncryptionAlg: "dir"}}},
		"unknown UserInfoSigningAlg":               {UserInfoSigningAlg: "none"},
		"OAuth has no JWTs":                        {OAuth: true, UserInfoSigningAlg: "RS256"},
		"OAuth has no JWTs, so Plain":              {OAuth: true, PlainAccessTokens: true},
		"so PlainAccessTokens":                     {OAuth: true, AccessTokenAudience: "orders"},
		"unknown AuthorizationSigningAlg":          {AuthorizationSigningAlg: "none"},
		"HS256 needs ClientSecret":                 {Apps: []oidctest.App{{ClientID: "a", TokenAuth: "none", AuthorizationSigningAlg: "HS256"}}},
		"or of responses":                          {AuthorizationEncryptionAlg: "RSA1_5"},
		"so AuthorizationSigningAlg and":           {OAuth: true, AuthorizationSigningAlg: "RS256"},
		"unknown RequestObjectAlg":                 {RequestObjectAlg: "none"},
		"unknown encryption of request":            {RequestObjectEncryptionAlg: "RSA1_5"},
		"request objects need JWKS":                {RequestObjectEncryptionAlg: "ECDH-ES"},
		"must be empty or dir":                     {OAuth: true, RequestObjectEncryptionAlg: "ECDH-ES", JWKS: []byte(`{"keys":[]}`)},
		"an App has a type that":                   {AuthorizationDetailsTypes: []string{"a"}, Apps: []oidctest.App{{ClientID: "a", ClientSecret: "s", AuthorizationDetailsTypes: []string{"b"}}}},
		"PushedLifetime must be whole seconds":     {PushedLifetime: time.Millisecond},
		"ExpiresIn must be whole seconds":          {ExpiresIn: time.Millisecond},
	} {
		j := start(t, idp)
		response, body := j.visit(j.url)
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, want)
	}
}

func TestUsersClaims(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Scopes: map[string][]string{"club": {"club", "card"}}, Users: []idptest.User{{
		Username: "ada", Password: "p",
		Claims: map[string]any{"KEY": "VALUE", "club": []string{}, "card": "7", "email": "ada@example.com", "sub": "forged", "nonce": "forged", "iss": "forged", "address": map[string]any{"country": "GB"}},
	}}}})
	callback, err := j.idp.Login(t.Context(), j.authURL("/auth", "scope", "openid profile email address club"), "ada")
	require.NoError(t, err)
	_, reply := j.redeem("/token", callback.URL.Query().Get("code"))
	id := j.claims(text(reply, "id_token"), "RS256")
	assert.Equal(t, "VALUE", id["KEY"])
	assert.Equal(t, "ada@example.com", id["email"])
	assert.Equal(t, "nonce-1", id["nonce"])
	assert.Equal(t, j.url, id["iss"])
	assert.Regexp(t, "^[0-9a-f]{24}$", id["sub"])
	assert.Equal(t, map[string]any{"country": "GB"}, id["address"])
	assert.Equal(t, []any{}, id["club"])
	assert.Equal(t, "7", id["card"])
}

func TestTokenRepliesAreNotStored(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	response, _ := j.do(http.MethodPost, j.url+"/oauth/token", form("client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret,
		"grant_type", "password", "username", idptest.Username, "password", idptest.Password))
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	assert.Equal(t, "application/json; charset=utf-8", response.Header.Get("Content-Type"))
}

func TestMethodsAndPaths(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for path, want := range map[string]int{"/token": 405, "/token/revocation": 405, "/nowhere": 404, "/": 200} {
		response, _ := j.visit(j.url + path)
		assert.Equal(t, want, response.StatusCode, path)
		assert.Equal(t, 1, j.idp.Requests(path))
	}
}

// One code, many takers at once: exactly one gets the tokens.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	code := j.login("/oauth/auth").Get("code")
	var wait sync.WaitGroup
	statuses := make(chan int, 16)
	for range 16 {
		wait.Go(func() {
			status, _ := j.redeem("/oauth/token", code)
			statuses <- status
		})
	}
	for range 4 {
		wait.Go(func() { _ = j.idp.RotateKeys() })
		wait.Go(func() { j.idp.Break(oidctest.WrongNonce) })
		wait.Go(func() { j.keys() })
		wait.Go(func() { j.idp.Requests("/token") })
	}
	wait.Wait()
	close(statuses)
	counts := map[int]int{}
	for status := range statuses {
		counts[status]++
	}
	assert.Equal(t, map[int]int{200: 1, 400: 15}, counts)
}

// Path is part of the issuer and of every address.
func TestPath(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Path: "/oidc"})
	status, document := j.get("/oidc/.well-known/openid-configuration", nil)
	granted(t, status, document)
	assert.Equal(t, j.url+"/oidc", document["issuer"])
	for name, path := range map[string]string{
		"authorization_endpoint": "/auth", "token_endpoint": "/token", "userinfo_endpoint": "/me", "jwks_uri": "/.well-known/jwks.json",
		"introspection_endpoint": "/token/introspection", "revocation_endpoint": "/token/revocation", "end_session_endpoint": "/session/end",
	} {
		assert.Equal(t, j.url+"/oidc"+path, document[name])
	}
	code := j.login("/oidc/auth").Get("code")
	status, reply := j.redeem("/oidc/token", code)
	granted(t, status, reply)
	assert.Equal(t, j.url+"/oidc", unverified(t, text(reply, "id_token"))["iss"])
	response, _ := j.visit(j.url + "/")
	assert.Equal(t, http.StatusNotFound, response.StatusCode, "the home page is that of a server at the root")
}

func TestScopes(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Scopes: []string{"openid", "email", "orders"}})
	assert.Equal(t, "openid orders", j.tokens("scope", "openid profile orders")["scope"])
	_, document := j.get("/.well-known/openid-configuration", nil)
	assert.Equal(t, []any{"openid", "email", "orders"}, document["scopes_supported"])
	_, document = start(t, &oidctest.Server{}).get("/.well-known/openid-configuration", nil)
	assert.Equal(t, []any{"openid", "address", "email", "phone", "profile", "offline_access"}, document["scopes_supported"])
}

func TestExpiresIn(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{ExpiresIn: time.Minute})
	reply := j.tokens()
	assert.EqualValues(t, 60, reply["expires_in"])
	access := j.claims(text(reply, "access_token"), "RS256")
	assert.EqualValues(t, 3600, access["exp"].(float64)-access["iat"].(float64), "the reply alone says so")
	assert.Equal(t, "60", j.login("/auth", "response_type", "id_token token").Get("expires_in"))
}

// What only OpenID Connect has is not there.
func TestOAuthAlone(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for _, path := range []string{"/.well-known/openid-configuration", "/.well-known/jwks.json", "/session/end"} {
		response, _ := j.visit(j.url + path)
		assert.Equal(t, http.StatusOK, response.StatusCode, path)
		response, _ = j.visit(j.url + "/oauth" + path)
		assert.Equal(t, http.StatusNotFound, response.StatusCode, path)
	}
	alone := &oidctest.Server{OAuth: true}
	callback, err := alone.Login(t.Context(), "http://localhost"+authQuery+"http%3A%2F%2Flocalhost%2Fcb", "")
	require.NoError(t, err)
	assert.Equal(t, "invalid_scope", callback.URL.Query().Get("error"), "openid is no scope of OAuth")
	for fault, status := range map[idptest.Fault]int{oidctest.MissingAccessToken: http.StatusOK, oidctest.ExpiredIDToken: http.StatusInternalServerError} {
		alone.Break(fault)
		answer := httptest.NewRecorder()
		alone.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.Equal(t, status, answer.Code, fault)
	}
}
