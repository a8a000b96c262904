package oidc_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func ExampleNewWebFinger() {
	server := httptest.NewTLSServer(&oidctest.Server{}) // takes the place of your server
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "https://")

	finger, err := oidc.NewWebFinger(oidc.WebFingerConfig{Hosts: []string{host}, Issuers: []string{server.URL}, HTTPClient: server.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	issuer, err := finger.Issuer(context.Background(), "acct:alice@"+host) // what the user typed
	fmt.Println(issuer == server.URL, err)

	_, err = finger.Issuer(context.Background(), "alice@attacker.example")
	fmt.Println(errors.Is(err, oauth.DiscoveryHost), err)
	// Output:
	// true <nil>
	// true oauth: discovery refused (host): WebFingerConfig does not allow to ask attacker.example
}
