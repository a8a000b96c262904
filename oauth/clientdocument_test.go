package oauth_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// agent is a client that a document may describe.
func agent(change func(*oauth.ClientMetadata)) oauth.ClientMetadata {
	m := oauth.ClientMetadata{ClientName: "Agent", RedirectURIs: []string{loopback}}
	if change != nil {
		change(&m)
	}
	return m
}

func TestClientDocument(t *testing.T) {
	t.Parallel()
	d, err := oauth.NewClientDocument(documentURL, agent(nil))
	require.NoError(t, err)
	const want = `{"client_id":"` + documentURL + `","client_name":"Agent","redirect_uris":["` + loopback + `"],"token_endpoint_auth_method":"none"}`
	assert.Equal(t, []string{documentURL, "/client.json"}, []string{d.ClientID(), d.Path()})
	mux := http.NewServeMux()
	mux.Handle(d.Path(), d)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, documentURL, nil))
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, []string{"application/json", "public, max-age=3600", "nosniff"}, []string{w.Header().Get("Content-Type"), w.Header().Get("Cache-Control"), w.Header().Get("X-Content-Type-Options")})
		assert.JSONEq(t, want, w.Body.String())
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest(http.MethodPost, documentURL, nil))
	assert.Equal(t, []any{http.StatusMethodNotAllowed, "GET, HEAD"}, []any{w.Code, w.Header().Get("Allow")})
	text, err := json.Marshal(d)
	require.NoError(t, err)
	assert.JSONEq(t, want, string(text))
	for _, none := range []*oauth.ClientDocument{nil, {}} {
		w := httptest.NewRecorder()
		none.ServeHTTP(w, httptest.NewRequest(http.MethodGet, documentURL, nil))
		assert.Equal(t, http.StatusInternalServerError, w.Code)
		assert.Empty(t, none.ClientID()+none.Path())
		_, err := none.MarshalJSON()
		require.EqualError(t, err, "oauth: the document was not made by NewClientDocument")
	}
}

// The client's address is its name, so it has one spelling.
func TestClientDocumentAddress(t *testing.T) {
	t.Parallel()
	for _, good := range []string{documentURL, "https://client.example.com:8443/a/client.json", "https://client.example.com/client/"} {
		_, err := oauth.NewClientDocument(good, agent(nil))
		require.NoError(t, err, good)
	}
	for bad, want := range map[string]string{
		"":                                       "clientID must be an absolute URL such as https://example.com",
		"http://client.example.com/client.json":  "clientID must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)",
		"http://localhost/client.json":           "clientID must be an https URL",
		"https://client.example.com":             "clientID has no path, such as /client.json",
		"https://client.example.com/":            "clientID has no path, such as /client.json",
		"https://user@client.example.com/c":      "clientID must not carry a user name or password",
		documentURL + "#a":                       "clientID must not have a fragment",
		documentURL + "?a":                       "clientID may have only letters, digits and the characters -._~!$&'()*+,;=:@/[]",
		"https://client.example.com/%2e%2e/c":    "clientID may have only letters, digits and the characters -._~!$&'()*+,;=:@/[]",
		"https://client.example.com/a/../c.json": "clientID has an empty segment, . or .. in its path",
		"https://client.example.com/./c.json":    "clientID has an empty segment, . or .. in its path",
	} {
		d, err := oauth.NewClientDocument(bad, agent(nil))
		require.EqualError(t, err, "oauth: client document: "+want, bad)
		assert.Nil(t, d)
	}
}

