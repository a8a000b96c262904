package oidctest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestCodeFlow(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	callback := j.login("/auth")
	assert.Equal(t, "state-1", callback.Get("state"))
	assert.NotContains(t, callback, "iss")

	status, reply := j.redeem("/token", callback.Get("code"))
	granted(t, status, reply)
	assert.Equal(t, "Bearer", reply["token_type"])
	assert.EqualValues(t, 3600, reply["expires_in"])
	assert.Equal(t, "openid profile email", reply["scope"])
	assert.NotContains(t, reply, "refresh_token")

	id := j.claims(text(reply, "id_token"), "RS256")
	assert.Equal(t, j.url, id["iss"])
	assert.Equal(t, oidctest.ClientID, id["aud"])
	assert.Equal(t, idptest.Subject, id["sub"])
	assert.Equal(t, "nonce-1", id["nonce"])
	assert.Equal(t, idptest.Email, id["email"])
	assert.Equal(t, leftHalf("RS256", text(reply, "access_token")), id["at_hash"])
	for _, absent := range []string{"birthdate", "auth_time", "c_hash", "phone_number", "azp"} {
		assert.NotContains(t, id, absent)
	}

	access := j.claims(text(reply, "access_token"), "RS256")
	assert.ElementsMatch(t, []string{"jti", "sub", "client_id", "auth_time", "iat", "exp", "scope", "iss", "aud"}, names(access))
	assert.Equal(t, oidctest.ClientID, access["aud"])

	status, me := j.get("/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	granted(t, status, me)
	assert.Equal(t, idptest.Subject, me["sub"])
	assert.Equal(t, idptest.Email, me["email"])
	assert.NotContains(t, me, "phone_number")
}

func names(object map[string]any) []string {
	var all []string
	for name := range object {
		all = append(all, name)
	}
	return all
}

func TestOAuthCodeFlow(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	status, reply := j.redeem("/oauth/token", j.login("/oauth/auth").Get("code"))
	granted(t, status, reply)
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["access_token"])
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["refresh_token"])
	assert.EqualValues(t, 3599, reply["expires_in"])
	assert.Equal(t, "user", reply["scope"])
	assert.NotContains(t, reply, "id_token")

	status, me := j.get("/oauth/me", http.Header{"Authorization": {"bearer " + text(reply, "access_token")}})
	granted(t, status, me)
	assert.Equal(t, idptest.Phone, me["phone_number"])

	// A token of one protocol is none of the other's.
	status, me = j.get("/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	refused(t, status, me, http.StatusUnauthorized, "invalid_token")
}

func TestCodeUsedTwiceRevokesItsTokens(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	code := j.login("/auth", "scope", "openid offline_access", "prompt", "consent").Get("code")
	status, reply := j.redeem("/token", code)
	granted(t, status, reply)
	assert.True(t, j.active(reply, "access_token"))

	status, second := j.redeem("/token", code)
	refused(t, status, second, http.StatusBadRequest, "invalid_grant")
	assert.False(t, j.active(reply, "access_token"))
	assert.False(t, j.active(reply, "refresh_token"))
}

func (j *journey) active(reply map[string]any, name string) bool {
	j.t.Helper()
	status, answer := j.call("/token/introspection", "token", text(reply, name))
	granted(j.t, status, answer)
	return answer["active"] == true
}

func TestCodeExpires(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}})
	code := j.login("/auth").Get("code")
	other := j.login("/auth").Get("code")
	clock.advance(10*time.Minute - time.Second)
	status, reply := j.redeem("/token", code)
	granted(t, status, reply)
	clock.advance(time.Second)
	status, reply = j.redeem("/token", other)
	refused(t, status, reply, http.StatusBadRequest, "invalid_grant")
}

func TestCodeIsBound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path   string
		pairs  []string
		status int
		code   string
	}{
		"other redirect_uri": {"/token", []string{"redirect_uri", callbackURI + "/"}, 400, "invalid_grant"},
		"no redirect_uri":    {"/token", []string{"redirect_uri", ""}, 400, "invalid_request"},
		"other protocol":     {"/oauth/token", nil, 400, "invalid_grant"},
		"unknown code":       {"/token", []string{"code", "unknown"}, 400, "invalid_grant"},
		"no code":            {"/token", []string{"code", ""}, 400, "invalid_request"},
		"other client":       {"/token", []string{"client_id", "another"}, 401, "invalid_client"},
		"wrong secret":       {"/token", []string{"client_secret", "wrong"}, 401, "invalid_client"},
		"verifier for none":  {"/token", []string{"code_verifier", verifier}, 400, "invalid_grant"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{})
			code := j.login("/auth").Get("code")
			status, reply := j.redeem(test.path, code, test.pairs...)
			refused(t, status, reply, test.status, test.code)
			assert.NotContains(t, text(reply, "error_description"), code)
			// The twin: the same code as it should be.
			status, reply = j.redeem("/token", code)
			granted(t, status, reply)
		})
	}
}

func TestTokenRequestForm(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	status, reply := j.call("/token", "grant_type", "")
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
	status, reply = j.call("/token", "grant_type", "urn:example:other")
	refused(t, status, reply, http.StatusBadRequest, "unsupported_grant_type")
	status, reply = j.post("/token", nil, form("grant_type", "password", "grant_type", "password"))
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")

	// Parameters in the query are not looked at.
	status, reply = j.post("/token?grant_type=password&client_id="+oidctest.ClientID, nil, form())
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")

	request, err := http.NewRequest(http.MethodPost, j.url+"/token", strings.NewReader(`{"grant_type":"password"}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	status, reply = j.send(request)
	refused(t, status, reply, http.StatusBadRequest, "invalid_request")
}
