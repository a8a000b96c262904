package authtest_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestMisconfiguredServerSaysSo(t *testing.T) {
	t.Parallel()
	for want, idp := range map[string]*authtest.Server{
		"unknown IDTokenSigningAlg":            {IDTokenSigningAlg: "none"},
		"unknown client authentication method": {TokenAuth: "password"},
	} {
		j := start(t, idp)
		response, body := j.visit(j.url)
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, want)
	}
}

func TestUsersClaims(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{Users: []idptest.User{{
		Username: "ada", Password: "p",
		Claims: map[string]any{"KEY": "VALUE", "email": "ada@example.com", "sub": "forged", "nonce": "forged", "iss": "forged", "address": map[string]any{"country": "GB"}},
	}}})
	callback, err := j.idp.Login(t.Context(), j.authURL("/oidc/auth", "scope", "openid profile email address roles unionid"), "ada")
	require.NoError(t, err)
	_, reply := j.redeem("/oidc/token", callback.URL.Query().Get("code"))
	id := j.claims(text(reply, "id_token"), "HS256")
	assert.Equal(t, "VALUE", id["KEY"])
	assert.Equal(t, "ada@example.com", id["email"])
	assert.Equal(t, "nonce-1", id["nonce"])
	assert.Equal(t, j.url+"/oidc", id["iss"])
	assert.Regexp(t, "^[0-9a-f]{24}$", id["sub"])
	assert.Equal(t, map[string]any{"country": "GB"}, id["address"])
	assert.Equal(t, []any{}, id["roles"])
	assert.Contains(t, id, "unionid")
}

func TestMethodsAndPaths(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	for path, want := range map[string]int{"/oidc/token": 405, "/oidc/token/revocation": 405, "/nowhere": 404, "/": 200} {
		response, _ := j.visit(j.url + path)
		assert.Equal(t, want, response.StatusCode, path)
		assert.Equal(t, 1, j.idp.Requests(path))
	}
}

func TestSendIssuer(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{SendIssuer: true})
	assert.Equal(t, j.url+"/oidc", j.login("/oidc/auth").Get("iss"))
	assert.Equal(t, j.url+"/oauth", j.login("/oauth/auth").Get("iss"))
	_, document := j.get("/oidc/.well-known/openid-configuration", nil)
	assert.Equal(t, true, document["authorization_response_iss_parameter_supported"])
}

// One code, many takers at once: exactly one gets the tokens.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	code := j.login("/oauth/auth").Get("code")
	var wait sync.WaitGroup
	statuses := make(chan int, 16)
	for range 16 {
		wait.Go(func() {
			status, _ := j.redeem("/oauth/token", code)
			statuses <- status
		})
	}
	for range 4 {
		wait.Go(func() { _ = j.idp.RotateKeys() })
		wait.Go(func() { j.idp.Break(oidctest.WrongNonce) })
		wait.Go(func() { j.keys() })
		wait.Go(func() { j.idp.Requests("/oidc/token") })
	}
	wait.Wait()
	close(statuses)
	counts := map[int]int{}
	for status := range statuses {
		counts[status]++
	}
	assert.Equal(t, map[int]int{200: 1, 400: 15}, counts)
}
