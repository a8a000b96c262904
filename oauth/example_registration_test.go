package oauth_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func ExampleClient_RegisterClient() {
	ctx, server := context.Background(), httpmock.NewMockTransport()
	server.RegisterNoResponder(httpmock.NewStringResponder(201, `{"client_id":"C1","client_secret":"S","client_secret_expires_at":0,"client_name":"App",
		"registration_access_token":"RAT","registration_client_uri":"https://as.example/register/C1"}`))
	c, err := oauth.NewClient(oauth.Config{Endpoints: oauth.Endpoints{Registration: "https://as.example/register"}, HTTPClient: &http.Client{Transport: server}})
	if err != nil {
		log.Fatal(err)
	}
	registration, err := c.RegisterClient(ctx, oauth.ClientMetadata{RedirectURIs: []string{"https://app.example/callback"}})
	fmt.Println(registration, registration.Expired(time.Now()), err)
	stored, err := json.Marshal(registration) // it is secret
	fmt.Println(len(stored) > 0, err)

	settings, err := oauth.Config{Endpoints: oauth.Endpoints{Token: "https://as.example/token"}}.Registered(registration)
	fmt.Println(settings.ClientID, settings.TokenAuth, err)

	_, err = c.ReadRegistration(ctx, registration)
	fmt.Println(err)
	_, err = c.UpdateRegistration(ctx, registration, oauth.ClientMetadata{ClientName: "App"})
	fmt.Println(err, c.DeleteRegistration(ctx, registration))
	var more struct {
		Name string `json:"client_name"`
	}
	err = registration.Claims(&more)
	fmt.Println(more.Name, err)
	// Output:
	// oauth.Registration{ClientID:C1 ClientSecret:[redacted] RegistrationAccessToken:[redacted] RegistrationClientURI:[redacted]} false <nil>
	// true <nil>
	// C1 client_secret_basic <nil>
	// <nil>
	// <nil> <nil>
	// App <nil>
}
