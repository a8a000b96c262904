package oauth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// What an API says of itself and is refused. No user is asked, no server is called; the twin is TestResourceClient.
func TestResourceHostileMetadata(t *testing.T) {
	t.Parallel()
	answer := func(status int, header http.Header, body string) func(*world) {
		return func(w *world) {
			w.mock.RegisterResponder(http.MethodGet, mcpDocument, httpmock.NewStringResponder(status, body).HeaderSet(header))
		}
	}
	says := func(name string, value any) func(*world) { return func(w *world) { w.metadata[name] = value } }
	names := func(address string) func(*world) {
		return func(w *world) { w.bearer = `resource_metadata="` + address + `"` }
	}
	for name, c := range map[string]struct {
		spoil func(*world)
		want  error
	}{
		"another resource":            {says("resource", "https://mcp.example.com/other"), oauth.DiscoveryResource},
		"a resource above":            {says("resource", "https://mcp.example.com"), oauth.DiscoveryResource},
		"a slash more":                {says("resource", mcp+"/"), oauth.DiscoveryResource},
		"another case":                {says("resource", "https://MCP.example.com/mcp"), oauth.DiscoveryResource},
		"no resource":                 {says("resource", nil), oauth.DiscoveryResource},
		"I34 resource in capitals":    {func(w *world) { delete(w.metadata, "resource"); w.metadata["Resource"] = mcp }, oauth.DiscoveryResource},
		"a resource that is a list":   {says("resource", []string{mcp}), oauth.DiscoveryDocument},
		"servers that are a text":     {says("authorization_servers", server), oauth.DiscoveryDocument},
		"tokens in the query alone":   {says("bearer_methods_supported", []string{"query"}), oauth.DiscoveryDocument},
		"no token at all":             {says("bearer_methods_supported", []string{}), oauth.DiscoveryDocument},
		"D10 a member twice":          {answer(http.StatusOK, nil, `{"resource":"`+mcp+`","resource":"`+mcp+`"}`), oauth.DiscoveryDocument},
		"D4 a list":                   {answer(http.StatusOK, nil, `[]`), oauth.DiscoveryDocument},
		"D4 a page":                   {answer(http.StatusOK, http.Header{"Content-Type": {"text/html"}}, `{}`), oauth.DiscoveryDocument},
		"D5 a huge document":          {answer(http.StatusOK, nil, `{"x":"`+strings.Repeat("a", 1<<20)+`"}`), oauth.DiscoveryDocument},
		"D6 a redirect":               {answer(http.StatusFound, http.Header{"Location": {server + "/metadata"}}, ""), oauth.DiscoveryRedirect},
		"D6 a redirect to itself":     {answer(http.StatusFound, http.Header{"Location": {mcpDocument}}, ""), oauth.DiscoveryRedirect},
		"no document":                 {answer(http.StatusNotFound, nil, ""), oauth.DiscoveryStatus},
		"forbidden":                   {answer(http.StatusForbidden, nil, ""), oauth.DiscoveryStatus},
		"another origin":              {names("https://attacker.example/.well-known/oauth-protected-resource/mcp"), oauth.DiscoveryEndpoint},
		"another port":                {names("https://mcp.example.com:8443/.well-known/oauth-protected-resource/mcp"), oauth.DiscoveryEndpoint},
		"D3 http":                     {names("http://mcp.example.com/.well-known/oauth-protected-resource/mcp"), oauth.DiscoveryEndpoint},
		"D7 a file":                   {names("file:///etc/passwd"), oauth.DiscoveryEndpoint},
		"D7 user information":         {names("https://user@mcp.example.com/.well-known/oauth-protected-resource/mcp"), oauth.DiscoveryEndpoint},
		"a relative address":          {names("/.well-known/oauth-protected-resource/mcp"), oauth.DiscoveryEndpoint},
		"a cloud's metadata":          {names("http://169.254.169.254/latest/meta-data"), oauth.DiscoveryEndpoint},
		"no servers":                  {says("authorization_servers", nil), oauth.DiscoveryMissing},
		"no server in the list":       {says("authorization_servers", []string{}), oauth.DiscoveryMissing},
		"a server not allowed":        {says("authorization_servers", []string{"https://attacker.example"}), oauth.DiscoveryIssuer},
		"a server with a slash more":  {says("authorization_servers", []string{server + "/"}), oauth.DiscoveryIssuer},
		"D3 a server with http":       {says("authorization_servers", []string{"http://server.example.com"}), oauth.DiscoveryEndpoint},
		"D2 a server with a query":    {says("authorization_servers", []string{server + "?x"}), oauth.DiscoveryEndpoint},
		"a server that is javascript": {says("authorization_servers", []string{"javascript:alert(1)"}), oauth.DiscoveryEndpoint},
		"D1 a server of another name": {func(w *world) { w.server["issuer"] = "https://attacker.example" }, oauth.DiscoveryIssuer},
		"D3 an endpoint with http":    {func(w *world) { w.server["token_endpoint"] = "http://server.example.com/token" }, oauth.DiscoveryEndpoint},
		"no PKCE":                     {func(w *world) { delete(w.server, "code_challenge_methods_supported") }, oauth.DiscoveryPKCE},
		"PKCE plain":                  {func(w *world) { w.server["code_challenge_methods_supported"] = []string{"plain"} }, oauth.DiscoveryPKCE},
		"no documents":                {func(w *world) { delete(w.server, "client_id_metadata_document_supported") }, oauth.DiscoveryMissing},
		"no registration": {func(w *world) {
			w.cfg.Client.ClientID, w.cfg.Register = "", &oauth.ClientMetadata{}
			delete(w.server, "registration_endpoint")
		}, oauth.DiscoveryMissing},
		"documents as a text": {func(w *world) { w.server["client_id_metadata_document_supported"] = "true" }, oauth.DiscoveryMissing},
	} {
		w := newWorld(t)
		c.spoil(w)
		err := w.fails(w.client())
		require.ErrorIs(t, err, c.want, name)
		var refused *oauth.DiscoveryError
		require.ErrorAs(t, err, &refused, name)
		if c.want == oauth.DiscoveryMissing {
			require.ErrorIs(t, err, errors.ErrUnsupported, name)
		}
		assert.Empty(t, w.logins, name)
		assert.Empty(t, w.grants, name)
		for _, call := range w.calls {
			assert.True(t, call == "GET "+mcpDocument || strings.HasPrefix(call, "GET "+server+"/.well-known/"), "%s: %s", name, call)
		}
	}
}

