package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"golang.org/x/oauth2"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// newTransport connects the SDK of the Model Context Protocol to the MCP server of a client. Copy this file: it is all that
// the SDK needs.
func newTransport(client *oauth.ResourceClient, endpoint string) *mcp.StreamableClientTransport {
	// No redirect: net/http would send the token to other ports of the host, and to its subdomains.
	direct := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &mcp.StreamableClientTransport{Endpoint: endpoint, HTTPClient: direct, OAuthHandler: handler{client}, DisableStandaloneSSE: true}
}

// handler fits an oauth.ResourceClient to the SDK, whose HTTP client must follow no redirect.
type handler struct{ client *oauth.ResourceClient }

var _ auth.OAuthHandler = handler{}

// TokenSource implements auth.OAuthHandler. The SDK asks it for each request. Without a token the request goes without
// one, and the server's answer leads to Authorize.
func (h handler) TokenSource(ctx context.Context) (oauth2.TokenSource, error) {
	token, err := h.client.Token(ctx)
	switch {
	case errors.Is(err, oauth.ErrLoginAgain):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token.AccessToken, TokenType: "Bearer"}), nil
}

// Authorize implements auth.OAuthHandler.
func (h handler) Authorize(ctx context.Context, r *http.Request, res *http.Response) error {
	defer res.Body.Close()
	if res.Request == nil { // else it is the last one after redirects, and its server is the one that answers
		res.Request = r
	}
	return h.client.Authorize(ctx, res)
}
