package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// The well-known part stands between host and path (RFC 9728 §3.1).
func TestResourceAddress(t *testing.T) {
	t.Parallel()
	for resource, path := range map[string]string{
		"https://api.example":                            "/.well-known/oauth-protected-resource",
		"https://api.example/":                           "/.well-known/oauth-protected-resource",
		"https://api.example/orders":                     "/.well-known/oauth-protected-resource/orders",
		"https://api.example/orders/":                    "/.well-known/oauth-protected-resource/orders/",
		"https://api.example:8443/v1/o-._~!$&'()*+,;=:@": "/.well-known/oauth-protected-resource/v1/o-._~!$&'()*+,;=:@",
		"http://[::1]:3000/mcp":                          "/.well-known/oauth-protected-resource/mcp",
	} {
		p, err := web.NewResource(web.ResourceMetadata{Resource: resource})
		require.NoError(t, err, resource)
		assert.Equal(t, path, p.Path())
		mux := http.NewServeMux()
		mux.Handle(p.Path(), p)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, p.URL(), nil))
		assert.Equal(t, http.StatusOK, w.Code, resource)
		assert.JSONEq(t, `{"resource":"`+resource+`","bearer_methods_supported":["header"]}`, w.Body.String())
	}
	p, err := web.NewResource(web.ResourceMetadata{Resource: "https://api.example:8443/orders"})
	require.NoError(t, err)
	assert.Equal(t, "https://api.example:8443/.well-known/oauth-protected-resource/orders", p.URL())
}

func TestResourceDocument(t *testing.T) {
	t.Parallel()
	p, err := web.NewResource(web.ResourceMetadata{
		Resource: "https://api.example/orders", AuthorizationServers: []string{"https://id.example", "http://localhost:9000/oidc"},
		ScopesSupported: []string{"orders:read", "orders:write"}, ResourceName: "Orders", ResourceDocumentation: "https://api.example/docs",
		ResourcePolicyURI: "https://api.example/policy", ResourceTOSURI: "https://api.example/terms",
		Extra: map[string]any{"resource_name#zh-CN": "订单", "tls_client_certificate_bound_access_tokens": false},
	})
	require.NoError(t, err)
	ask := func(method string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(method, p.Path(), nil))
		return w
	}
	w := ask(http.MethodGet)
	assert.JSONEq(t, `{
		"resource": "https://api.example/orders", "authorization_servers": ["https://id.example", "http://localhost:9000/oidc"],
		"scopes_supported": ["orders:read", "orders:write"], "bearer_methods_supported": ["header"], "resource_name": "Orders",
		"resource_documentation": "https://api.example/docs", "resource_policy_uri": "https://api.example/policy",
		"resource_tos_uri": "https://api.example/terms", "resource_name#zh-CN": "订单", "tls_client_certificate_bound_access_tokens": false
	}`, w.Body.String())
	h := w.Header()
	assert.Equal(t, "application/json", h.Get("Content-Type"))
	assert.Equal(t, "*", h.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "public, max-age=3600", h.Get("Cache-Control"))
	assert.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	assert.Equal(t, http.StatusOK, ask(http.MethodHead).Code)
	for _, method := range []string{http.MethodPost, http.MethodOptions, http.MethodDelete} {
		w := ask(method)
		assert.Equal(t, http.StatusMethodNotAllowed, w.Code, method)
		assert.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
		assert.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
	}
	for _, empty := range []*web.Resource{nil, {}} {
		w := httptest.NewRecorder()
		empty.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.Equal(t, http.StatusInternalServerError, w.Code)
	}
}

