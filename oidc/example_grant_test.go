package oidc_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// grants is a server with every grant, and its client. At each look their clock is ten seconds on, so that nobody waits.
func grants(trusted map[string]json.RawMessage) (*oidctest.Server, *oidc.Client) {
	var mu sync.Mutex
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(10 * time.Second)
		return at
	}
	server := &oidctest.Server{
		Realm: &idptest.Realm{BaseURL: "https://id.example", Now: clock}, SigningKey: keys()["fake"].(*rsa.PrivateKey),
		Device: &oidctest.Device{}, CIBA: &oidctest.CIBA{}, TokenExchange: &oidctest.TokenExchange{}, JWTBearer: &oidctest.JWTBearer{Issuers: trusted},
	}
	client, err := oidc.NewClient(oidc.Config{
		Issuer: "https://id.example", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Now: clock,
		RedirectURI: "http://localhost:3000/callback", HTTPClient: &http.Client{Transport: handler{server}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

// A television logs its user in.
func ExampleClient_CompleteDeviceLogin() {
	server, client := grants(nil)
	ctx := context.Background()
	login, err := client.BeginDeviceLogin(ctx, oauth.DeviceOptions{Scope: "openid email"})
	if err != nil {
		log.Fatal(err)
	}
	// Show login.UserCode and login.VerificationURI, or login.Link() as a QR code. Here the user opens it on a phone.
	phone, _ := server.Browser(idptest.Username)
	_, _ = phone.Open(ctx, login.Link(), nil)

	result, err := client.CompleteDeviceLogin(ctx, login)
	fmt.Println(result.IDToken.Email, err)
	// Output: alice@example.com <nil>
}

func ExampleClient_BeginDeviceLogin() {
	_, client := grants(nil)
	login, err := client.BeginDeviceLogin(context.Background(), oauth.DeviceOptions{})
	fmt.Println(login.VerificationURI, len(login.UserCode), login.Scope, err)
	// Output: https://id.example/device 9 openid <nil>
}

// A clerk asks the caller to confirm on the phone.
func ExampleClient_CompleteCIBALogin() {
	server, client := grants(nil)
	ctx := context.Background()
	login, err := client.BeginCIBALogin(ctx, oauth.CIBAOptions{LoginHint: idptest.Email, BindingMessage: "W4SCT"})
	if err != nil {
		log.Fatal(err)
	}
	_ = server.Allow(ctx, login.AuthReqID, "") // what the caller does

	result, err := client.CompleteCIBALogin(ctx, login)
	fmt.Println(result.IDToken.Subject == idptest.Subject, err)
	// Output: true <nil>
}

func ExampleClient_BeginCIBALogin() {
	_, client := grants(nil)
	_, err := client.BeginCIBALogin(context.Background(), oauth.CIBAOptions{LoginHint: "nobody@example.com"})
	fmt.Println(err)
	// Output: oauth: the server refused with status 400: unknown_user_id: could not identify end-user
}

// An API calls another one for its user; the other one sees both.
func ExampleClient_ExchangeToken() {
	server, client := grants(nil)
	ctx := context.Background()
	users := loggedIn(server, client).Token.AccessToken
	own, _ := client.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{})

	result, err := client.ExchangeToken(ctx, oauth.TokenExchangeOptions{
		SubjectToken: users, ActorToken: own.AccessToken, ActorTokenType: oauth.TokenTypeAccessToken, Audience: []string{"ledger"}, Scope: "email",
	})
	if err != nil {
		log.Fatal(err)
	}
	access, err := client.VerifyAccessToken(ctx, result.Token.AccessToken, oidc.AccessTokenExpect{Audience: "ledger"})
	fmt.Println(access.Subject == idptest.Subject, access.Actor.Subject, err)
	// Output: true demo-application <nil>
}

func ExampleClient_GetAccessTokenByJWTBearer() {
	key := oauth.SigningKey{Signer: ed25519.NewKeyFromSeed(make([]byte, 32))} // read yours from a file
	public, _ := key.JWK()
	keys, _ := json.Marshal(oauth.JWKSet{public})
	_, client := grants(map[string]json.RawMessage{"https://hr.example": keys})

	assertion, _ := oauth.JWTAssertion{
		Key: key, Issuer: "https://hr.example", Subject: idptest.Email, Audience: "https://id.example", Lifetime: time.Hour,
	}.Sign(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))
	token, err := client.GetAccessTokenByJWTBearer(context.Background(), oauth.JWTBearerOptions{Assertion: assertion, Scope: "email"})
	fmt.Println(token.Scope, err)
	// Output: email <nil>
}
