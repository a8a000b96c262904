package oidctest_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// sendJSON sends a body with a token, and returns status and reply.
func (j *journey) sendJSON(method, address, token string, body any) (int, map[string]any) {
	j.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(j.t, err)
	request, err := http.NewRequest(method, address, bytes.NewReader(text))
	require.NoError(j.t, err)
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	require.NoError(j.t, err)
	defer response.Body.Close()
	var reply map[string]any
	_ = json.NewDecoder(response.Body).Decode(&reply)
	return response.StatusCode, reply
}

func TestRegistrationIsOffByDefault(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	_, document := j.get("/.well-known/openid-configuration", nil)
	assert.NotContains(t, document, "registration_endpoint")
	status, _ := j.sendJSON(http.MethodPost, j.url+"/reg", "", map[string]any{"redirect_uris": []string{callbackURI}})
	assert.Equal(t, 404, status)
}

// A client that registered itself logs in with its own settings, is changed, and is deleted.
func TestRegistrationOfAClient(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Registration: &oidctest.Registration{InitialAccessToken: "first"}})
	_, document := j.get("/.well-known/openid-configuration", nil)
	require.Equal(t, j.url+"/reg", document["registration_endpoint"])
	ask := map[string]any{"redirect_uris": []string{callbackURI}, "id_token_signed_response_alg": "ES256", "client_name": "App"}
	for _, token := range []string{"", "second"} {
		status, _ := j.sendJSON(http.MethodPost, j.url+"/reg", token, ask)
		assert.Equal(t, 401, status)
	}
	status, client := j.sendJSON(http.MethodPost, j.url+"/reg", "first", ask)
	require.Equal(t, 201, status)
	assert.Equal(t, []any{"client_secret_basic", "ES256", "App", 0.0}, []any{client["token_endpoint_auth_method"], client["id_token_signed_response_alg"], client["client_name"], client["client_secret_expires_at"]})
	id, secret := client["client_id"].(string), client["client_secret"].(string)
	code := j.login("/auth", "client_id", id).Get("code")
	status, reply := j.post("/token", basic(id, secret), form("grant_type", "authorization_code", "code", code, "redirect_uri", callbackURI))
	require.Equal(t, 200, status)
	_, err := jose.ParseSignedCompact(reply["id_token"].(string), []jose.SignatureAlgorithm{jose.ES256})
	require.NoError(t, err)

	address, token := client["registration_client_uri"].(string), client["registration_access_token"].(string)
	status, read := j.sendJSON(http.MethodGet, address, token, nil)
	assert.Equal(t, 200, status)
	assert.Equal(t, client, read)
	status, _ = j.sendJSON(http.MethodGet, address, "first", nil)
	assert.Equal(t, 401, status)
	ask["client_id"], ask["redirect_uris"] = id, []string{"https://app.example/cb"}
	status, changed := j.sendJSON(http.MethodPut, address, token, ask)
	assert.Equal(t, 200, status)
	assert.Equal(t, []any{secret, []any{"https://app.example/cb"}}, []any{changed["client_secret"], changed["redirect_uris"]})
	ask["client_id"] = "another"
	status, _ = j.sendJSON(http.MethodPut, address, token, ask)
	assert.Equal(t, 400, status)
	status, _ = j.sendJSON(http.MethodDelete, address, token, nil)
	assert.Equal(t, 204, status)
	status, _ = j.sendJSON(http.MethodGet, address, token, nil)
	assert.Equal(t, 401, status)
	status, _ = j.post("/token", basic(id, secret), form("grant_type", "client_credentials"))
	assert.Equal(t, 401, status)
}

func TestRegistrationRefusals(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Registration: &oidctest.Registration{}})
	uris := []string{callbackURI}
	for _, c := range []struct {
		body any
		code any
	}{
		{map[string]any{"redirect_uris": uris}, nil},
		{map[string]any{}, "invalid_redirect_uri"},
		{map[string]any{"redirect_uris": []string{"http://app.example/cb"}}, "invalid_redirect_uri"},
		{map[string]any{"redirect_uris": []string{callbackURI + "#a"}}, "invalid_redirect_uri"},
		{"text", "invalid_client_metadata"},
		{map[string]any{"redirect_uris": uris, "token_endpoint_auth_method": "password"}, "invalid_client_metadata"},
		{map[string]any{"redirect_uris": uris, "token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"},
		{map[string]any{"redirect_uris": uris, "token_endpoint_auth_method": "private_key_jwt", "jwks": appKeys(t)}, nil},
		{map[string]any{"redirect_uris": uris, "jwks": appKeys(t), "jwks_uri": "https://app.example/jwks"}, "invalid_client_metadata"},
		{map[string]any{"redirect_uris": uris, "jwks": map[string]any{"keys": []any{map[string]any{"d": "x"}}}}, "invalid_client_metadata"},
		{map[string]any{"redirect_uris": uris, "id_token_signed_response_alg": "none"}, "invalid_client_metadata"},
		{map[string]any{"redirect_uris": uris, "id_token_signed_response_alg": "HS256"}, nil},
	} {
		_, reply := j.sendJSON(http.MethodPost, j.url+"/reg", "", c.body)
		assert.Equal(t, c.code, reply["error"], c.body)
	}
}

