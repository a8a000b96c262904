package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// The program uses http.DefaultTransport. Its tests replace it, because httptest.Server.Close closes its idle
// connections, also during the requests of other tests.
func TestMain(m *testing.M) {
	http.DefaultTransport = struct{ http.RoundTripper }{http.DefaultTransport}
	os.Exit(m.Run())
}

func Example() {
	if err := run(context.Background(), demotest.Environment(), os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// The user logs in, for notes:read
	// The server has the tools [read_note write_note]
	// read_note: buy milk
	// The user logs in, for notes:read notes:write
	// write_note: done
	// read_note: buy bread
}

func start(t *testing.T) (*world, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	w, err := newWorld(&out)
	require.NoError(t, err)
	t.Cleanup(w.Close)
	return w, &out
}

// What is refused reaches the application through the SDK, with its reason. Example is the twin.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*world, *oauth.ResourceConfig)
		want  error
	}{
		"a server that is not allowed": {func(_ *world, c *oauth.ResourceConfig) { c.AllowIssuer = func(string) bool { return false } }, oauth.DiscoveryIssuer},
		"a server without PKCE":        {func(w *world, _ *oauth.ResourceConfig) { w.idp.Break(oidctest.NoPKCEMethods) }, oauth.DiscoveryPKCE},
		"another issuer's metadata":    {func(w *world, _ *oauth.ResourceConfig) { w.idp.Break(oidctest.WrongDiscoveryIssuer) }, oauth.DiscoveryIssuer},
		"nobody knows the client":      {func(w *world, _ *oauth.ResourceConfig) { w.idp.ClientIDMetadataDocuments = false }, oauth.DiscoveryMissing},
		"a scope that is not allowed":  {func(_ *world, c *oauth.ResourceConfig) { c.AllowScope = func(s string) bool { return s == readScope } }, oauth.InsufficientScope},
		"iss of another server":        {func(w *world, _ *oauth.ResourceConfig) { w.idp.Break(oidctest.WrongIssParameter) }, oauth.CheckIssuer},
		"a token for another API":      {func(w *world, _ *oauth.ResourceConfig) { w.idp.Break(oidctest.WrongAudience) }, oauth.InvalidToken},
	} {
		w, out := start(t)
		cfg := w.config()
		c.spoil(w, &cfg)
		err := use(t.Context(), out, cfg, "write_note")
		require.ErrorIs(t, err, c.want, name)
		// After a failure the SDK tries an older version of the protocol, and so asks once more.
		assert.LessOrEqual(t, strings.Count(out.String(), "The user logs in"), 2, name)
	}
}

// A redirect does not bring the token elsewhere, also not to another port of the same host, to which net/http sends it.
func TestRedirected(t *testing.T) {
	t.Parallel()
	w, out := start(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a request came, with a token: %v", r.Header.Get("Authorization") != "")
	}))
	defer elsewhere.Close()
	own := w.mcp.Config.Handler
	w.mcp.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			http.Redirect(rw, r, elsewhere.URL+"/mcp", http.StatusTemporaryRedirect)
			return
		}
		own.ServeHTTP(rw, r)
	})
	require.ErrorContains(t, use(t.Context(), out, w.config()), "Temporary Redirect")
	assert.Contains(t, out.String(), "The user logs in")
}

// The answer of another server, after a redirect, does not say who logs the user in.
func TestAnswerFromElsewhere(t *testing.T) {
	t.Parallel()
	w, out := start(t)
	agent, err := oauth.NewResourceClient(w.config())
	require.NoError(t, err)
	own, err := http.NewRequest(http.MethodPost, w.endpoint(), nil)
	require.NoError(t, err)
	other, err := http.NewRequest(http.MethodPost, "https://attacker.example/mcp", nil)
	require.NoError(t, err)
	res := &http.Response{StatusCode: http.StatusUnauthorized, Request: other, Body: http.NoBody}
	require.ErrorIs(t, handler{agent}.Authorize(t.Context(), own, res), oauth.DiscoveryResource)
	assert.Empty(t, out.String())
	for _, r := range []*http.Request{own, nil} {
		res.Request = r
		require.NoError(t, handler{agent}.Authorize(t.Context(), own, res))
	}
	assert.Contains(t, out.String(), "The user logs in")
}

// The user says no, and the program says so.
func TestDeclined(t *testing.T) {
	t.Parallel()
	w, out := start(t)
	cfg := w.config()
	cfg.Login = func(_ context.Context, login *oauth.Login) (*http.Request, error) {
		back := url.Values{"error": {"access_denied"}, "state": {login.State}, "iss": {login.Issuer}}
		return http.NewRequest(http.MethodGet, login.RedirectURI+"?"+back.Encode(), nil)
	}
	require.ErrorIs(t, use(t.Context(), out, cfg), oauth.AccessDenied)
}

