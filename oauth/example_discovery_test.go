package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// exampleDiscovery knows the issuer alone; the server describes itself.
func exampleDiscovery(document string) *oauth.Client {
	server := httpmock.NewMockTransport()
	server.RegisterResponder(http.MethodGet, "https://as.example/.well-known/oauth-authorization-server", httpmock.NewStringResponder(200, document))
	c, err := oauth.NewClient(oauth.Config{
		Issuer: "https://as.example", ClientID: "app", ClientSecret: "7Fjfp0ZBr1KtDRbnfVdmIw", RedirectURI: "https://app.example/callback",
		HTTPClient: &http.Client{Transport: server},
	})
	if err != nil {
		panic(err)
	}
	return c
}

func ExampleClient_Metadata() {
	c := exampleDiscovery(`{"issuer":"https://as.example","authorization_endpoint":"https://as.example/auth","token_endpoint":"https://as.example/token"}`)
	m, err := c.Metadata(context.Background())
	fmt.Println(m.TokenEndpoint, err)

	_, err = exampleDiscovery(`{"issuer":"https://other.example"}`).Metadata(context.Background())
	fmt.Println(errors.Is(err, oauth.DiscoveryIssuer), err)
	// Output:
	// https://as.example/token <nil>
	// true oauth: discovery refused (issuer): the document's issuer is "https://other.example", want "https://as.example"
}

func ExampleClient_CanLogin() {
	c := exampleDiscovery(`{"issuer":"https://as.example","authorization_endpoint":"https://as.example/auth","token_endpoint":"https://as.example/token",` +
		`"token_endpoint_auth_methods_supported":["private_key_jwt"]}`)
	fmt.Println(c.CanLogin(context.Background(), oauth.ResponseTypeCode))
	// Output: oauth: TokenAuth is not set, and the server accepts neither client_secret_basic nor client_secret_post, but private_key_jwt
}

func ExampleParseMetadata() {
	m, err := oauth.ParseMetadata([]byte(`{"issuer":"https://as.example","token_endpoint":"https://as.example/token","service_documentation":"https://as.example/docs"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	own := m.Clone()
	own.TokenEndpoint = "https://proxy.example/token"
	var rest struct {
		Docs string `json:"service_documentation"`
	}
	err = m.Claims(&rest)
	fmt.Println(own.TokenEndpoint, m.TokenEndpoint, rest.Docs, err)
	// Output: https://proxy.example/token https://as.example/token https://as.example/docs <nil>
}
