package authentication_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// sample is a client of the fake Authing idp; stop ends it.
func sample(p authentication.Protocol) (client *authentication.Client, idp *authtest.Server, stop func()) {
	idp = &authtest.Server{}
	server := httptest.NewServer(idp)
	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: server.URL, HTTPClient: server.Client(),
		RedirectURI: "http://localhost:3000/auth/callback", Protocol: p,
	})
	if err != nil {
		panic(err)
	}
	return client, idp, server.Close
}

// codeOf logs alice in with a browser and returns the code.
func codeOf(idp *authtest.Server, link string) string {
	r, err := idp.Login(context.Background(), link, idptest.Username)
	if err != nil {
		panic(err)
	}
	return r.FormValue("code")
}

// A complete login: begin it, keep the Login for that one browser, complete it when the browser returns. Package web
// can keep it.
func Example() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()

	login, err := client.BeginLogin(ctx, authentication.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := idp.Login(ctx, login.URL, idptest.Username) // what the browser does
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.CompleteLogin(ctx, login, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.Subject, id.Claims["name"])

	_, err = client.CompleteLogin(ctx, login, r) // the code was used
	fmt.Println(errors.Is(err, authentication.ErrDenied))
	// Output:
	// 60f1d4b29c3e8a7756041bfe Alice Liddell
	// true
}

func ExampleNewClient() {
	client, err := authentication.NewClient(authentication.Options{
		AppID:       "60097391b1358c17c5fb0f4e",
		Secret:      "9f86d081884c7d659a2feaa0c55ad015",
		AppHost:     "https://sample-app.authing.cn",
		RedirectURI: "https://app.example/auth/callback",
	})
	fmt.Println(client, err)

	_, err = authentication.NewClient(authentication.Options{AppHost: "http://sample-app.authing.cn"})
	fmt.Println(err != nil)
	// Output:
	// authentication.Options{AppID:60097391b1358c17c5fb0f4e Secret:[redacted] AppHost:https://sample-app.authing.cn RedirectURI:https://app.example/auth/callback Protocol:[redacted] TokenEndPointAuthMethod:[redacted] IntrospectionEndPointAuthMethod:[redacted] RevocationEndPointAuthMethod:[redacted] Lang:zh-CN RequestFrom:sdk LoginLifetime:[redacted] Now:[redacted]} <nil>
	// true
}

func ExampleClient_BeginLogin() {
	client, _, stop := sample(authentication.OAuth{})
	defer stop()
	login, err := client.BeginLogin(context.Background(), authentication.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	link, _ := url.Parse(login.URL)
	fmt.Println(link.Path, link.Query().Get("scope"), link.Query().Get("code_challenge_method"), link.Query().Get("state") == login.Key)
	// Output: /oauth/auth user S256 true
}

func ExampleClient_CompleteLogin() {
	client, idp, stop := sample(authentication.OIDC{UserInfo: true})
	defer stop()
	ctx := context.Background()
	login, err := client.BeginLogin(ctx, authentication.AuthorizeOptions{Scope: "openid profile email"})
	if err != nil {
		fmt.Println(err)
		return
	}
	idp.Break(oidctest.WrongNonce) // an ID token of another login
	r, _ := idp.Login(ctx, login.URL, idptest.Username)
	_, err = client.CompleteLogin(ctx, login, r)
	fmt.Println(errors.Is(err, authentication.ErrRefused), errors.Is(err, oidc.CheckNonce))

	idp.Break()
	login, _ = client.BeginLogin(ctx, authentication.AuthorizeOptions{Scope: "openid profile email"})
	r, _ = idp.Login(ctx, login.URL, idptest.Username)
	id, err := client.CompleteLogin(ctx, login, r)
	fmt.Println(id.Claims["email"], err)
	// Output:
	// true true
	// alice@example.com <nil>
}

func ExampleClient_LoginKey() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	pending := map[string]*authentication.Login{} // one browser's

	login, _ := client.BeginLogin(ctx, authentication.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost})
	pending[login.Key] = login
	r, _ := idp.Login(ctx, login.URL, idptest.Username)

	key := client.LoginKey(r)
	login = pending[key]
	delete(pending, key) // it is for one callback, whatever the result
	id, err := client.CompleteLogin(ctx, login, r)
	fmt.Println(id.Subject, err)
	// Output: 60f1d4b29c3e8a7756041bfe <nil>
}

func ExampleClient_Refresh() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	login, _ := client.BeginLogin(ctx, authentication.AuthorizeOptions{Scope: "openid profile offline_access"})
	r, _ := idp.Login(ctx, login.URL, idptest.Username)
	id, err := client.CompleteLogin(ctx, login, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	next, err := client.Refresh(ctx, id) // store next in place of id
	fmt.Println(next.Key() == id.Key(), next.Token.AccessToken != id.Token.AccessToken, err)
	late, err := client.Refresh(ctx, id) // another request that still has id
	fmt.Println(late.Token.AccessToken == next.Token.AccessToken, err)
	// Output:
	// true true <nil>
	// true <nil>
}

func ExampleClient_RefreshIfExpired() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	login, _ := client.BeginLogin(ctx, authentication.AuthorizeOptions{Scope: "openid profile offline_access"})
	r, _ := idp.Login(ctx, login.URL, idptest.Username)
	id, err := client.CompleteLogin(ctx, login, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	same, err := client.RefreshIfExpired(ctx, id, time.Minute)
	fmt.Println(same == id, err)
	id.Expiry = time.Now().Add(30 * time.Second) // it expires within the minute
	next, err := client.RefreshIfExpired(ctx, id, time.Minute)
	var kept *authentication.RefreshError
	if errors.As(err, &kept) {
		id = kept.Identity // store it: the old refresh token may be invalid
	}
	fmt.Println(next.Token.AccessToken != id.Token.AccessToken, err)
	// Output:
	// true <nil>
	// true <nil>
}

func ExampleIdentity_Key() {
	id := authentication.Identity{Issuer: "https://sample-app.authing.cn/oidc", Subject: "60f1d4b29c3e8a7756041bfe"}
	fmt.Println(id.Key())
	// Output: https://sample-app.authing.cn/oidc 60f1d4b29c3e8a7756041bfe
}
