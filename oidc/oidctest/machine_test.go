package oidctest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	status, reply := j.call("/token", "grant_type", "client_credentials", "scope", "email openid offline_access table")
	granted(t, status, reply)
	assert.ElementsMatch(t, []string{"access_token", "token_type", "expires_in", "scope"}, names(reply))
	assert.Equal(t, "email", reply["scope"], "no person, no openid")
	access := j.claims(text(reply, "access_token"), "RS256")
	assert.Equal(t, oidctest.ClientID, access["aud"])
	assert.Equal(t, []any{oidctest.ClientID, oidctest.ClientID}, []any{access["sub"], access["client_id"]})
	assert.True(t, j.active(reply, "access_token"))
	status, me := j.get("/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	refused(t, status, me, http.StatusUnauthorized, "invalid_token")

	status, reply = j.post("/token", basic(oidctest.ClientID, oidctest.ClientSecret), form("grant_type", "client_credentials"))
	granted(t, status, reply)
	assert.Equal(t, "address email phone profile", reply["scope"], "without scope, all that the application can be granted")
	status, reply = j.call("/token", "grant_type", "client_credentials", "scope", "openid")
	refused(t, status, reply, http.StatusBadRequest, "invalid_scope")
	status, reply = j.call("/token", "grant_type", "client_credentials", "client_secret", "wrong")
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = j.call("/oauth/token", "grant_type", "client_credentials", "scope", "user")
	granted(t, status, reply)
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["access_token"])
	assert.NotContains(t, reply, "refresh_token")
}

// A client without a secret has none of its own credentials to grant anything by (RFC 6749 §4.4).
func TestClientCredentialsAreConfidential(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{AllowPublic: true})
	status, reply := j.post("/token", nil, form("grant_type", "client_credentials", "client_id", oidctest.ClientID))
	refused(t, status, reply, http.StatusBadRequest, "unauthorized_client")
	status, reply = j.call("/token", "grant_type", "client_credentials")
	granted(t, status, reply)
}

func TestMachine(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Machine: &oidctest.Machine{ID: "robot", Secret: "sk", Scopes: []string{"book:read", "email"}}})
	robot := func(path string, pairs ...string) (int, map[string]any) {
		return j.call(path, append([]string{"grant_type", "client_credentials", "client_id", "robot", "client_secret", "sk"}, pairs...)...)
	}
	status, reply := robot("/token", "scope", "email message book:read table")
	granted(t, status, reply)
	assert.ElementsMatch(t, []string{"access_token", "token_type", "expires_in", "scope", "rejected_scope"}, names(reply))
	assert.Equal(t, "email book:read", reply["scope"])
	assert.Equal(t, "message table", reply["rejected_scope"])
	access := j.claims(text(reply, "access_token"), "RS256")
	assert.Equal(t, "robot", access["aud"])
	assert.Equal(t, []any{"robot", "robot"}, []any{access["sub"], access["client_id"]})

	status, answer := robot("/token/introspection", "token", text(reply, "access_token"))
	granted(t, status, answer)
	assert.Equal(t, true, answer["active"])
	status, _ = robot("/token/revocation", "token", text(reply, "access_token"))
	assert.Equal(t, http.StatusOK, status)
	assert.False(t, j.active(reply, "access_token"))
	status, answer = robot("/token/introspection", "token", "x", "client_secret", "wrong")
	refused(t, status, answer, http.StatusUnauthorized, "invalid_client")

	status, reply = robot("/token")
	granted(t, status, reply)
	assert.Equal(t, "book:read email", reply["scope"], "without scope, all that the machine holds")
	status, reply = robot("/token", "scope", "email")
	granted(t, status, reply)
	assert.NotContains(t, reply, "rejected_scope")
	status, reply = robot("/token", "scope", "message")
	refused(t, status, reply, http.StatusBadRequest, "invalid_scope")
	status, reply = robot("/token", "scope", "email", "client_secret", "wrong")
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = j.call("/token", "grant_type", "client_credentials", "scope", "email")
	refused(t, status, reply, http.StatusBadRequest, "unauthorized_client")
	status, reply = j.post("/token", basic("robot", "sk"), form("grant_type", "client_credentials"))
	refused(t, status, reply, http.StatusUnauthorized, "invalid_client")
	status, reply = robot("/oauth/token", "scope", "email")
	granted(t, status, reply)
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["access_token"])
	assert.NotContains(t, reply, "refresh_token")
}