func TestRegistrationFaults(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{Registration: &oidctest.Registration{}})
	ask := func() map[string]any {
		status, reply := j.sendJSON(http.MethodPost, j.url+"/reg", "", map[string]any{"redirect_uris": []string{callbackURI}})
		require.Equal(t, 201, status)
		return reply
	}
	whole := ask()
	assert.Equal(t, []any{[]any{callbackURI}, "client_secret_basic", 0.0}, []any{whole["redirect_uris"], whole["token_endpoint_auth_method"], whole["client_secret_expires_at"]})
	assert.NotEmpty(t, whole["client_id"])
	j.idp.Break(oidctest.MissingClientID)
	assert.NotContains(t, ask(), "client_id")
	j.idp.Break(oidctest.OtherRedirectURI)
	assert.NotContains(t, ask()["redirect_uris"], callbackURI)
	j.idp.Break(oidctest.OtherAuthMethod)
	assert.Equal(t, "client_secret_post", ask()["token_endpoint_auth_method"])
	j.idp.Break(oidctest.MissingSecretExpiry)
	assert.NotContains(t, ask(), "client_secret_expires_at")
}

// What a client registers of PAR, JARM, JAR and RAR is demanded of it.
func TestRegistrationOfDemands(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{
		Registration: &oidctest.Registration{}, AuthorizationDetailsTypes: []string{"payment", "account"},
		Apps: []oidctest.App{{ClientID: "a", ClientSecret: "s", JWKS: appKeys(t), RequestObjectEncryptionAlg: "ECDH-ES"}},
	})
	register := func(more map[string]any) (int, map[string]any) {
		ask := map[string]any{"redirect_uris": []string{callbackURI}, "token_endpoint_auth_method": "client_secret_post", "jwks": appKeys(t)}
		maps.Copy(ask, more)
		return j.sendJSON(http.MethodPost, j.url+"/reg", "", ask)
	}
	for _, bad := range []map[string]any{
		{"authorization_signed_response_alg": "none"}, {"authorization_signed_response_alg": "ES512"}, {"authorization_encrypted_response_alg": "RSA1_5"},
		{"authorization_encrypted_response_enc": "A128GCM"}, {"request_object_encryption_alg": "RSA-OAEP"}, {"request_object_encryption_alg": "RSA1_5"},
		{"request_object_signing_alg": "none"}, {"authorization_details_types": []string{"loan"}},
	} {
		status, reply := register(bad)
		assert.Equal(t, []any{400, "invalid_client_metadata"}, []any{status, reply["error"]}, "%v", bad)
	}
	push := func(more map[string]any, pairs ...string) any {
		t.Helper()
		status, client := register(more)
		require.Equal(t, 201, status, client)
		_, reply := j.push(append(pairs, "client_id", text(client, "client_id"), "client_secret", text(client, "client_secret"))...)
		if more["require_pushed_authorization_requests"] != nil {
			j.refusedPage(j.authURL("/auth", "client_id", text(client, "client_id")), "must be pushed", "registered")
		}
		return reply["error"]
	}
	assert.Nil(t, push(map[string]any{"require_pushed_authorization_requests": true}))
	signed := map[string]any{"authorization_signed_response_alg": "HS256"}
	assert.Equal(t, []any{"invalid_request", nil}, []any{push(signed), push(signed, "response_mode", "jwt")})
	assert.Equal(t, "invalid_request", push(map[string]any{"request_object_encryption_alg": "ECDH-ES"}))
	paying := map[string]any{"authorization_details_types": []string{"payment"}}
	assert.Equal(t, []any{nil, "invalid_authorization_details"}, []any{
		push(paying, "authorization_details", "["+payment+"]"), push(paying, "authorization_details", "["+account+"]"),
	})
	j = start(t, &oidctest.Server{FAPI2: true, Registration: &oidctest.Registration{}})
	for method, want := range map[string]int{"client_secret_basic": 400, "private_key_jwt": 201} {
		status, _ := register(map[string]any{"token_endpoint_auth_method": method})
		assert.Equal(t, want, status, method)
	}
}
