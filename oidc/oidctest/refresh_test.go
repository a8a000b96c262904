package oidctest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestRefreshTokenRules(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pairs []string
		given bool
	}{
		"scope and consent":        {[]string{"scope", "openid offline_access", "prompt", "consent"}, true},
		"scope, login and consent": {[]string{"scope", "openid offline_access", "prompt", "login consent"}, true},
		"hybrid":                   {[]string{"scope", "openid offline_access", "prompt", "consent", "response_type", "code id_token"}, true},
		"scope alone":              {[]string{"scope", "openid offline_access"}, false},
		"consent alone":            {[]string{"scope", "openid", "prompt", "consent"}, false},
		"part of a word":           {[]string{"scope", "openid x_offline_access_y", "prompt", "consent"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := start(t, &oidctest.Server{}).tokens(test.pairs...)
			_, given := reply["refresh_token"]
			assert.Equal(t, test.given, given)
			if test.given {
				assert.Equal(t, "openid offline_access", reply["scope"])
			} else {
				assert.Equal(t, "openid", reply["scope"])
			}
		})
	}
}

func TestRefreshNeverImplicit(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	callback := j.login("/auth", "scope", "openid offline_access", "prompt", "consent", "response_type", "id_token token")
	assert.Contains(t, callback, "access_token")
	assert.NotContains(t, callback, "refresh_token")
	assert.NotContains(t, j.login("/oauth/auth", "response_type", "token"), "refresh_token")
}

func TestRefreshRotation(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/oauth"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{})
			pairs := []string{}
			if path == "" {
				pairs = []string{"scope", "openid email offline_access", "prompt", "consent", "max_age", "600"}
			}
			status, first := j.redeem(path+"/token", j.login(path+"/auth", pairs...).Get("code"))
			granted(t, status, first)
			status, second := j.call(path+"/token", "grant_type", "refresh_token", "refresh_token", text(first, "refresh_token"))
			granted(t, status, second)
			assert.NotEqual(t, first["refresh_token"], second["refresh_token"])
			assert.NotEqual(t, first["access_token"], second["access_token"])
			if path == "" {
				before, after := j.claims(text(first, "id_token"), "RS256"), j.claims(text(second, "id_token"), "RS256")
				assert.Equal(t, before["sub"], after["sub"])
				assert.Equal(t, before["auth_time"], after["auth_time"])
				assert.NotContains(t, after, "nonce")
			}

			// The first again: refused, and the whole family dies.
			status, reply := j.call(path+"/token", "grant_type", "refresh_token", "refresh_token", text(first, "refresh_token"))
			refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
			status, reply = j.call(path+"/token", "grant_type", "refresh_token", "refresh_token", text(second, "refresh_token"))
			refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
			status, reply = j.get(path+"/me", http.Header{"Authorization": {"Bearer " + text(second, "access_token")}})
			refused(t, status, reply, http.StatusUnauthorized, "invalid_token")
		})
	}
}

func TestRefreshScope(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	first := j.tokens("scope", "openid email offline_access", "prompt", "consent")
	status, reply := j.call("/token", "grant_type", "refresh_token", "refresh_token", text(first, "refresh_token"), "scope", "openid phone")
	refused(t, status, reply, http.StatusBadRequest, "invalid_scope")
	status, reply = j.call("/token", "grant_type", "refresh_token", "refresh_token", text(first, "refresh_token"), "scope", "openid")
	granted(t, status, reply)
	assert.Equal(t, "openid", reply["scope"])
	status, reply = j.call("/token", "grant_type", "refresh_token", "refresh_token", text(first, "access_token"))
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
}

func TestRefreshesNeedAClientAndAToken(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for _, c := range []struct {
		token, secret string
		status        int
		code          string
	}{
		{"x", oidctest.ClientSecret, 400, "invalid_grant"},
		{"x", "wrong", 401, "invalid_client"},
		{"", oidctest.ClientSecret, 400, "invalid_request"},
	} {
		status, reply := j.post("/token", nil, form("grant_type", "refresh_token", "refresh_token", c.token, "client_id", oidctest.ClientID, "client_secret", c.secret))
		refused(t, status, reply, c.status, c.code)
	}
}
