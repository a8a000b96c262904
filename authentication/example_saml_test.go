package authentication_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// A login by SAML at Authing, and the single logout that ends it.
func ExampleSAML() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		fmt.Println(err)
		return
	}
	const entity, acs, slo = "https://app.example/saml", "https://app.example/saml/acs", "https://app.example/saml/slo"
	idp := &authtest.Server{SAMLApps: []samltest.App{{EntityID: entity, ACSURLs: []string{acs}, SLOURL: slo, Key: key.Public()}}}
	server := httptest.NewServer(idp)
	defer server.Close()

	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, AppHost: server.URL, RedirectURI: acs, HTTPClient: server.Client(),
		Protocol: authentication.SAML{EntityID: entity, SLOURL: slo, Keys: []saml.Key{{Signer: key, Decrypter: key}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	login, err := client.BeginLogin(ctx, authentication.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	browser, err := idp.Browser(idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := browser.Open(ctx, login.URL, login.Form) // at http.HandleFunc("POST /saml/acs", ...)
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.CompleteLogin(ctx, login, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.Subject, id.Claims["email"])

	logout, err := client.BeginLogout(ctx, id, authentication.LogoutOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err = browser.Open(ctx, logout.URL, logout.Form) // at http.HandleFunc("/saml/slo", ...)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(client.LogoutKey(r) == logout.Key, client.CompleteLogout(ctx, logout, r))
	// Output:
	// alice alice@example.com
	// true <nil>
}

// The identity provider ends a session by SOAP, without the browser: the application finds it by its Identity.
func ExampleClient_ReceiveLogout_soap() {
	var client *authentication.Client
	// On the server, where every instance finds them, and behind a lock.
	sessions := map[string]*authentication.Identity{}
	// At http.HandleFunc("POST /saml/soap", ...).
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		notice, err := client.ReceiveLogout(r.Context(), r)
		if err == nil {
			maps.DeleteFunc(sessions, func(_ string, id *authentication.Identity) bool { return notice.Ends(id) })
			err = web.AnswerLogout(w, r, notice)
		}
		if err != nil {
			web.Error(w, r, err) // 403 where the request is refused
		}
	}))
	defer app.Close()

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		fmt.Println(err)
		return
	}
	const entity = "https://app.example/saml"
	acs, soap := app.URL+"/saml/acs", app.URL+"/saml/soap"
	idp := &authtest.Server{HTTPClient: app.Client(), SAMLApps: []samltest.App{{EntityID: entity, ACSURLs: []string{acs}, SOAPLogoutURL: soap, Key: key.Public()}}}
	server := httptest.NewServer(idp)
	defer server.Close()
	client, err = authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, AppHost: server.URL, RedirectURI: acs, HTTPClient: server.Client(),
		Protocol: authentication.SAML{EntityID: entity, SOAPLogoutURL: soap, Keys: []saml.Key{{Signer: key}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	login, err := client.BeginLogin(ctx, authentication.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := idp.LoginForm(ctx, login.URL, login.Form, idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.CompleteLogin(ctx, login, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	sessions["a"], sessions["b"] = id, &authentication.Identity{Protocol: "saml", Issuer: id.Issuer, Subject: "bob"}
	ended, err := idp.EndSessions(ctx, idptest.Username)
	fmt.Println(ended, err, sessions["a"] == nil, sessions["b"].Subject)
	// Output: 1 <nil> true bob
}

func ExampleLogoutNotice_Ends() {
	notice := &authentication.LogoutNotice{Protocol: "saml", Issuer: "https://idp.example", Subject: "alice", SessionIDs: []string{"s1"}}
	for _, session := range []string{"s1", "s2"} {
		id := &authentication.Identity{Protocol: "saml", Issuer: "https://idp.example", Subject: "alice", SessionID: session}
		fmt.Println(session, notice.Ends(id))
	}
	// Output:
	// s1 true
	// s2 false
}

func ExampleFromSAML() {
	sp, err := saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: "https://app.example/saml/acs", IDP: metadata.NewList()})
	if err != nil {
		fmt.Println(err)
		return
	}
	var flow authentication.LoginFlow = authentication.FromSAML(sp)
	_, err = flow.BeginLogin(context.Background(), authentication.AuthorizeOptions{Scope: "openid"})
	fmt.Println(err)
	// Output: authentication: AuthorizeOptions.Scope is not an option of this protocol
}
