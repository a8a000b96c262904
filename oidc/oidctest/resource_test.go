package oidctest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const (
	filesAPI  = "https://files.example/mcp"
	ordersAPI = "https://orders.example"
)

// RFC 8707: the token is for the APIs that the request names.
func TestResources(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Resources: []string{filesAPI, ordersAPI}, Scopes: []string{"openid", "files:read", "offline_access"}})
	reply := j.tokens("scope", "files:read", "resource", filesAPI)
	access := j.claims(text(reply, "access_token"), "RS256")
	assert.Equal(t, []any{[]any{filesAPI}, "files:read"}, []any{access["aud"], access["scope"]})
	assert.NotContains(t, reply, "id_token", "no openid was asked for")
	assert.Equal(t, oidctest.ClientID, j.claims(text(j.tokens(), "access_token"), "RS256")["aud"], "no API was named")

	refusal := j.login("/auth", "resource", "https://attacker.example")
	assert.Equal(t, "invalid_target", refusal.Get("error"))
	code := j.login("/auth", "resource", filesAPI, "scope", "openid offline_access", "prompt", "consent").Get("code")
	status, reply := j.redeem("/token", code, "resource", filesAPI)
	granted(t, status, reply)
	for resource, good := range map[string]bool{ordersAPI: false, "https://attacker.example": false, filesAPI: true} {
		status, next := j.call("/token", "grant_type", "client_credentials", "resource", resource)
		if resource == "https://attacker.example" {
			refused(t, status, next, http.StatusBadRequest, "invalid_target")
		} else {
			granted(t, status, next)
			assert.Equal(t, []any{resource}, j.claims(text(next, "access_token"), "RS256")["aud"])
		}
		if good {
			status, next = j.call("/token", "grant_type", "refresh_token", "refresh_token", text(reply, "refresh_token"), "resource", ordersAPI)
			refused(t, status, next, http.StatusBadRequest, "invalid_target") // and the refresh token is not used up
			status, next = j.call("/token", "grant_type", "refresh_token", "refresh_token", text(reply, "refresh_token"), "resource", resource)
			granted(t, status, next)
		}
	}
	code = j.login("/auth", "resource", filesAPI).Get("code")
	status, reply = j.redeem("/token", code, "resource", ordersAPI)
	refused(t, status, reply, http.StatusBadRequest, "invalid_target")
	assert.Equal(t, "invalid_request", start(t, &oidctest.Server{}).login("/auth", "scope", "email", "resource", filesAPI).Get("error"), "without Resources openid is needed")
}
