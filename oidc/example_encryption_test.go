package oidc_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// ID tokens and user info are signed, and then encrypted to a key of the application. Its JWKS gives the public half to
// the server.
func ExampleDecryptionKey_JWK() {
	ctx := context.Background()
	private, err := rsa.GenerateKey(rand.Reader, 2048) // keep it with the other secrets of the application
	if err != nil {
		log.Fatal(err)
	}
	key := oidc.DecryptionKey{ID: "2026-07", Alg: "RSA-OAEP-256", Private: private}
	public, err := key.JWK()
	if err != nil {
		log.Fatal(err)
	}
	jwks, err := json.Marshal(oauth.JWKSet{public}) // or serve it with oauth.JWKSHandler
	if err != nil {
		log.Fatal(err)
	}
	provider := &oidctest.Server{
		JWKS: jwks, IDTokenEncryptionAlg: "RSA-OAEP-256", UserInfoSigningAlg: "RS256", UserInfoEncryptionAlg: "RSA-OAEP-256",
	}
	server := httptest.NewServer(provider)
	defer server.Close()

	client, err := oidc.NewClient(oidc.Config{
		Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: server.Client(),
		RedirectURI:          "http://localhost:3000/callback",
		IDTokenEncryptionAlg: "RSA-OAEP-256", UserInfoSigningAlg: "RS256", UserInfoEncryptionAlg: "RSA-OAEP-256", DecryptionKeys: []oidc.DecryptionKey{key},
	})
	if err != nil {
		log.Fatal(err)
	}
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{Scope: "openid profile email"})
	if err != nil {
		log.Fatal(err)
	}
	r, err := provider.Login(ctx, login.URL, "")
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.CompleteLogin(ctx, login, r)
	if err != nil {
		log.Fatal(err)
	}
	user, err := client.GetUserInfoByAccessToken(ctx, result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.IDToken.Email, user.Email)
	fmt.Println(key)
	// Output:
	// alice@example.com alice@example.com
	// oidc.DecryptionKey{ID:2026-07 Alg:RSA-OAEP-256 Private:[redacted]}
}
