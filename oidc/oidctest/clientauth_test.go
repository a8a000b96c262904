package oidctest_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func basic(id, secret string) http.Header {
	text := url.QueryEscape(id) + ":" + url.QueryEscape(secret)
	return http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(text))}}
}

// try asks the three endpoints with the credentials and returns the status of each.
func (j *journey) try(header http.Header, pairs ...string) [3]int {
	j.t.Helper()
	token := form(append(pairs, "grant_type", "password", "username", idptest.Username, "password", idptest.Password)...)
	question := form(append(pairs, "token", "unknown")...)
	first, _ := j.post("/oauth/token", header, token)
	second, _ := j.post("/oauth/token/introspection", header, question)
	third, _ := j.post("/oauth/token/revocation", header, question)
	return [3]int{first, second, third}
}

func TestClientAuthentication(t *testing.T) {
	t.Parallel()
	const secret = "S3cr3t/+=&:é"
	j := start(t, &oidctest.Server{ClientID: "APPID123", ClientSecret: secret})
	good, bad := [3]int{200, 200, 200}, [3]int{401, 401, 401}
	assert.Equal(t, good, j.try(nil, "client_id", "APPID123", "client_secret", secret))
	assert.Equal(t, good, j.try(basic("APPID123", secret)))
	assert.Equal(t, good, j.try(http.Header{"Authorization": {"Basic QVBQSUQxMjM6UzNjcjN0JTJGJTJCJTNEJTI2JTNBJUMzJUE5"}}), "the page's vector")
	assert.Equal(t, good, j.try(basic("APPID123", secret), "client_id", "APPID123"))

	assert.Equal(t, bad, j.try(nil, "client_id", "APPID123", "client_secret", secret+"x"))
	assert.Equal(t, bad, j.try(basic("APPID123", secret+"x")))
	assert.Equal(t, bad, j.try(nil, "client_id", "APPID123"))
	assert.Equal(t, bad, j.try(nil, "client_id", "another", "client_secret", secret))
	plain := "Basic " + base64.StdEncoding.EncodeToString([]byte("APPID123:"+secret))
	assert.Equal(t, bad, j.try(http.Header{"Authorization": {plain}}), "Basic that is not form-encoded")
	assert.Equal(t, bad, j.try(http.Header{"Authorization": {"Bearer x"}}))

	twice := [3]int{400, 400, 400}
	assert.Equal(t, twice, j.try(basic("APPID123", secret), "client_id", "APPID123", "client_secret", secret))
	assert.Equal(t, twice, j.try(basic("APPID123", secret), "client_id", "another"))
	assert.Equal(t, twice, j.try(nil))
}

func TestPublicClient(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{AllowPublic: true})
	assert.Equal(t, [3]int{200, 200, 200}, j.try(nil, "client_id", oidctest.ClientID))
	assert.Equal(t, [3]int{200, 200, 200}, j.try(nil, "client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret))
	assert.Equal(t, [3]int{401, 401, 401}, j.try(nil, "client_id", oidctest.ClientID, "client_secret", "wrong"), "a wrong secret is never no secret")
	assert.Equal(t, [3]int{401, 401, 401}, j.try(nil, "client_id", oidctest.ClientID, "client_secret", ""))
}

func TestMethodsPerEndpoint(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{TokenAuth: "client_secret_post", IntrospectionAuth: "client_secret_basic", RevocationAuth: "none"})
	assert.Equal(t, [3]int{200, 401, 401}, j.try(nil, "client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret))
	assert.Equal(t, [3]int{401, 200, 401}, j.try(basic(oidctest.ClientID, oidctest.ClientSecret)))
	assert.Equal(t, [3]int{401, 401, 200}, j.try(nil, "client_id", oidctest.ClientID))
	_, document := j.get("/.well-known/openid-configuration", nil)
	assert.Equal(t, []any{"client_secret_basic"}, document["introspection_endpoint_auth_methods_supported"])
}

func TestBasicChallenge(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	request, _ := http.NewRequest(http.MethodPost, j.url+"/token/introspection", nil)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(oidctest.ClientID, "wrong")
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	assert.NoError(t, err)
	defer response.Body.Close()
	assert.Contains(t, response.Header.Get("WWW-Authenticate"), "Basic realm=")
}