func TestResourceMistakes(t *testing.T) {
	t.Parallel()
	good := func() web.ResourceMetadata { return web.ResourceMetadata{Resource: "https://api.example/orders"} }
	for field, spoil := range map[string][]func(*web.ResourceMetadata){
		"Resource": {
			to(""), to("/orders"), to("http://api.example"), to("ftp://api.example"), to("https://"), to("https://u:p@api.example"), to("https://api.example#f"),
			to("https://api.example/a?b"), to("https://api.example/a?"), to("https://api.example/{id}"), to("https://api.example/a%2Fb"), to("https://api.example/a\"b"),
			to(`https://api.example/a\b`), to("https://api.example/a b"), to("https://api.example/é"), to("https://api.example//a"), to("https://api.example/../a"),
			to("https://api.example/a/."), to("https://api.example/a\r\nX: y"), to("https://api.example/a\x00"),
		},
		"AuthorizationServers": {
			func(m *web.ResourceMetadata) { m.AuthorizationServers = []string{"https://id.example", ""} },
			func(m *web.ResourceMetadata) { m.AuthorizationServers = []string{"http://id.example"} },
			func(m *web.ResourceMetadata) { m.AuthorizationServers = []string{"https://id.example?a=b"} },
			func(m *web.ResourceMetadata) { m.AuthorizationServers = []string{"https://id.example#a"} },
		},
		"ScopesSupported":       {func(m *web.ResourceMetadata) { m.ScopesSupported = []string{"a b"} }},
		"ResourceDocumentation": {func(m *web.ResourceMetadata) { m.ResourceDocumentation = "docs" }},
		"ResourcePolicyURI":     {func(m *web.ResourceMetadata) { m.ResourcePolicyURI = "javascript:alert(1)" }},
		"ResourceTOSURI":        {func(m *web.ResourceMetadata) { m.ResourceTOSURI = "//terms" }},
		"Extra": {
			func(m *web.ResourceMetadata) { m.Extra = map[string]any{"resource": "https://other.example"} },
			func(m *web.ResourceMetadata) { m.Extra = map[string]any{"bearer_methods_supported": []string{"query"}} },
			func(m *web.ResourceMetadata) {
				m.Extra = map[string]any{"authorization_servers": []string{"https://attacker.example"}}
			},
			func(m *web.ResourceMetadata) { m.Extra = map[string]any{"f": func() {}} },
		},
	} {
		for i, s := range spoil {
			m := good()
			_, err := web.NewResource(m)
			require.NoError(t, err)
			s(&m)
			p, err := web.NewResource(m)
			require.ErrorIs(t, err, authentication.ErrMisconfigured, "%s %d: %q", field, i, m.Resource)
			assert.Contains(t, err.Error(), "web: ResourceMetadata."+field)
			assert.Nil(t, p)
		}
	}
	m := web.ResourceMetadata{Resource: "http://api.example", InsecureAllowHTTP: true}
	_, err := web.NewResource(m)
	require.NoError(t, err)
}

func to(resource string) func(*web.ResourceMetadata) {
	return func(m *web.ResourceMetadata) { m.Resource = resource }
}

// The way of a client of MCP: the challenge names the metadata, and that names the authorization server.
func TestChallengeNamesTheMetadata(t *testing.T) {
	t.Parallel()
	p, err := web.NewResource(web.ResourceMetadata{Resource: apiName + "/orders", AuthorizationServers: []string{apiIssuer}})
	require.NoError(t, err)
	const where = `resource_metadata="https://api.example/.well-known/oauth-protected-resource/orders"`
	a := newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), Resource: p})
	a.refused(t, a.ask(""), 401, "Bearer "+where, "token_required", web.TokenMissing)
	a.refused(t, a.ask("Bearer x"), 401, invalidToken+", "+where, "invalid_token", authentication.ErrRefused)
	a = newAPI(web.TokenGuard{Verifier: apiVerifier(t, forAPI), Resource: p, Scopes: []string{"orders:read"}})
	a.refused(t, a.ask(""), 401, `Bearer scope="orders:read", `+where, "token_required", web.TokenMissing)
	a.admitted(t, a.ask("Bearer "+accessToken(t, apiKey('a'))))
}
