package authtest_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
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

func TestMethodsPerEndpoint(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{TokenAuth: "client_secret_post", IntrospectionAuth: "client_secret_basic", RevocationAuth: "none"})
	assert.Equal(t, [3]int{200, 401, 401}, j.try(nil, "client_id", authtest.AppID, "client_secret", authtest.Secret))
	assert.Equal(t, [3]int{401, 200, 401}, j.try(basic(authtest.AppID, authtest.Secret)))
	assert.Equal(t, [3]int{401, 401, 200}, j.try(nil, "client_id", authtest.AppID))
	_, document := j.get("/oidc/.well-known/openid-configuration", nil)
	assert.Equal(t, []any{"client_secret_basic"}, document["introspection_endpoint_auth_methods_supported"])
}
