package oidctest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// objectClaims are those of a good request object; pairs replace or, when nil, remove them.
func objectClaims(issuer, client string, pairs ...any) map[string]any {
	now := time.Now()
	claims := map[string]any{
		"iss": client, "aud": issuer, "client_id": client, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"response_type": "code", "redirect_uri": callbackURI, "scope": "openid profile", "state": "inside", "nonce": "n", "max_age": 60,
		"claims": map[string]any{"id_token": map[string]any{"auth_time": nil}}, "resource": []string{"https://a", "https://b"},
	}
	for i := 0; i < len(pairs); i += 2 {
		claims[pairs[i].(string)] = pairs[i+1]
		if pairs[i+1] == nil {
			delete(claims, pairs[i].(string))
		}
	}
	return claims
}

func TestRequestObjects(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	object := ""
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/o" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(object))
	}))
	t.Cleanup(host.Close)
	j := start(t, &oidctest.Server{
		JWKS: appKeys(t),
		Apps: []oidctest.App{
			{ClientID: "must", ClientSecret: "s", JWKS: appKeys(t), RequestObjectAlg: "PS256", RequestURIs: []string{host.URL + "/o"}},
			{ClientID: "keyless", ClientSecret: "s"},
		},
	})
	_, document := j.get("/.well-known/openid-configuration", nil)
	assert.Equal(t, []any{true, true}, []any{document["request_parameter_supported"], document["request_uri_parameter_supported"]})
	assert.NotContains(t, document["request_object_signing_alg_values_supported"], "none")
	id, now := oidctest.ClientID, time.Now()
	good := func(client, alg string, pairs ...any) string {
		return signJWT(t, alg, signingKey(), map[string]any{"kid": "app", "typ": "oauth-authz-req+jwt"}, objectClaims(j.url, client, pairs...))
	}
	beside := func(client string, more ...string) url.Values {
		return form(append(more, "client_id", client, "response_type", "code", "scope", "openid", "state", "outside")...)
	}
	none := "eyJhbGciOiJub25lIn0." + "e30" + "."
	for _, c := range []struct {
		name  string
		query url.Values
		want  string // the error on the page; empty is a login
	}{
		{"by value", beside(id, "request", good(id, "RS256")), ""},
		{"typ JWT", beside(id, "request", signJWT(t, "ES256", ecKey(t), nil, objectClaims(j.url, id))), "invalid_request_object"},
		{"alg none", beside(id, "request", none), "invalid_request_object"},
		{"another key", beside(id, "request", signJWT(t, "RS256", other, map[string]any{"kid": "app"}, objectClaims(j.url, id))), "invalid_request_object"},
		{"an assertion", beside(id, "request", signJWT(t, "RS256", signingKey(), map[string]any{"typ": "client-authentication+jwt"}, objectClaims(j.url, id))), "invalid_request_object"},
		{"another iss", beside(id, "request", good(id, "RS256", "iss", "x")), "invalid_request_object"},
		{"another client_id", beside(id, "request", good(id, "RS256", "client_id", "x")), "invalid_request_object"},
		{"a sub", beside(id, "request", good(id, "RS256", "sub", id)), "invalid_request_object"},
		{"another aud", beside(id, "request", good(id, "RS256", "aud", "https://x")), "invalid_request_object"},
		{"expired", beside(id, "request", good(id, "RS256", "exp", now.Add(-time.Second).Unix())), "invalid_request_object"},
		{"no exp", beside(id, "request", good(id, "RS256", "exp", nil)), "invalid_request_object"},
		{"not yet", beside(id, "request", good(id, "RS256", "nbf", now.Add(time.Hour).Unix())), "invalid_request_object"},
		{"issued later", beside(id, "request", good(id, "RS256", "iat", now.Add(time.Hour).Unix())), "invalid_request_object"},
		{"another response_type beside it", form("client_id", id, "response_type", "code token", "scope", "openid", "request", good(id, "RS256")), "invalid_request"},
		{"one in another", beside(id, "request", good(id, "RS256", "request", "x")), "invalid_request_object"},
		{"nothing beside it", form("client_id", id, "request", good(id, "RS256")), "invalid_request"},
		{"no openid beside it", form("client_id", id, "response_type", "code", "scope", "profile", "request", good(id, "RS256")), "invalid_request"},
		{"both", beside(id, "request", good(id, "RS256"), "request_uri", host.URL+"/o"), "invalid_request"},
		{"by reference", beside(id, "request_uri", host.URL+"/o"), ""},
		{"nothing there", beside(id, "request_uri", host.URL+"/x"), "invalid_request_uri"},
		{"its algorithm", beside("must", "request", good("must", "PS256")), ""},
		{"another algorithm", beside("must", "request", good("must", "RS256")), "invalid_request_object"},
		{"it must send one", beside("must", "redirect_uri", callbackURI), "invalid_request"},
		{"an address that is not registered", beside("must", "request_uri", host.URL+"/o?x"), "invalid_request_uri"},
	} {
		object = good(id, "RS256")
		address := j.url + "/auth?" + c.query.Encode()
		if c.want != "" {
			response, body := j.visit(address)
			assert.Equal(t, 400, response.StatusCode, c.name)
			assert.Contains(t, body, c.want, c.name)
			continue
		}
		callback, err := j.idp.Login(t.Context(), address, idptest.Username)
		require.NoError(t, err, c.name)
		assert.Equal(t, "inside", callback.URL.Query().Get("state"), c.name)
		assert.NotEmpty(t, callback.URL.Query().Get("code"), c.name)
	}
	callback, err := j.idp.Login(t.Context(), j.url+"/auth?"+form("client_id", "keyless", "redirect_uri", callbackURI, "response_type", "code", "scope", "openid", "request", "x").Encode(), idptest.Username)
	require.NoError(t, err)
	assert.Equal(t, "request_not_supported", callback.URL.Query().Get("error"))
}
