package oidctest_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const authQuery = "/auth?client_id=" + oidctest.ClientID + "&response_type=code&scope=openid&state=s&redirect_uri="

func TestLoginWithoutListening(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{}
	for _, scheme := range []string{"http", "https"} {
		callback, err := idp.Login(t.Context(), scheme+"://id.example.com"+authQuery+"http%3A%2F%2Flocalhost%2Fcb", "")
		require.NoError(t, err)
		assert.Equal(t, "localhost", callback.Host)
		assert.Empty(t, callback.RequestURI)
	}
}

func TestLoginGivesARequestAHandlerCanTake(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for _, mode := range []string{"query", "form_post"} {
		callback, err := j.idp.Login(t.Context(), j.authURL("/auth", "response_mode", mode), "")
		require.NoError(t, err)
		var got string
		app := http.NewServeMux()
		app.HandleFunc("/auth/callback", func(_ http.ResponseWriter, r *http.Request) { got = r.FormValue("state") })
		app.ServeHTTP(httptest.NewRecorder(), callback)
		assert.Equal(t, "state-1", got)
	}
	callback, err := j.idp.Login(t.Context(), j.authURL("/auth", "response_mode", "form_post"), "")
	require.NoError(t, err)
	assert.Equal(t, j.url, callback.Header.Get("Origin"))
	assert.Equal(t, "application/x-www-form-urlencoded", callback.Header.Get("Content-Type"))
}

func TestLoginUsers(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{Realm: &idptest.Realm{Users: []idptest.User{
		{Username: "ada", Password: "1"},
		{Username: "bob", Password: "2", Email: "bob@example.com", Phone: "+15555550101", Subject: "sub-bob"},
		{Email: "only@example.com", Password: "3", Subject: "sub-only"},
	}}}
	j := start(t, idp)
	for user, want := range map[string]string{"": "ada", "ada": "ada", "bob": "bob", "bob@example.com": "bob", "+15555550101": "bob", "sub-bob": "bob"} {
		callback, err := idp.Login(t.Context(), j.authURL("/auth"), user)
		require.NoError(t, err)
		_, reply := j.redeem("/token", callback.URL.Query().Get("code"))
		assert.Equal(t, want, j.claims(text(reply, "id_token"), "RS256")["preferred_username"])
	}
	_, err := idp.Login(t.Context(), j.authURL("/auth"), "only@example.com")
	assert.NoError(t, err)
	_, err = idp.Login(t.Context(), j.authURL("/auth"), "nobody")
	assert.EqualError(t, err, `idptest: there is no user "nobody"`)
}

func TestLoginErrors(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for address, want := range map[string]string{
		"/auth":                                 "the login URL is not absolute",
		"http://[::1":                           "the login URL is not absolute",
		j.url + "/login":                        "idptest: /login is not a page of this server",
		j.url + "/session/end":                  "no form to fill in",
		j.url + "/.well-known/jwks.json?code=x": "no form to fill in",
	} {
		_, err := j.idp.Login(t.Context(), address, "")
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "code=x")
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := j.idp.Login(stopped, j.authURL("/auth"), "")
	assert.ErrorIs(t, err, context.Canceled)
}

// The application and the server may share a host and a port, or a host alone.
func TestLoginStopsAtTheApplication(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{}
	for _, redirect := range []string{"http://127.0.0.1:9000/auth/callback", "http://127.0.0.1:8000/auth/callback", "http://127.0.0.1:8000/"} {
		callback, err := idp.Login(t.Context(), "http://127.0.0.1:8000"+authQuery+redirect, "")
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(callback.URL.String(), redirect+"?"))
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{Realm: &idptest.Realm{BaseURL: "https://id.example.com/tenant/"}}
	j := start(t, idp)
	for _, prefix := range []string{"/tenant", ""} {
		_, document := j.get(prefix+"/.well-known/openid-configuration", nil)
		assert.Equal(t, "https://id.example.com/tenant", document["issuer"])
		assert.Equal(t, "https://id.example.com/tenant/auth", document["authorization_endpoint"])
	}
	callback, err := idp.Login(t.Context(), "https://id.example.com/tenant"+authQuery+"http%3A%2F%2Flocalhost%2Fcb", "")
	require.NoError(t, err)
	status, reply := j.redeem("/tenant/token", callback.URL.Query().Get("code"), "redirect_uri", "http://localhost/cb")
	granted(t, status, reply)
	assert.Equal(t, "https://id.example.com/tenant", j.claims(text(reply, "id_token"), "RS256")["iss"])
	assert.Equal(t, 2, idp.Requests("/.well-known/openid-configuration"))
}

func TestIssuerFollowsTheHost(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{}
	server := httptest.NewTLSServer(idp)
	t.Cleanup(server.Close)
	response, err := server.Client().Get(server.URL + "/.well-known/openid-configuration")
	require.NoError(t, err)
	defer response.Body.Close()
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, "/.well-known/openid-configuration", nil)
	request.TLS = &tls.ConnectionState{}
	request.Host = "other.example.com"
	idp.ServeHTTP(recorder, request)
	assert.Contains(t, recorder.Body.String(), `"issuer":"https://other.example.com"`)
}
