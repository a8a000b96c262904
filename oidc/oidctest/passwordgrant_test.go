package oidctest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestPasswordGrant(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{PasswordNames: []string{"username", "email", "phone"}})
	for name, value := range map[string]string{"username": idptest.Username, "email": idptest.Email, "phone": idptest.Phone} {
		status, reply := j.call("/token", "grant_type", "password", name, value, "password", idptest.Password)
		granted(t, status, reply)
		assert.Equal(t, "openid profile", reply["scope"])
		assert.NotContains(t, reply, "refresh_token")
		assert.Equal(t, idptest.Subject, j.claims(text(reply, "id_token"), "RS256")["sub"])

		status, reply = j.call("/token", "grant_type", "password", name, value, "password", "wrong")
		refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
		assert.Equal(t, "invalid credentials provided", reply["error_description"])
	}
	status, reply := j.call("/token", "grant_type", "password", "username", idptest.Email, "password", idptest.Password)
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
	status, reply = j.call("/token", "grant_type", "password", "username", idptest.Username, "email", idptest.Email, "password", idptest.Password)
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
	status, reply = j.call("/token", "grant_type", "password", "password", idptest.Password)
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
}

func TestPasswordGrantRefreshToken(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	status, reply := j.call("/token", "grant_type", "password", "username", idptest.Username, "password", idptest.Password, "scope", "openid offline_access")
	granted(t, status, reply)
	status, reply = j.call("/token", "grant_type", "refresh_token", "refresh_token", text(reply, "refresh_token"))
	granted(t, status, reply)
}

func TestPasswordGrantOfOAuth(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
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

// The specification has username alone, and the methods of the endpoint.
func TestPasswordGrantByDefault(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{TokenAuth: "client_secret_basic"})
	login := form("grant_type", "password", "username", idptest.Username, "password", idptest.Password)
	header := basic(oidctest.ClientID, oidctest.ClientSecret)
	status, reply := j.post("/token", header, login)
	granted(t, status, reply)
	status, reply = j.post("/token", header, form("grant_type", "password", "email", idptest.Email, "password", idptest.Password))
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
	login.Set("client_id", oidctest.ClientID)
	login.Set("client_secret", oidctest.ClientSecret)
	status, reply = j.post("/token", nil, login)
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
}

func TestPasswordAuth(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{TokenAuth: "client_secret_basic", PasswordAuth: "client_secret_post"})
	login := []string{"grant_type", "password", "username", idptest.Username, "password", idptest.Password}
	status, reply := j.call("/token", login...)
	granted(t, status, reply)
	status, reply = j.call("/token", append(login, "client_secret", "wrong")...)
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = j.post("/token", basic(oidctest.ClientID, oidctest.ClientSecret), form(login...))
	granted(t, status, reply)
	status, reply = j.redeem("/token", j.login("/auth").Get("code"))
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
}