// Without an address in the challenge the well-known ones are asked, each of them about itself alone (RFC 9728 §3.1).
func TestResourceWellKnown(t *testing.T) {
	t.Parallel()
	const root = "https://mcp.example.com/.well-known/oauth-protected-resource"
	w := newWorld(t)
	w.bearer, w.metadata["bearer_methods_supported"] = `realm="mcp"`, []string{"body", "header"}
	w.works(w.client())
	assert.Equal(t, "GET "+mcpDocument, w.calls[0])
	m, err := w.client().Metadata(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{server}, m.AuthorizationServers)
	var more struct {
		Scopes []string `json:"scopes_supported"`
	}
	require.NoError(t, m.Claims(&more))
	require.Error(t, m.Claims(&[]string{}), "the document is an object")
	assert.Equal(t, m.ScopesSupported, more.Scopes)

	for resource, want := range map[string]error{
		"https://mcp.example.com": nil, "https://mcp.example.com/": nil, mcp: nil,
		"https://mcp.example.com/other": oauth.DiscoveryResource, "https://attacker.example": oauth.DiscoveryResource,
	} {
		w = newWorld(t)
		w.bearer = `realm="mcp"`
		w.mock.RegisterResponder(http.MethodGet, mcpDocument, httpmock.NewStringResponder(http.StatusNotFound, ""))
		w.mock.RegisterResponder(http.MethodGet, root, w.document(&w.metadata))
		w.metadata["resource"] = resource
		c := w.client()
		if want != nil {
			require.ErrorIs(t, w.fails(c), want, resource)
			continue
		}
		w.works(c)
		assert.Equal(t, resource, w.logins[0].Get("resource"))
		assert.Equal(t, resource, w.grants[0].Get("resource"))
	}

	// At an address that the API names there must be the metadata of this API, also at the address of the host.
	for resource, want := range map[string]error{mcp: nil, "https://mcp.example.com": oauth.DiscoveryResource, "https://mcp.example.com/": oauth.DiscoveryResource} {
		w = newWorld(t)
		w.bearer = `resource_metadata="` + root + `"`
		w.mock.RegisterResponder(http.MethodGet, root, w.document(&w.metadata))
		w.metadata["resource"] = resource
		if want != nil {
			require.ErrorIs(t, w.fails(w.client()), want, resource)
			assert.Empty(t, w.logins)
			continue
		}
		w.works(w.client())
	}

	// An API at the root of its host has one address.
	w = newWorld(t)
	w.cfg.Resource, w.metadata["resource"] = "https://mcp.example.com", "https://mcp.example.com"
	w.bearer = `realm="mcp"`
	w.mock.RegisterResponder(http.MethodGet, root, w.document(&w.metadata))
	w.works(w.client())
	assert.Equal(t, "https://mcp.example.com", w.logins[0].Get("resource"))
}

// The application may allow metadata at another host, and chooses among several servers.
func TestResourceAllowed(t *testing.T) {
	t.Parallel()
	const elsewhere = "https://metadata.example/mcp"
	w := newWorld(t)
	w.bearer = `resource_metadata="` + elsewhere + `"`
	w.mock.RegisterResponder(http.MethodGet, elsewhere, w.document(&w.metadata))
	require.ErrorIs(t, w.fails(w.client()), oauth.DiscoveryEndpoint)
	w.cfg.AllowMetadataElsewhere = true
	w.works(w.client())

	w = newWorld(t)
	w.metadata["authorization_servers"] = []string{"http://server.example.com", "https://other.example", server}
	c := w.client()
	w.works(c)
	// The server that issued the token stays while the API names it.
	w.metadata["authorization_servers"] = []string{"https://new.example", server}
	w.need = []string{"files:write"}
	w.works(c)
	assert.Equal(t, "files:read files:list files:write", w.logins[1].Get("scope"))
}

// D11: the metadata of the API, and the server that it names, at a private address.
func TestD11Resource(t *testing.T) {
	t.Parallel()
	var asked int
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; http.NotFound(w, nil) }))
	defer private.Close()
	for _, refuse := range []bool{true, false} {
		c, err := oauth.NewResourceClient(oauth.ResourceConfig{
			Resource: private.URL + "/mcp", AllowIssuer: func(string) bool { return true },
			Client: oauth.Config{
				ClientID: documentURL, RedirectURI: loopback, RefusePrivateAddresses: refuse,
				HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
			},
		})
		require.NoError(t, err)
		_, err = c.Metadata(t.Context())
		if refuse {
			require.ErrorIs(t, err, oauth.DiscoveryAddress)
			assert.Zero(t, asked)
		} else {
			require.ErrorIs(t, err, oauth.DiscoveryStatus)
			assert.Equal(t, 2, asked)
		}
	}
}
