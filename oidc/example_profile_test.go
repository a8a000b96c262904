package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A client of a bank: what the profile demands and the Config leaves out is an error.
func ExampleProfile() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // yours comes from a file or a device
	if err != nil {
		log.Fatal(err)
	}
	config := oidc.Config{
		Profile: oidc.FAPI2, Issuer: "https://bank.example", ClientID: "app", RedirectURI: "https://app.example/callback",
		TokenAuth: oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{{Signer: key}}},
	}
	_, err = oidc.NewClient(config)
	fmt.Println(err)

	config.DPoP, err = oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
	if err != nil {
		log.Fatal(err)
	}
	_, err = oidc.NewClient(config)
	fmt.Println(err)
	// Output:
	// oidc: Profile fapi2: DPoP or CertificateBoundTokens must be set (FAPI 2.0 Security Profile §5.3.3.1)
	// <nil>
}

// The API of a bank: a token that is bound to no key is refused, because a thief could use it.
func ExampleClient_RequiresBoundTokens() {
	client, err := oidc.NewClient(oidc.Config{Profile: oidc.FAPI2, Issuer: "https://bank.example", AccessTokenSigningAlg: "PS256"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.VerifyAccessToken(context.Background(), "eyJhbGciOiJQUzI1NiJ9.e30.AA", oidc.AccessTokenExpect{Audience: "https://api.bank.example"})
	fmt.Println(client.RequiresBoundTokens(), err != nil)
	// Output: true true
}
