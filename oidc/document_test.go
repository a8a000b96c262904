package oidc_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// TestCaseOidcUnneededMetadataMember: a wrong type in a member that nothing depends on is no error; it counts as
// absent.
func TestCaseOidcUnneededMetadataMember(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"token_endpoint_auth_methods_supported", "introspection_endpoint_auth_methods_supported", "revocation_endpoint_auth_methods_supported",
		"scopes_supported", "response_types_supported", "response_modes_supported", "grant_types_supported", "claims_supported",
		"code_challenge_methods_supported", "claims_parameter_supported", "display_values_supported",
	} {
		for _, value := range []any{"client_secret_post", 7, true, map[string]any{"a": 1}, []any{"S256", 7}, []any{nil}, nil} {
			tr, p := newTrial(), newProvider(t)
			document := metadata()
			document[name] = value
			p.discover(document)
			result, err := p.login(p.client(tr.config), tr, "")
			require.NoError(t, err, "%s %v", name, value)
			require.NotNil(t, result.IDToken)
			user, _, ok := p.request("/token").BasicAuth()
			assert.True(t, ok, "client_secret_basic, as when nothing is listed")
			assert.Equal(t, clientID, user)
		}
	}
	for _, name := range []string{
		"issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
		"introspection_endpoint", "revocation_endpoint", "id_token_signing_alg_values_supported", "authorization_response_iss_parameter_supported",
	} {
		_, err := discovers(t, func(d map[string]any, _ *oidc.Config) { d[name] = 7 })
		require.EqualError(t, err, "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document's "+name+" has a value of the wrong type")
		if name == "issuer" {
			continue
		}
		_, err = discovers(t, func(d map[string]any, _ *oidc.Config) { d[name] = nil })
		require.NoError(t, err, name)
	}
}

const caseDocument = `{"issuer":"https://as.example","authorization_endpoint":"https://as.example/auth",` +
	`"token_endpoint":"https://as.example/token","jwks_uri":"https://as.example/jwks"}`

// TestCaseOidcMetadataFromDocument: ParseMetadata reads the whole document, by the rules of discovery.
func TestCaseOidcMetadataFromDocument(t *testing.T) {
	t.Parallel()
	m, err := oidc.ParseMetadata([]byte(caseDocument))
	require.NoError(t, err)
	assert.Equal(t, []string{"https://as.example", "https://as.example/auth", "https://as.example/token", "https://as.example/jwks"},
		[]string{m.Issuer, m.AuthorizationEndpoint, m.TokenEndpoint, m.JWKSURI})
	var same oidc.Metadata
	require.NoError(t, json.Unmarshal([]byte(caseDocument), &same))
	assert.Equal(t, *m, same)
	_, err = oidc.NewClient(oidc.Config{Metadata: m, ClientID: clientID})
	require.NoError(t, err)

	for bad, message := range map[string]string{
		`{"Issuer":"https://as.example"}`:                         "oauth: discovery refused (document): the document has no issuer",
		`{"issuer":"https://as.example","jwks_uri":7}`:            "oauth: discovery refused (document): the document's jwks_uri has a value of the wrong type",
		`{"issuer":"https://as.example","issuer":"https://as.b"}`: "oauth: discovery refused (document): the document: json: member name occurs twice at offset 31",
		`[]`: "oauth: discovery refused (document): the document is not a JSON object",
	} {
		_, err := oidc.ParseMetadata([]byte(bad))
		require.EqualError(t, err, message)
		old := same
		require.ErrorContains(t, json.Unmarshal([]byte(bad), &same), message)
		assert.Equal(t, old, same, "not changed")
	}
	_, err = oidc.ParseMetadata(nil)
	require.Error(t, err)
}

// A written document is read back, with members that have no field.
func TestMetadataRoundTrip(t *testing.T) {
	t.Parallel()
	m, err := oidc.ParseMetadata([]byte(`{"issuer":"https://as.example/?","jwks_uri":"https://as.example/a&b","scopes_supported":["openid"],` +
		`"authorization_response_iss_parameter_supported":true,"service_documentation":"<x>","n":12345678901234567890}`))
	require.NoError(t, err)
	m.TokenEndpoint, m.ScopesSupported = "https://as.example/token", nil
	for _, v := range []any{m, *m} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		assert.JSONEq(t, `{"issuer":"https://as.example/?","jwks_uri":"https://as.example/a&b","token_endpoint":"https://as.example/token",`+
			`"authorization_response_iss_parameter_supported":true,"service_documentation":"<x>","n":12345678901234567890}`, string(text))
		assert.Contains(t, string(text), "12345678901234567890")
		back, err := oidc.ParseMetadata(text)
		require.NoError(t, err)
		assert.Equal(t, m.String(), back.String())
	}
	text, err := json.Marshal(given())
	require.NoError(t, err)
	back, err := oidc.ParseMetadata(text)
	require.NoError(t, err)
	assert.Equal(t, given().String(), back.String())
}

// fmt.Println(metadata) is for people, and the server's texts cannot forge a log line.
func TestMetadataIsReadable(t *testing.T) {
	t.Parallel()
	m, err := oidc.ParseMetadata([]byte(`{"issuer":"https://as.example","token_endpoint":"https://as.example/t\nforged","scopes_supported":["openid","x\u2028y"],` +
		`"authorization_response_iss_parameter_supported":true}`))
	require.NoError(t, err)
	const want = `oauth.Metadata{issuer:https://as.example token_endpoint:https://as.example/t\nforged scopes_supported:[openid x\u2028y] ` +
		`authorization_response_iss_parameter_supported:true}`
	assert.Equal(t, want+"\n", fmt.Sprintln(m))
	assert.Equal(t, want, fmt.Sprintf("%+v", *m))
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "m", m)
	assert.NotContains(t, log.String(), "forged\n")
	assert.Contains(t, log.String(), "token_endpoint:https://as.example/t")
	assert.Equal(t, "oauth.Metadata{}", oidc.Metadata{}.String())
}

// TestCaseJsonByteOrderMark: the mark is skipped in documents, and named in errors about other replies.
func TestCaseJsonByteOrderMark(t *testing.T) {
	t.Parallel()
	tr, p := newTrial(), newProvider(t)
	p.text(wellKnown, http.StatusOK, "application/json", "\ufeff"+mustJSON(metadata()))
	p.text("/jwks", http.StatusOK, "application/json", "\ufeff"+mustJSON(map[string]any{"keys": tr.jwks}))
	client := p.client(tr.config)
	_, err := p.login(client, tr, "")
	require.NoError(t, err)
	m, err := client.Metadata(t.Context())
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, m.Claims(&all))

	p.text(wellKnown, http.StatusOK, "application/json", "\ufeff\ufeff"+mustJSON(metadata()))
	_, err = p.client(tr.config).Metadata(t.Context())
	require.EqualError(t, err, "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document: json: a byte order mark before the value at offset 0")

	p.text("/me", http.StatusOK, "application/json", "\ufeff"+`{"sub":"248289761001"}`)
	_, err = client.GetUserInfoByAccessToken(t.Context(), accessToken)
	require.ErrorContains(t, err, "a byte order mark before the value")
	p.text("/introspect", http.StatusOK, "application/json", "\ufeff"+`{"active":true}`)
	_, err = client.IntrospectToken(t.Context(), accessToken)
	require.ErrorContains(t, err, "a byte order mark before the value")
}
