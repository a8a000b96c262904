// Command agent is a client of the Model Context Protocol (MCP) that knows nothing of a server but its address: from the
// server's first answer it finds where the user logs in, introduces itself there, and comes back with a token for this
// server alone. When a tool needs more, it asks the user for more. Alone it brings the MCP server, the authorization server
// and the user; usage.txt, which -h prints, has the variables for real ones. It is a module of its own:
//
//	go run -C examples/agent .
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

//go:embed usage.txt
var files embed.FS

func main() { demo.Program(files, run) }

func run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute) // of which the user has most
	defer cancel()
	server, err := demo.Group(getenv, "MCP_SERVER", "MCP_ISSUER")
	if err != nil {
		return err
	}
	if server != nil {
		b, err := newBrowser(out)
		if err != nil {
			return err
		}
		defer b.Close()
		return use(ctx, out, oauth.ResourceConfig{
			Resource: server[0], AllowIssuer: func(issuer string) bool { return issuer == server[1] }, Login: b.login,
			Client:   oauth.Config{ClientID: getenv("MCP_CLIENT_ID"), RedirectURI: b.redirectURI},
			Register: &oauth.ClientMetadata{ClientName: "Example agent"},
		})
	}
	w, err := newWorld(out)
	if err != nil {
		return err
	}
	defer w.Close()
	return use(ctx, out, w.config(), "read_note", "write_note", "read_note")
}

// use connects to the MCP server of a configuration, and calls tools.
func use(ctx context.Context, out io.Writer, cfg oauth.ResourceConfig, tools ...string) error {
	agent, err := oauth.NewResourceClient(cfg)
	if err != nil {
		return err
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "example-agent", Version: "1"}, nil)
	session, err := client.Connect(ctx, newTransport(agent, cfg.Resource), nil)
	if err != nil {
		return err
	}
	defer session.Close()
	listed, err := session.ListTools(ctx, nil)
	if err != nil {
		return err
	}
	var names []string
	for _, tool := range listed.Tools {
		names = append(names, tool.Name)
	}
	slices.Sort(names)
	fmt.Fprintln(out, "The server has the tools", names)
	for _, name := range tools {
		result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: name, Arguments: map[string]any{"text": "buy bread"}})
		if err != nil {
			return err
		}
		for _, c := range result.Content {
			if text, ok := c.(*mcp.TextContent); ok {
				fmt.Fprintf(out, "%s: %s\n", name, text.Text)
			}
		}
	}
	return nil
}
