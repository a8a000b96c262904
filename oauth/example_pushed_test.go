package oauth_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The parameters of the login go to the server itself; the browser gets a reference to them.
func ExamplePushedAuthorization() {
	server := httpmock.NewMockTransport()
	server.RegisterResponder(http.MethodPost, "https://as.example/par", func(r *http.Request) (*http.Response, error) {
		fmt.Println("pushed:", r.FormValue("scope"), r.FormValue("code_challenge_method"))
		return httpmock.NewStringResponse(201, `{"request_uri":"urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c","expires_in":60}`), nil
	})
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "app", ClientSecret: "7Fjfp0ZBr1KtDRbnfVdmIw", RedirectURI: "https://app.example/callback",
		Endpoints: oauth.Endpoints{
			Authorization: "https://as.example/authorize", Token: "https://as.example/token", PushedAuthorization: "https://as.example/par",
		},
		PushedAuthorization: oauth.PushAlways,
		HTTPClient:          &http.Client{Transport: server},
	})
	if err != nil {
		log.Fatal(err)
	}
	login, err := c.BeginLogin(context.Background(), oauth.AuthorizeOptions{Scope: "profile"})
	if err != nil {
		log.Fatal(err)
	}
	link, err := url.QueryUnescape(login.URL)
	fmt.Println(link, err)
	// Output:
	// pushed: profile S256
	// https://as.example/authorize?client_id=app&request_uri=urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c <nil>
}
