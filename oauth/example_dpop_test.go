package oauth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// exampleDPoP has a new key. A program that keeps its tokens keeps the key too.
func exampleDPoP() *oauth.DPoP {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	dpop, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
	if err != nil {
		log.Fatal(err)
	}
	return dpop
}

// A program whose tokens are of no use to a thief. The client and the transport share the key.
func ExampleNewDPoP() {
	idp := httptest.NewServer(&oidctest.Server{DPoPBoundAccessTokens: true})
	defer idp.Close()
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
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println("the scheme is", r.Header.Get("Authorization")[:4], "and a proof came:", r.Header.Get("DPoP") != "")
	}))
	defer api.Close()
	source := c.TokenSource(oauth.ClientCredentialsOptions{Scope: "profile"})
	client := &http.Client{Transport: &oauth.Transport{Source: source, Origin: api.URL, DPoP: dpop, Base: api.Client().Transport}}
	res, err := client.Get(api.URL + "/orders")
	if err != nil {
		log.Fatal(err)
	}
	_ = res.Body.Close()
	// Output: the scheme is DPoP and a proof came: true
}

// A token that was stored says which key it needs.
func ExampleDPoP_Send() {
	dpop := exampleDPoP()
	api := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})
	token := &oauth.Token{AccessToken: "an access token", TokenType: "DPoP", Binding: oauth.Binding{JKT: dpop.JKT()}}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://api.example/orders", nil)
	if err != nil {
		log.Fatal(err)
	}
	res, err := dpop.Send(api, r, token)
	if err != nil {
		log.Fatal(err)
	}
	_ = res.Body.Close()
	fmt.Println(res.StatusCode, token.Binding.Zero())
	_, err = exampleDPoP().Send(api, r, token)
	fmt.Println(err)
	// Output:
	// 200 false
	// oauth: the access token is not bound to the right key: it is bound to another key, or to none, and not to that of DPoP
}
