package oauth_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// An agent that calls an API which it does not know: the API's answer says where the user logs in.
func ExampleNewResourceClient() {
	world := exampleWorld()
	agent, err := oauth.NewResourceClient(oauth.ResourceConfig{
		Resource:    "https://mcp.example/mcp",
		AllowIssuer: func(issuer string) bool { return issuer == "https://as.example" },
		Client:      oauth.Config{ClientID: "https://app.example/agent.json", RedirectURI: "http://127.0.0.1:7890/callback", HTTPClient: &http.Client{Transport: world}},
		Login: func(_ context.Context, login *oauth.Login) (*http.Request, error) {
			fmt.Println("log in for", login.Scope, "at", login.Resource) // open login.URL in a browser
			return exampleCallback(login), nil
		},
		Base: world,
	})
	if err != nil {
		log.Fatal(err)
	}
	api := &http.Client{Transport: agent}
	for _, address := range []string{"https://mcp.example/mcp", "https://mcp.example/mcp/write"} {
		res, err := api.Get(address)
		if err != nil {
			log.Fatal(err)
		}
		_ = res.Body.Close()
		fmt.Println(res.StatusCode)
	}
	token, err := agent.Token(context.Background())
	fmt.Println(token.Scope, err)
	// Output:
	// log in for files:read at [https://mcp.example/mcp]
	// 200
	// log in for files:read files:write at [https://mcp.example/mcp]
	// 200
	// files:read files:write <nil>
}

// A web application sends its user to the login, and completes it in the handler of the redirect URI.
func ExampleResourceClient_BeginLogin() {
	ctx, world := context.Background(), exampleWorld()
	agent, err := oauth.NewResourceClient(oauth.ResourceConfig{
		Resource:    "https://mcp.example/mcp",
		AllowIssuer: func(issuer string) bool { return issuer == "https://as.example" },
		Client:      oauth.Config{ClientID: "https://app.example/agent.json", RedirectURI: "https://app.example/callback", HTTPClient: &http.Client{Transport: world}},
		Base:        world,
	})
	if err != nil {
		log.Fatal(err)
	}
	res, err := (&http.Client{Transport: agent}).Get("https://mcp.example/mcp")
	if err != nil {
		log.Fatal(err)
	}
	_ = res.Body.Close()
	fmt.Println(res.StatusCode, agent.Demands(res), agent.Authorize(ctx, res))
	login, err := agent.BeginLogin(ctx, res)
	if err != nil {
		log.Fatal(err)
	}
	// send the browser to login.URL, keep login; then, in the callback's handler:
	token, err := agent.CompleteLogin(ctx, login, exampleCallback(login))
	fmt.Println(token.Scope, err)
	metadata, err := agent.Metadata(ctx)
	fmt.Println(metadata.AuthorizationServers, err)
	// Output:
	// 401 true oauth: ResourceConfig.Login is not set
	// files:read <nil>
	// [https://as.example] <nil>
}

// The description of a client that no server registered, at the address that is its client_id.
func ExampleNewClientDocument() {
	document, err := oauth.NewClientDocument("https://app.example/agent.json", oauth.ClientMetadata{
		ClientName: "Agent", RedirectURIs: []string{"http://127.0.0.1:7890/callback"}, ApplicationType: "native",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(document.ClientID(), document.Path()) // mux.Handle(document.Path(), document)
	w := httptest.NewRecorder()
	document.ServeHTTP(w, httptest.NewRequest(http.MethodGet, document.ClientID(), nil))
	fmt.Println(w.Body)
	// Output:
	// https://app.example/agent.json /agent.json
	// {"application_type":"native","client_id":"https://app.example/agent.json","client_name":"Agent","redirect_uris":["http://127.0.0.1:7890/callback"],"token_endpoint_auth_method":"none"}
}

// exampleCallback is how the browser of a user comes back who agrees.
func exampleCallback(login *oauth.Login) *http.Request {
	back := url.Values{"code": {login.Scope}, "state": {login.State}}
	return httptest.NewRequest(http.MethodGet, login.RedirectURI+"?"+back.Encode(), nil)
}

// exampleWorld is an API with its authorization server. A token is named after its scope.
func exampleWorld() *httpmock.MockTransport {
	world := httpmock.NewMockTransport()
	api := func(need string) httpmock.Responder {
		return func(r *http.Request) (*http.Response, error) {
			res := httpmock.NewStringResponse(http.StatusOK, "")
			switch token := r.Header.Get("Authorization"); {
			case token == "":
				res.StatusCode, res.Status = 401, "401"
				res.Header.Set("WWW-Authenticate", `Bearer scope="`+need+`"`)
			case !strings.Contains(token, need):
				res.StatusCode, res.Status = 403, "403"
				res.Header.Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+need+`"`)
			}
			return res, nil
		}
	}
	world.RegisterResponder(http.MethodGet, "https://mcp.example/mcp", api("files:read"))
	world.RegisterResponder(http.MethodGet, "https://mcp.example/mcp/write", api("files:write"))
	world.RegisterResponder(http.MethodGet, "https://mcp.example/.well-known/oauth-protected-resource/mcp", httpmock.NewStringResponder(200,
		`{"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example"]}`))
	world.RegisterResponder(http.MethodGet, "https://as.example/.well-known/oauth-authorization-server", httpmock.NewStringResponder(200,
		`{"issuer":"https://as.example","authorization_endpoint":"https://as.example/authorize","token_endpoint":"https://as.example/token",
		"code_challenge_methods_supported":["S256"],"client_id_metadata_document_supported":true}`))
	world.RegisterResponder(http.MethodPost, "https://as.example/token", func(r *http.Request) (*http.Response, error) {
		scope := r.FormValue("code")
		return httpmock.NewJsonResponse(200, map[string]any{"access_token": scope, "token_type": "Bearer", "scope": scope})
	})
	return world
}
