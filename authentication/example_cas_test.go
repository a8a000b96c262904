package authentication_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

func ExampleCAS() {
	client, idp, stop := sample(authentication.CAS{})
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
	fmt.Println(id.Subject, id.Claims["email"], id.SessionID == r.FormValue("ticket"))

	_, err = client.CompleteLogin(ctx, login, r) // the ticket was used
	fmt.Println(errors.Is(err, authentication.ErrDenied), errors.Is(err, cas.InvalidTicket))
	// Output:
	// alice alice@example.com true
	// true true
}

// Any server of CAS 3.0. FromOIDC, FromOAuth and FromSAML do the same for the other protocols.
func ExampleFromCAS() {
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	c, err := cas.NewClient(cas.Config{ServerURL: server.URL + "/cas", Service: "http://localhost:3000/callback", HTTPClient: server.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	flow := authentication.FromCAS(c)
	ctx := context.Background()
	login, err := flow.BeginLogin(ctx, authentication.AuthorizeOptions{Renew: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := idp.Login(ctx, login.URL, idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(flow.LoginKey(r) == login.Key)
	id, err := flow.CompleteLogin(ctx, login, r)
	fmt.Println(id.Subject, id.Issuer == server.URL+"/cas", err)
	// Output:
	// true
	// alice true <nil>
}

func ExampleClient_BeginLogout() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: "https://sample-app.authing.cn", Protocol: authentication.CAS{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	id := &authentication.Identity{Protocol: "cas", Subject: "alice", SessionID: "ST-1"} // of the session that ends
	logout, err := client.BeginLogout(context.Background(), id, authentication.LogoutOptions{RedirectURI: "https://app.example/bye"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(logout.URL)
	// Output: https://sample-app.authing.cn/cas-idp/APPID/logout?service=https%3A%2F%2Fapp.example%2Fbye
}

func ExampleClient_CompleteLogout() {
	client, _, stop := sample(authentication.CAS{})
	defer stop()
	ctx := context.Background()
	logout, err := client.BeginLogout(ctx, &authentication.Identity{Protocol: "cas"}, authentication.LogoutOptions{RedirectURI: "http://localhost:3000/bye"})
	if err != nil {
		fmt.Println(err)
		return
	}
	back := httptest.NewRequest(http.MethodGet, "/bye", nil) // what the browser asks for afterwards
	fmt.Println(client.CompleteLogout(ctx, logout, back))
	fmt.Println(errors.Is(client.CompleteLogout(ctx, nil, back), authentication.ErrRefused))
	// Output:
	// <nil>
	// true
}

// The server posts to the service when a session ended elsewhere.
func ExampleClient_ReceiveLogout() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: "https://sample-app.authing.cn", Protocol: authentication.CAS{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	form := url.Values{"logoutRequest": {`<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-1" Version="2.0">` +
		`<samlp:SessionIndex>ST-1</samlp:SessionIndex></samlp:LogoutRequest>`}}
	r := httptest.NewRequest(http.MethodPost, "/auth/callback", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	notice, err := client.ReceiveLogout(context.Background(), r)
	if err != nil {
		fmt.Println(errors.Is(err, authentication.ErrRefused))
		return
	}
	fmt.Println(notice.Protocol, notice.Issuer, notice.SessionIDs)
	fmt.Println(notice)
	// Output:
	// cas https://sample-app.authing.cn/cas-idp/APPID [ST-1]
	// authentication.LogoutNotice{Protocol:cas Issuer:https://sample-app.authing.cn/cas-idp/APPID SessionIDs:[redacted] BackChannel:true Unsigned:true}
}
