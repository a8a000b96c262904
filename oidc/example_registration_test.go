package oidc_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// An application registers itself, with a key of its own, and logs somebody in.
func ExampleClient_RegisterClient() {
	ctx := context.Background()
	server := &oidctest.Server{Realm: &idptest.Realm{BaseURL: "https://id.example"}, Registration: &oidctest.Registration{InitialAccessToken: "INITIAL"}}
	key := oauth.SigningKey{Signer: ed25519.NewKeyFromSeed([]byte("an example seed is no private ke"))}
	public, err := key.JWK()
	if err != nil {
		log.Fatal(err)
	}
	settings := oidc.Config{
		Issuer: "https://id.example", TokenAuth: oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}},
		HTTPClient: &http.Client{Transport: handler{server}},
	}
	first, err := oidc.NewClient(settings)
	if err != nil {
		log.Fatal(err)
	}
	registration, err := first.RegisterClient(ctx, oauth.ClientMetadata{
		RedirectURIs: []string{"https://app.example/callback"}, JWKS: oauth.JWKSet{public},
		TokenEndpointAuthMethod: "private_key_jwt", IDTokenSignedResponseAlg: "ES256",
	}, oauth.RegisterOptions{InitialAccessToken: "INITIAL"})
	if err != nil {
		log.Fatal(err)
	}
	if settings, err = settings.Registered(registration); err != nil { // keep the registration, as a secret
		log.Fatal(err)
	}
	client, err := oidc.NewClient(settings)
	if err != nil {
		log.Fatal(err)
	}
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{Scope: "openid email"})
	if err != nil {
		log.Fatal(err)
	}
	r, err := server.Login(ctx, login.URL, idptest.Username)
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.CompleteLogin(ctx, login, r)
	fmt.Println(result.IDToken.Email, err)

	same, err := first.ReadRegistration(ctx, registration)
	fmt.Println(same.ClientID == registration.ClientID, err)
	changed, err := first.UpdateRegistration(ctx, registration, oauth.ClientMetadata{RedirectURIs: []string{"https://app.example/other"}})
	fmt.Println(changed.RedirectURIs, err)
	fmt.Println(first.DeleteRegistration(ctx, registration))
	fmt.Println(errors.Is(first.DeleteRegistration(ctx, registration), oauth.InvalidToken))
	_, err = first.ReadRegistration(ctx, registration)
	fmt.Println(errors.Is(err, oauth.InvalidToken))
	// Output:
	// alice@example.com <nil>
	// true <nil>
	// [https://app.example/other] <nil>
	// <nil>
	// true
	// true
}
