package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// The tools need these scopes: reading is what every caller may do, writing needs more.
const (
	readScope  = "notes:read"
	writeScope = "notes:write"
)

// newMCP is an MCP server at an address, guarded by access tokens of one issuer that are for it alone.
func newMCP(address, issuer string) (http.Handler, error) {
	resource, err := web.NewResource(web.ResourceMetadata{
		Resource: address, AuthorizationServers: []string{issuer}, ScopesSupported: []string{readScope}, ResourceName: "Notes",
	})
	if err != nil {
		return nil, err
	}
	op, err := oidc.NewClient(oidc.Config{Issuer: issuer})
	if err != nil {
		return nil, err
	}
	kept := &note{text: "buy milk"}
	notes := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return kept.server() }, &mcp.StreamableHTTPOptions{Stateless: true, JSONResponse: true})
	guard := web.TokenGuard{Verifier: web.JWT(op, oidc.AccessTokenExpect{Audience: address}), Scopes: []string{readScope}, Resource: resource}
	reads := guard.Handler(notes)
	guard.Scopes = []string{readScope, writeScope}
	writes := guard.Handler(notes)
	mux := http.NewServeMux()
	mux.Handle(resource.Path(), resource)
	mux.HandleFunc("/mcp", func(w http.ResponseWriter, r *http.Request) {
		// The SDK compares these headers with the body from this version on. Whoever names another version could call a tool
		// under the name of another one: they need the scopes of all tools.
		h := r.Header
		if h.Get("Mcp-Protocol-Version") == "2026-07-28" && (h.Get("Mcp-Method") != "tools/call" || h.Get("Mcp-Name") == "read_note") {
			reads.ServeHTTP(w, r)
		} else {
			writes.ServeHTTP(w, r)
		}
	})
	return mux, nil
}

// note is what the tools read and write; a real server keeps one for each user.
type note struct {
	mu   sync.Mutex
	text string
}

type write struct {
	Text string `json:"text" jsonschema:"the new text"`
}

func (n *note) server() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "notes", Version: "1"}, nil)
	say := func(text string) (*mcp.CallToolResult, any, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
	}
	mcp.AddTool(s, &mcp.Tool{Name: "read_note", Description: "Reads the note."}, func(context.Context, *mcp.CallToolRequest, map[string]any) (*mcp.CallToolResult, any, error) {
		n.mu.Lock()
		defer n.mu.Unlock()
		return say(n.text)
	})
	mcp.AddTool(s, &mcp.Tool{Name: "write_note", Description: "Replaces the note."}, func(_ context.Context, _ *mcp.CallToolRequest, w write) (*mcp.CallToolResult, any, error) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.text = w.Text
		return say("done")
	})
	return s
}
