package authtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func TestPasswordGrant(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	for name, value := range map[string]string{"username": idptest.Username, "email": idptest.Email, "phone": idptest.Phone} {
		status, reply := j.call("/oidc/token", "grant_type", "password", name, value, "password", idptest.Password)
		granted(t, status, reply)
		assert.Equal(t, "openid profile", reply["scope"])
		assert.NotContains(t, reply, "refresh_token")
		assert.Equal(t, idptest.Subject, j.claims(text(reply, "id_token"), "HS256")["sub"])

		status, reply = j.call("/oidc/token", "grant_type", "password", name, value, "password", "wrong")
		refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
		assert.Equal(t, "invalid credentials provided", reply["error_description"])
	}
	status, reply := j.call("/oidc/token", "grant_type", "password", "username", idptest.Email, "password", idptest.Password)
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
	status, reply = j.call("/oidc/token", "grant_type", "password", "username", idptest.Username, "email", idptest.Email, "password", idptest.Password)
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
	status, reply = j.call("/oidc/token", "grant_type", "password", "password", idptest.Password)
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
}

func TestPasswordGrantOfOAuth(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	status, reply := j.call("/oauth/token", "grant_type", "password", "username", idptest.Username, "password", idptest.Password, "scope", "user")
	granted(t, status, reply)
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["refresh_token"])
	assert.NotContains(t, reply, "id_token")
	status, reply = j.call("/oauth/token", "grant_type", "password", "username", idptest.Username, "password", "wrong")
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
	assert.Equal(t, "Invalid grant: user credentials are invalid", reply["error_description"])
	status, reply = j.call("/oauth/token", "grant_type", "password", "email", idptest.Email, "password", idptest.Password)
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
}

// Authing's page prints the credentials in the body, whatever method was chosen.
func TestPasswordGrantByBody(t *testing.T) {
	t.Parallel()
	login := []string{"grant_type", "password", "username", idptest.Username, "password", idptest.Password}
	for method, want := range map[string]int{"": 200, "client_secret_post": 200, "client_secret_basic": 200, "none": 401} {
		for _, path := range []string{"/oidc/token", "/oauth/token"} {
			status, _ := start(t, &authtest.Server{TokenAuth: method}).call(path, login...)
			assert.Equal(t, want, status, method+path)
		}
	}
}
