package oidctest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const (
	openIDDocument = "/.well-known/openid-configuration"
	oauthDocument  = "/.well-known/oauth-authorization-server"
)

// listening is a server with TLS, and a way to ask it.
func listening(t *testing.T, idp *oidctest.Server) (base string, get func(path string) (int, string)) {
	t.Helper()
	server := httptest.NewTLSServer(idp)
	t.Cleanup(server.Close)
	return server.URL, func(path string) (int, string) {
		response, err := server.Client().Get(server.URL + path)
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(body)
	}
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var members map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &members))
	return members
}

func TestDocumentsAtBothPlaces(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/tenant"} {
		base, get := listening(t, &oidctest.Server{Path: path, MTLSBase: "https://mtls.example/"})
		status, openID := get(path + openIDDocument)
		assert.Equal(t, http.StatusOK, status)
		status, other := get(oauthDocument + path)
		assert.Equal(t, http.StatusOK, status)
		assert.JSONEq(t, openID, other)
		document := object(t, openID)
		assert.Equal(t, base+path, document["issuer"])
		assert.Equal(t, "https://mtls.example"+path+"/token", document["mtls_endpoint_aliases"].(map[string]any)["token_endpoint"])
	}
	base, get := listening(t, &oidctest.Server{OAuth: true})
	status, _ := get(openIDDocument)
	assert.Equal(t, http.StatusNotFound, status, "a server of OAuth alone")
	status, text := get(oauthDocument)
	assert.Equal(t, http.StatusOK, status)
	document := object(t, text)
	assert.Equal(t, base+"/token", document["token_endpoint"])
	for _, name := range []string{"jwks_uri", "id_token_signing_alg_values_supported", "end_session_endpoint", "mtls_endpoint_aliases"} {
		assert.NotContains(t, document, name)
	}
}

func TestDiscoveryFaults(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{MTLSBase: "https://mtls.example"}
	base, get := listening(t, idp)
	in := func(path string, wrong func(status int, text string) bool) func() bool {
		return func() bool { return wrong(get(path)) }
	}
	says := func(path string, wrong func(document map[string]any) bool) func() bool {
		return in(path, func(_ int, text string) bool { return wrong(object(t, text)) })
	}
	notFound := func(status int, _ string) bool { return status == http.StatusNotFound }
	finger := "/.well-known/webfinger?resource=" + url.QueryEscape("acct:alice@"+strings.TrimPrefix(base, "https://"))
	for fault, wrong := range map[idptest.Fault]func() bool{
		oidctest.WrongDiscoveryIssuer: says(openIDDocument, func(d map[string]any) bool { return d["issuer"] != base }),
		oidctest.NoOpenIDDocument:     in(openIDDocument, notFound),
		oidctest.NoOAuthDocument:      in(oauthDocument, notFound),
		oidctest.RepeatedMember:       in(openIDDocument, func(_ int, text string) bool { return strings.Count(text, `"issuer":`) == 2 }),
		oidctest.MissingEndpoints: says(openIDDocument, func(d map[string]any) bool {
			return d["authorization_endpoint"] == nil && d["token_endpoint"] == nil && d["jwks_uri"] == nil && d["userinfo_endpoint"] != nil
		}),
		oidctest.HTTPEndpoints: says(openIDDocument, func(d map[string]any) bool { return strings.HasPrefix(d["token_endpoint"].(string), "http:") }),
		oidctest.MissingPushedEndpoint: says(openIDDocument, func(d map[string]any) bool {
			return d["pushed_authorization_request_endpoint"] == nil && d["require_pushed_authorization_requests"] == true
		}),
		oidctest.NoPKCEMethods: says(openIDDocument, func(d map[string]any) bool { return d["code_challenge_methods_supported"] == nil }),
		oidctest.HTTPAliases: says(openIDDocument, func(d map[string]any) bool {
			return d["mtls_endpoint_aliases"].(map[string]any)["token_endpoint"] == "http://mtls.example/token"
		}),
		oidctest.NoAlgorithms: says(openIDDocument, func(d map[string]any) bool {
			algs := d["id_token_signing_alg_values_supported"].([]any)
			return len(algs) == 1 && algs[0] == "none"
		}),
		oidctest.EmptyJWKS: says("/.well-known/jwks.json", func(d map[string]any) bool { return len(d["keys"].([]any)) == 0 }),
		oidctest.NoJWKS:    in("/.well-known/jwks.json", notFound),
		oidctest.WrongWebFingerIssuer: says(finger, func(d map[string]any) bool {
			return d["links"].([]any)[0].(map[string]any)["href"] != base
		}),
		oidctest.NoWebFingerLink: says(finger, func(d map[string]any) bool { return len(d["links"].([]any)) == 0 }),
	} {
		assert.False(t, wrong(), "the twin of %s", fault)
		idp.Break(fault)
		assert.True(t, wrong(), "%s", fault)
		idp.Break()
	}
}

func TestWebFinger(t *testing.T) {
	t.Parallel()
	base, get := listening(t, &oidctest.Server{})
	host := strings.TrimPrefix(base, "https://")
	const rel = "http://openid.net/specs/connect/1.0/issuer"
	for resource, found := range map[string]bool{
		"acct:alice@" + host: true, "https://" + host + "/alice": true, "acct:alice@other.example": false, "http://" + host + "/alice": false, "alice@" + host: false,
	} {
		status, text := get("/.well-known/webfinger?" + url.Values{"resource": {resource}, "rel": {rel}}.Encode())
		if !found {
			assert.Equal(t, http.StatusNotFound, status, resource)
			continue
		}
		assert.Equal(t, http.StatusOK, status, resource)
		assert.Equal(t, map[string]any{"subject": resource, "links": []any{map[string]any{"rel": rel, "href": base}}}, object(t, text))
	}
	status, text := get("/.well-known/webfinger?" + url.Values{"resource": {"acct:alice@" + host}, "rel": {"avatar"}}.Encode())
	assert.Equal(t, http.StatusOK, status)
	assert.Empty(t, object(t, text)["links"], "links of the asked relation alone")
	status, _ = get("/.well-known/webfinger")
	assert.Equal(t, http.StatusBadRequest, status)
}

// A list has the HMACs that an application has, or can register; those need no key.
func TestListedAlgorithms(t *testing.T) {
	t.Parallel()
	listed := func(idp *oidctest.Server) (all []any) {
		_, document := start(t, idp).get(openIDDocument, nil)
		for _, of := range []string{"id_token", "userinfo", "authorization"} {
			all = append(all, document[of+"_signing_alg_values_supported"])
		}
		return all
	}
	usual, all := []any{"RS256"}, []any{"RS256", "ES256", "HS256", "HS384", "HS512"}
	assert.Equal(t, []any{usual, usual, usual}, listed(&oidctest.Server{}))
	assert.Equal(t, []any{usual, []any{"RS256", "HS256"}, []any{"RS256", "HS512"}}, listed(&oidctest.Server{UserInfoSigningAlg: "HS256", AuthorizationSigningAlg: "HS512"}))
	assert.Equal(t, []any{[]any{"RS256", "HS384"}, usual, []any{"RS256", "HS256"}}, listed(&oidctest.Server{
		Apps: []oidctest.App{{ClientID: "second", ClientSecret: "s", IDTokenSigningAlg: "HS384", AuthorizationSigningAlg: "HS256"}},
	}))
	assert.Equal(t, []any{all, all, all}, listed(&oidctest.Server{Registration: &oidctest.Registration{}}))
}