// An authorization server that reads no documents registers the agent.
func TestRegisters(t *testing.T) {
	t.Parallel()
	w, out := start(t)
	w.idp.ClientIDMetadataDocuments, w.idp.Registration = false, &oidctest.Registration{}
	cfg := w.config()
	cfg.Register = &oauth.ClientMetadata{ClientName: "Example agent"}
	require.NoError(t, use(t.Context(), out, cfg, "write_note"))
	assert.Equal(t, 1, w.idp.Requests("/reg"))
	assert.Contains(t, out.String(), "write_note: done")
}

// The agent is an http.RoundTripper, too: then the SDK needs no handler.
func TestAsTransport(t *testing.T) {
	t.Parallel()
	w, out := start(t)
	agent, err := oauth.NewResourceClient(w.config())
	require.NoError(t, err)
	transport := &mcp.StreamableClientTransport{Endpoint: w.endpoint(), HTTPClient: &http.Client{Transport: agent}, DisableStandaloneSSE: true}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	require.NoError(t, err)
	defer session.Close()
	for _, name := range []string{"read_note", "write_note"} {
		_, err = session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: map[string]any{"text": "x"}})
		require.NoError(t, err)
	}
	assert.Equal(t, "The user logs in, for notes:read\nThe user logs in, for notes:read notes:write\n", out.String())
}

// No tool is called under the name of another one.
func TestToolsUnderOtherNames(t *testing.T) {
	t.Parallel()
	w, _ := start(t)
	agent, err := oauth.NewResourceClient(w.config())
	require.NoError(t, err)
	client := &http.Client{Transport: agent}
	call := func(version, method, name, tool string) int {
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + tool + `","arguments":{"text":"stolen"},"_meta":{` +
			`"io.modelcontextprotocol/protocolVersion":"` + version + `","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.endpoint(), strings.NewReader(body))
		require.NoError(t, err)
		for name, value := range map[string]string{
			"Content-Type": "application/json", "Accept": "application/json, text/event-stream", "Mcp-Protocol-Version": version, "Mcp-Method": method, "Mcp-Name": name,
		} {
			r.Header.Set(name, value)
		}
		r.GetBody = nil // so that the answer is the result, and the user is not asked for more
		res, err := client.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
		if res.StatusCode == http.StatusUnauthorized {
			require.NoError(t, agent.Authorize(t.Context(), res))
		}
		return res.StatusCode
	}
	const now, old = "2026-07-28", "2025-06-18"
	assert.Equal(t, http.StatusUnauthorized, call(now, "tools/call", "read_note", "read_note"))
	assert.Equal(t, http.StatusOK, call(now, "tools/call", "read_note", "read_note"), "with the scope to read")
	assert.Equal(t, http.StatusForbidden, call(now, "tools/call", "write_note", "write_note"))
	assert.Equal(t, http.StatusForbidden, call(old, "tools/call", "read_note", "write_note"))
	assert.Equal(t, http.StatusForbidden, call("", "tools/call", "read_note", "write_note"))
	assert.Equal(t, http.StatusBadRequest, call(now, "tools/call", "read_note", "write_note"))
	assert.Equal(t, http.StatusBadRequest, call(now, "tools/list", "", "write_note"))
}

// The browser's request is what comes to the redirect URI, once.
func TestBrowser(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b, err := newBrowser(&out)
	require.NoError(t, err)
	defer b.Close()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, want := range []int{http.StatusOK, http.StatusConflict} {
		res, err := client.Get(b.redirectURI + "?code=C&state=S")
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, want, res.StatusCode)
	}
	r, err := b.login(t.Context(), &oauth.Login{URL: "https://as.example/authorize?x", State: "S"})
	require.NoError(t, err)
	assert.Equal(t, "C", r.URL.Query().Get("code"))
	assert.Equal(t, "Open this page to log in:\nhttps://as.example/authorize?x\n", out.String())
	res, err := client.Get(b.redirectURI + "?code=C&state=another")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = b.login(ctx, &oauth.Login{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), demotest.Environment("MCP_SERVER=https://mcp.example/mcp"), io.Discard)
	require.EqualError(t, err, "MCP_SERVER is set, so MCP_ISSUER must be set too")
	err = run(t.Context(), demotest.Environment("MCP_SERVER=http://mcp.example/mcp", "MCP_ISSUER=https://as.example"), io.Discard)
	require.ErrorContains(t, err, "oauth: ResourceConfig.Resource must be an https URL")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	usage, err := files.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.Usage(t, string(usage), func(getenv func(string) string) { _ = run(t.Context(), getenv, io.Discard) }, []string{"MCP_SERVER=https://127.0.0.1:1/mcp", "MCP_ISSUER=https://127.0.0.1:1"})
}
