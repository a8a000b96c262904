package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// An API that admits bound tokens with a proof of their key alone, and a program that calls it.
func ExampleNewDPoP() {
	const address = "https://api.example"
	idp := httptest.NewServer(&oidctest.Server{AccessTokenAudience: address})
	defer idp.Close()
	server, err := oidc.NewClient(oidc.Config{Issuer: idp.URL, HTTPClient: idp.Client()})
	if err != nil {
		log.Fatal(err)
	}
	proofs, err := web.NewDPoP(web.DPoPConfig{BaseURL: address, RequireDPoP: true, RequireNonce: true})
	if err != nil {
		log.Fatal(err)
	}
	verifier := web.JWT(server, oidc.AccessTokenExpect{Audience: address})
	api := web.TokenGuard{Verifier: verifier, Scopes: []string{"profile"}, DPoP: proofs}.Handler(orders)

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	dpop, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
	if err != nil {
		log.Fatal(err)
	}
	c, err := oauth.NewClient(oauth.Config{
		ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Issuer: idp.URL, HTTPClient: idp.Client(), DPoP: dpop,
	})
	if err != nil {
		log.Fatal(err)
	}
	source := c.TokenSource(oauth.ClientCredentialsOptions{Scope: "profile"})
	program := &http.Client{Transport: &oauth.Transport{Source: source, Origin: address, DPoP: dpop, Base: network{address: api}}}
	res, err := program.Get(address + "/orders")
	if err != nil {
		log.Fatal(err)
	}
	_ = res.Body.Close()
	fmt.Println(res.StatusCode)

	token, err := source.Token(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	show(api, token.AccessToken) // stolen
	_, err = verifier.VerifyToken(context.Background(), token.AccessToken)
	fmt.Println(err != nil)
	caller, err := verifier.(web.BoundVerifier).VerifyBoundToken(context.Background(), token.AccessToken)
	fmt.Println(caller.Binding.JKT == dpop.JKT(), err)
	// Output:
	// 200
	// 401 DPoP error="invalid_token", error_description="The access token is expired, revoked, or not for this API.", algs="ES256 ES384 ES512 EdDSA Ed25519 PS256 PS384 PS512", scope="profile"
	// true
	// true <nil>
}
