package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// world is what an agent finds outside: an MCP server, an authorization server, a user with a browser, and the site that
// has the agent's own description, all on this machine.
type world struct {
	out                io.Writer
	idp                *oidctest.Server
	mcp, issuer, agent *httptest.Server
	document           *oauth.ClientDocument
}

// redirectURI is where the user's browser comes back; here it is not called, because the world returns its request.
const redirectURI = "http://127.0.0.1:7890/callback"

func newWorld(out io.Writer) (*world, error) {
	w := &world{out: out}
	// The agent's description. Its address is the agent's client_id, so it must not change.
	site := http.NewServeMux()
	w.agent = httptest.NewTLSServer(site)
	document, err := oauth.NewClientDocument(w.agent.URL+"/agent.json", oauth.ClientMetadata{
		ClientName: "Example agent", RedirectURIs: []string{redirectURI}, ApplicationType: "native",
		GrantTypes: []string{"authorization_code", "refresh_token"}, ResponseTypes: []string{"code"},
	})
	if err != nil {
		w.agent.Close()
		return nil, err
	}
	w.document = document
	site.Handle(document.Path(), document)

	// The MCP server and its issuer name each other, so both listen before they know what they serve.
	var notes http.Handler
	w.mcp = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { notes.ServeHTTP(rw, r) }))
	w.idp = &oidctest.Server{
		Realm: &idptest.Realm{HTTPClient: w.agent.Client()}, ClientIDMetadataDocuments: true, SendIssuer: true,
		Resources: []string{w.endpoint()}, Scopes: []string{readScope, writeScope},
	}
	w.issuer = httptest.NewServer(w.idp)
	if notes, err = newMCP(w.endpoint(), w.issuer.URL); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *world) endpoint() string { return w.mcp.URL + "/mcp" }

// config is that of an agent in this world.
func (w *world) config() oauth.ResourceConfig {
	return oauth.ResourceConfig{
		Resource:    w.endpoint(),
		AllowIssuer: func(issuer string) bool { return issuer == w.issuer.URL },
		Client:      oauth.Config{ClientID: w.document.ClientID(), RedirectURI: redirectURI},
		Login:       w.login,
	}
}

// login is the user, who knows the password and agrees.
func (w *world) login(ctx context.Context, login *oauth.Login) (*http.Request, error) {
	fmt.Fprintln(w.out, "The user logs in, for", login.Scope)
	return w.idp.Login(ctx, login.URL, "")
}

// Close ends the servers.
func (w *world) Close() {
	for _, s := range []*httptest.Server{w.mcp, w.issuer, w.agent} {
		s.Close()
	}
}