// What a document may have, and what it cannot have: nobody shares a secret with this client.
func TestClientDocumentContent(t *testing.T) {
	t.Parallel()
	keys := oauth.JWKSet{{Public: signers()["ed"].Public()}}
	for name, change := range map[string]func(*oauth.ClientMetadata){
		"key at an address": func(m *oauth.ClientMetadata) {
			m.TokenEndpointAuthMethod, m.JWKSURI = "private_key_jwt", "https://client.example.com/jwks"
		},
		"key inside": func(m *oauth.ClientMetadata) { m.TokenEndpointAuthMethod, m.JWKS = "private_key_jwt", keys },
		"certificate": func(m *oauth.ClientMetadata) {
			m.TokenEndpointAuthMethod, m.TLSClientAuthSubjectDN = "tls_client_auth", "CN=agent"
		},
		"own certificate": func(m *oauth.ClientMetadata) { m.TokenEndpointAuthMethod, m.JWKS = "self_signed_tls_client_auth", keys },
		"no redirect":     func(m *oauth.ClientMetadata) { m.GrantTypes, m.RedirectURIs = []string{"client_credentials"}, nil },
		"signed and sealed": func(m *oauth.ClientMetadata) {
			m.IDTokenSignedResponseAlg, m.IDTokenEncryptedResponseAlg = "ES256", "ECDH-ES+A128KW"
		},
		"pages": func(m *oauth.ClientMetadata) {
			m.ClientURI, m.LogoURI = "https://client.example.com", "https://client.example.com/logo.png"
		},
		"a scheme of its own": func(m *oauth.ClientMetadata) { m.RedirectURIs = []string{"com.example.agent:/cb"} },
	} {
		_, err := oauth.NewClientDocument(documentURL, agent(change))
		require.NoError(t, err, name)
	}
	for want, change := range map[string]func(*oauth.ClientMetadata){
		"client document: ClientName is not set, and users see it":                                                       func(m *oauth.ClientMetadata) { m.ClientName = "" },
		"client document: RedirectURIs is empty":                                                                         func(m *oauth.ClientMetadata) { m.RedirectURIs = nil },
		"RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)":                                       func(m *oauth.ClientMetadata) { m.RedirectURIs = []string{loopback, "/cb"} },
		`client document: TokenEndpointAuthMethod is "client_secret_basic", and nobody can have registered a secret`:     func(m *oauth.ClientMetadata) { m.TokenEndpointAuthMethod = "client_secret_basic" },
		`client document: TokenEndpointAuthMethod is "client_secret_jwt", and nobody can have registered a secret`:       func(m *oauth.ClientMetadata) { m.TokenEndpointAuthMethod = "client_secret_jwt" },
		`client document: TokenEndpointAuthMethod is "private_key_jwt", and neither JWKSURI nor JWKS is set`:             func(m *oauth.ClientMetadata) { m.TokenEndpointAuthMethod = "private_key_jwt" },
		`client document: TokenEndpointAuthMethod is "self_signed_tls_client_auth", and neither JWKSURI nor JWKS is set`: func(m *oauth.ClientMetadata) { m.TokenEndpointAuthMethod = "self_signed_tls_client_auth" },
		`client document: TokenEndpointAuthMethod is "tls_client_auth", and TLSClientAuthSubjectDN is not set`:           func(m *oauth.ClientMetadata) { m.TokenEndpointAuthMethod = "tls_client_auth" },
		`client document: IDTokenSignedResponseAlg is "HS256", whose key is a secret`:                                    func(m *oauth.ClientMetadata) { m.IDTokenSignedResponseAlg = "HS256" },
		`client document: IDTokenEncryptedResponseAlg is "dir", whose key is a secret`:                                   func(m *oauth.ClientMetadata) { m.IDTokenEncryptedResponseAlg = "dir" },
		`client document: AuthorizationSignedResponseAlg is "HS256", whose key is a secret`:                              func(m *oauth.ClientMetadata) { m.AuthorizationSignedResponseAlg = "HS256" },
		`client document: AuthorizationEncryptedResponseAlg is "dir", whose key is a secret`:                             func(m *oauth.ClientMetadata) { m.AuthorizationEncryptedResponseAlg = "dir" },
		`client document: UserInfoEncryptedResponseAlg is "A128KW", whose key is a secret`:                               func(m *oauth.ClientMetadata) { m.UserInfoEncryptedResponseAlg = "A128KW" },
		"client document: LogoURI must be an https URL":                                                                  func(m *oauth.ClientMetadata) { m.LogoURI = "javascript:alert(1)" },
		"client document: ClientURI must be an https URL":                                                                func(m *oauth.ClientMetadata) { m.ClientURI = "http://client.example.com" },
		"client document: TOSURI must be an https URL":                                                                   func(m *oauth.ClientMetadata) { m.TOSURI = "https://[client" },
		"client document: PolicyURI must be an https URL":                                                                func(m *oauth.ClientMetadata) { m.PolicyURI = "https:///policy" },
		`client document: RequestObjectSigningAlg is "PBES2-HS256+A128KW", whose key is a secret`:                        func(m *oauth.ClientMetadata) { m.RequestObjectSigningAlg = "PBES2-HS256+A128KW" },
		"client metadata: JWKSURI and JWKS are both set: remove one of them (RFC 7591 §2)":                               func(m *oauth.ClientMetadata) { m.JWKSURI, m.JWKS = "https://client.example.com/jwks", keys },
		"client metadata: Extra must not set client_secret: use its field instead":                                       func(m *oauth.ClientMetadata) { m.Extra = map[string]any{"client_secret": "s"} },
		"client metadata: Extra must not set client_id: use its field instead":                                           func(m *oauth.ClientMetadata) { m.Extra = map[string]any{"client_id": "https://attacker.example/c"} },
		"client metadata: Extra must not set jwks: use its field instead":                                                func(m *oauth.ClientMetadata) { m.Extra = map[string]any{"jwks": "x"} },
	} {
		d, err := oauth.NewClientDocument(documentURL, agent(change))
		require.EqualError(t, err, "oauth: "+want)
		assert.Nil(t, d)
	}
	for _, name := range []string{"client_id_issued_at", "client_secret_expires_at", "registration_access_token", "registration_client_uri"} {
		_, err := oauth.NewClientDocument(documentURL, agent(func(m *oauth.ClientMetadata) { m.Extra = map[string]any{name: "x"} }))
		require.EqualError(t, err, "oauth: client metadata: Extra must not set "+name+": use its field instead")
	}
	_, err := oauth.NewClientDocument(documentURL, agent(func(m *oauth.ClientMetadata) {
		m.TokenEndpointAuthMethod, m.JWKS = "private_key_jwt", oauth.JWKSet{{Public: signers()["ed"]}}
	}))
	require.Error(t, err, "a private key")
	for size, good := range map[int]bool{4800: true, 5000: false} {
		_, err := oauth.NewClientDocument(documentURL, agent(func(m *oauth.ClientMetadata) { m.ClientName = strings.Repeat("a", size) }))
		assert.Equal(t, good, err == nil, size)
	}
}
