package oidc_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// User info names a credit agency, whose signed claims are accepted because the configuration names it too.
func ExampleClient_GetSourcedClaims() {
	client, user := creditUser()
	claims, err := client.GetSourcedClaims(context.Background(), user, "credit_score")
	fmt.Println(claims["credit_score"].Issuer, err)
	// Output: https://id.example/claims <nil>
}

func ExampleSourcedClaim_Decode() {
	client, user := creditUser()
	claims, err := client.GetSourcedClaims(context.Background(), user)
	if err != nil {
		log.Fatal(err)
	}
	var score int
	err = claims["credit_score"].Decode(&score)
	fmt.Println(score, err)
	// Output: 650 <nil>
}

// creditUser is a client and user info whose credit score is with another party.
func creditUser() (*oidc.Client, *oauth.UserInfo) {
	server := &oidctest.Server{
		Realm:             &idptest.Realm{BaseURL: "https://id.example"},
		DistributedClaims: map[string]any{"credit_score": 650},
	}
	client, err := oidc.NewClient(oidc.Config{
		Issuer: "https://id.example", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		RedirectURI: "http://localhost:3000/callback", HTTPClient: &http.Client{Transport: handler{server}},
		ClaimsProviders: []oidc.ClaimsProvider{{
			Issuer: "https://id.example/claims", JWKS: "https://id.example/claims/jwks.json",
			Endpoints: []string{"https://id.example/claims/endpoint"},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	result := loggedIn(server, client)
	user, err := client.GetUserInfoByAccessToken(context.Background(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
	if err != nil {
		log.Fatal(err)
	}
	return client, user
}
