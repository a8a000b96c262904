package authtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
)

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	keys := func(path string, pairs ...string) (int, map[string]any) {
		return j.call(path, append([]string{"grant_type", "client_credentials", "client_id", authtest.AccessKey, "client_secret", authtest.SecretKey}, pairs...)...)
	}
	status, reply := keys("/oidc/token", "scope", "email message orders:read table")
	granted(t, status, reply)
	assert.ElementsMatch(t, []string{"access_token", "token_type", "expires_in", "scope", "rejected_scope"}, names(reply))
	assert.Equal(t, "email orders:read", reply["scope"])
	assert.Equal(t, "message table", reply["rejected_scope"])
	access := j.claims(text(reply, "access_token"), "RS256")
	assert.Equal(t, authtest.AccessKey, access["aud"])
	assert.Equal(t, authtest.AppID, access["azp"])
	assert.NotContains(t, access, "sub")
	assert.True(t, j.active(reply, "access_token"))

	status, me := j.get("/oidc/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	refused(t, status, me, http.StatusUnauthorized, "invalid_token")

	status, reply = keys("/oidc/token", "scope", "email")
	granted(t, status, reply)
	assert.NotContains(t, reply, "rejected_scope")
	status, reply = keys("/oidc/token", "scope", "message")
	refused(t, status, reply, http.StatusBadRequest, "invalid_scope")
	status, reply = keys("/oidc/token", "scope", "email", "client_secret", "wrong")
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = j.call("/oidc/token", "grant_type", "client_credentials", "scope", "email")
	refused(t, status, reply, http.StatusBadRequest, "unauthorized_client")
	status, reply = j.post("/oidc/token", basic(authtest.AccessKey, authtest.SecretKey), form("grant_type", "client_credentials"))
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")

	status, reply = keys("/oauth/token", "scope", "user")
	granted(t, status, reply)
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["access_token"])
	assert.NotContains(t, reply, "refresh_token")
}

func TestMachineScopes(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{AccessKey: "ak", SecretKey: "sk", MachineScopes: []string{"book:read", "book:write"}})
	status, reply := j.call("/oidc/token", "grant_type", "client_credentials", "client_id", "ak", "client_secret", "sk")
	granted(t, status, reply)
	assert.Equal(t, "book:read book:write", reply["scope"], "without scope, all that the account holds")
}
