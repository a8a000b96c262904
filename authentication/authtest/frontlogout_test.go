package authtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
)

const homeURI = "http://localhost:3000/"

func TestLogoutMisconfiguration(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{LogoutURIs: []string{homeURI}})
	hint := text(j.tokens(), "id_token")
	tests := map[string]struct{ path, good, bad, code string }{
		"end session": {
			"/oidc/session/end",
			form("id_token_hint", hint, "post_logout_redirect_uri", homeURI).Encode(),
			form("id_token_hint", hint, "post_logout_redirect_uri", homeURI+"x").Encode(), "misconfiguration",
		},
		"no hint, no client": {
			"/oidc/session/end",
			form("client_id", authtest.AppID, "post_logout_redirect_uri", homeURI).Encode(),
			form("post_logout_redirect_uri", homeURI).Encode(), "misconfiguration",
		},
		"forged hint": {
			"/oidc/session/end",
			form("id_token_hint", hint, "post_logout_redirect_uri", homeURI).Encode(),
			form("id_token_hint", hint+"x", "post_logout_redirect_uri", homeURI).Encode(), "invalid_request",
		},
		"front end": {
			"/login/profile/logout",
			form("redirect_uri", homeURI, "app_id", authtest.AppID).Encode(),
			form("redirect_uri", "https://attacker.example/").Encode(), "misconfiguration",
		},
		"other application": {
			"/login/profile/logout",
			form("redirect_uri", homeURI, "app_id", authtest.AppID).Encode(),
			form("redirect_uri", homeURI, "app_id", "another").Encode(), "invalid_client",
		},
		"CAS": {
			"/cas-idp/" + authtest.AppID + "/logout",
			form("service", homeURI).Encode(),
			form("service", "https://attacker.example/").Encode(), "misconfiguration",
		},
		"CAS as the SDKs send it": {
			"/cas-idp/logout",
			form("url", homeURI).Encode(),
			form("url", "https://attacker.example/").Encode(), "misconfiguration",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response, body := j.visit(j.url + test.path + "?" + test.bad)
			assert.Equal(t, http.StatusBadRequest, response.StatusCode)
			assert.Empty(t, response.Header.Get("Location"))
			assert.Contains(t, body, `<code id="error">`+test.code+`</code>`)
			response, _ = j.visit(j.url + test.path + "?" + test.good)
			assert.Equal(t, homeURI, response.Header.Get("Location"))
		})
	}
}

func TestFrontLogoutEndsTheSession(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/login/profile/logout", "/cas-idp/" + authtest.AppID + "/logout", "/cas-idp/logout"} {
		j := start(t, &authtest.Server{})
		j.signIn(j.authURL("/oidc/auth"))
		require.Equal(t, "code", j.goes(j.authURL("/oidc/auth", "prompt", "none")))
		response, body := j.visit(j.url + path)
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.Contains(t, body, "signed out")
		assert.Equal(t, "login_required", j.goes(j.authURL("/oidc/auth", "prompt", "none")))
	}
}
