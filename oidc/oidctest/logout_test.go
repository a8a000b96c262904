package oidctest_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const homeURI = "http://localhost:3000/"

func TestEndSession(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	to := j.signIn(j.authURL("/auth"))
	_, reply := j.redeem("/token", to.Query().Get("code"))
	hint := text(reply, "id_token")

	response, _ := j.visit(j.url + "/session/end?" + form("id_token_hint", hint, "post_logout_redirect_uri", homeURI, "state", "s&1").Encode())
	require.Equal(t, http.StatusFound, response.StatusCode)
	assert.Equal(t, homeURI+"?state=s%261", response.Header.Get("Location"))
	assert.Equal(t, "login_required", j.goes(j.authURL("/auth", "prompt", "none")))

	// Without a session there is nothing to ask about.
	response, _ = j.visit(j.url + "/session/end?" + form("client_id", oidctest.ClientID, "post_logout_redirect_uri", homeURI).Encode())
	assert.Equal(t, homeURI, response.Header.Get("Location"))
	response, body := j.visit(j.url + "/session/end")
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, body, "signed out")
}

func TestEndSessionWithoutHintAsks(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	j.signIn(j.authURL("/auth"))
	address := j.url + "/session/end?" + form("client_id", oidctest.ClientID, "post_logout_redirect_uri", homeURI, "state", "s").Encode()
	response, body := j.visit(address)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	fields := url.Values{}
	for _, input := range regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		fields.Set(input[1], input[2])
	}
	require.NotEmpty(t, fields.Get("confirm"))
	assert.Equal(t, "code", j.goes(j.authURL("/auth", "prompt", "none")), "still logged in")

	forged := form("client_id", oidctest.ClientID, "logout", "yes", "confirm", "guess")
	response, _ = j.do(http.MethodPost, j.url+"/session/end", forged)
	assert.Equal(t, http.StatusOK, response.StatusCode, "asks again")
	response, _ = j.do(http.MethodPost, j.url+"/session/end", fields)
	assert.Equal(t, homeURI+"?state=s", response.Header.Get("Location"))
	assert.Equal(t, "login_required", j.goes(j.authURL("/auth", "prompt", "none")))
}

func TestLogoutMisconfiguration(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{LogoutURIs: []string{homeURI}})
	hint := text(j.tokens(), "id_token")
	tests := map[string]struct{ path, good, bad, code string }{
		"end session": {
			"/session/end",
			form("id_token_hint", hint, "post_logout_redirect_uri", homeURI).Encode(),
			form("id_token_hint", hint, "post_logout_redirect_uri", homeURI+"x").Encode(), "misconfiguration",
		},
		"no hint, no client": {
			"/session/end",
			form("client_id", oidctest.ClientID, "post_logout_redirect_uri", homeURI).Encode(),
			form("post_logout_redirect_uri", homeURI).Encode(), "misconfiguration",
		},
		"forged hint": {
			"/session/end",
			form("id_token_hint", hint, "post_logout_redirect_uri", homeURI).Encode(),
			form("id_token_hint", hint+"x", "post_logout_redirect_uri", homeURI).Encode(), "invalid_request",
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
