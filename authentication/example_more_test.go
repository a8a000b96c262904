package authentication_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A machine has the keys of a programmatic access account.
func ExampleClient_GetAccessTokenByClientCredentials() {
	client, _, stop := sample(nil)
	defer stop()
	token, err := client.GetAccessTokenByClientCredentials(context.Background(), authentication.ClientCredentialsOptions{
		Scope: "orders:read orders:delete", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(token.Scope, "but not", token.RejectedScope)
	// Output: orders:read but not orders:delete
}

// A machine calls an API: the token is kept, renewed before its end, and sent only to that API.
func ExampleClient_TokenSource() {
	client, _, stop := sample(nil)
	defer stop()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("a Bearer token came:", strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "))
	}))
	defer api.Close()
	base := &http.Transport{}
	defer base.CloseIdleConnections()
	machine := &http.Client{Transport: &oauth.Transport{Origin: api.URL, Base: base, Source: client.TokenSource(authentication.ClientCredentialsOptions{
		Scope: "orders:read", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey,
	})}}
	res, err := machine.Get(api.URL + "/orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status)
	// Output:
	// a Bearer token came: true
	// 200 OK
}

func ExampleClient_GetAccessTokenByPassword() {
	client, _, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	token, err := client.GetAccessTokenByPassword(ctx, authentication.PasswordOptions{Email: idptest.Email, Password: idptest.Password})
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.VerifyIDToken(ctx, token.IDToken, oidc.Expect{AccessToken: token.AccessToken})
	fmt.Println(id.Subject, err)
	_, err = client.GetAccessTokenByPassword(ctx, authentication.PasswordOptions{Email: idptest.Email, Password: "looking-glass"})
	fmt.Println(err)
	// Output:
	// 60f1d4b29c3e8a7756041bfe <nil>
	// authentication: denied by the server: oauth: the server refused with status 400: invalid_grant: invalid credentials provided
}

// ticketFor logs alice in at the CAS server and returns the ticket.
func ticketFor(client *authentication.Client, idp *authtest.Server, service string) string {
	link, err := client.BuildAuthorizeUrl(context.Background(), authentication.AuthorizeOptions{RedirectURI: service})
	if err != nil {
		panic(err)
	}
	r, err := idp.Login(context.Background(), link, idptest.Username)
	if err != nil {
		panic(err)
	}
	return r.FormValue("ticket")
}

func ExampleClient_ValidateTicketV1() {
	client, idp, stop := sample(authentication.CAS{})
	defer stop()
	ctx, service := context.Background(), "http://localhost:3000/cas"
	ticket := ticketFor(client, idp, service)
	for range 2 {
		answer, err := client.ValidateTicketV1(ctx, ticket, service)
		if err != nil {
			fmt.Println(err)
			return
		}
		asOnThePage, _ := json.Marshal(answer)
		fmt.Println(string(asOnThePage), answer.User)
	}
	// Output:
	// {"valid":true} alice
	// {"valid":false,"message":"ticket illegal"}
}

func ExampleClient_ValidateTicketV2() {
	client, idp, stop := sample(authentication.CAS{})
	defer stop()
	ctx, service := context.Background(), "http://localhost:3000/cas"
	ticket := ticketFor(client, idp, service)
	reply, err := client.ValidateTicketV2(ctx, ticket, service)
	fmt.Println(reply.Success.User, err)
	reply, err = client.ValidateTicketV2(ctx, ticket, service)
	fmt.Println(reply.Failure.Code, err)
	// Output:
	// alice <nil>
	// INVALID_TICKET <nil>
}

func ExampleClient_GenerateCodeChallenge() {
	client, _, stop := sample(nil)
	defer stop()
	verifier := client.GenerateCodeChallenge() // a code verifier: keep it secret
	fmt.Println(len(verifier), verifier == client.GenerateCodeChallenge())
	// Output: 43 false
}

// The vector of RFC 7636, appendix B.
func ExampleClient_GetCodeChallengeDigest() {
	client, _, stop := sample(nil)
	defer stop()
	fmt.Println(client.GetCodeChallengeDigest(authentication.CodeChallengeDigestOptions{CodeChallenge: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}))
	// Output: E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM <nil>
}

func ExampleParseProtocol() {
	p, err := authentication.ParseProtocol("cas")
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := authentication.NewClient(authentication.Options{AppID: "APPID", AppHost: "https://sample-app.authing.cn", Protocol: p})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(client.BuildAuthorizeUrl(context.Background(), authentication.AuthorizeOptions{RedirectURI: "https://app.example/cas"}))
	// Output: https://sample-app.authing.cn/cas-idp/APPID/login?service=https%3A%2F%2Fapp.example%2Fcas <nil>
}

// Any OpenID Provider, with the same calls as Authing.
func ExampleFromOIDC() {
	idp := &authtest.Server{IDTokenSigningAlg: "ES256"}
	server := httptest.NewServer(idp)
	defer server.Close()
	ctx := context.Background()
	c, err := oidc.NewClient(oidc.Config{
		Issuer: server.URL + "/oidc", ClientID: authtest.AppID, ClientSecret: authtest.Secret, IDTokenSigningAlg: "ES256", HTTPClient: server.Client(),
		RedirectURI: "http://localhost:3000/auth/callback",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	flow := authentication.FromOIDC(c)
	login, err := flow.BeginLogin(ctx, authentication.AuthorizeOptions{Scope: "openid profile"})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, _ := idp.Login(ctx, login.URL, idptest.Username)
	id, err := flow.CompleteLogin(ctx, login, r)
	fmt.Println(id.Claims["name"], err)
	// Output: Alice Liddell <nil>
}

// Any OAuth 2.0 server whose user info has sub.
func ExampleFromOAuth() {
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	ctx := context.Background()
	c, err := oauth.NewClient(oauth.Config{
		ClientID: authtest.AppID, ClientSecret: authtest.Secret, RedirectURI: "http://localhost:3000/auth/callback",
		HTTPClient: server.Client(),
		Endpoints: oauth.Endpoints{
			Authorization: server.URL + "/oauth/auth", Token: server.URL + "/oauth/token", UserInfo: server.URL + "/oauth/me",
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	flow := authentication.FromOAuth(c)
	login, err := flow.BeginLogin(ctx, authentication.AuthorizeOptions{Scope: "user"})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, _ := idp.Login(ctx, login.URL, idptest.Username)
	id, err := flow.CompleteLogin(ctx, login, r)
	fmt.Println(id.Subject, err)
	// Output: 60f1d4b29c3e8a7756041bfe <nil>
}

// A busy server may say when to try again.
func ExampleRetryAfter() {
	var err error = &oauth.Error{StatusCode: http.StatusServiceUnavailable, RetryAfter: 30 * time.Second}
	fmt.Println(authentication.RetryAfter(fmt.Errorf("login: %w", err)))
	fmt.Println(authentication.RetryAfter(errors.New("no route to host")))
	// Output:
	// 30s
	// 0s
}

// The server, or another site, sends the browser to the application's initiate_login_uri.
func ExampleClient_ReadInitiation() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "5f17a529f64fb009b794a2ff", Secret: "c5d08e1f7b2a496fb3e64d9a10f8527e", AppHost: "https://oidc1.authing.cn",
		RedirectURI: "https://app.example/auth/callback",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	r := httptest.NewRequest(http.MethodGet, "/login/begin?iss=https%3A%2F%2Foidc1.authing.cn%2Foidc&login_hint=alice&target_link_uri=https%3A%2F%2Fapp.example%2Finbox", nil)
	begun, err := client.ReadInitiation(ctx, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := client.BeginLogin(ctx, begun.Options)
	if err != nil {
		fmt.Println(err)
		return
	}
	login.Return = begun.Return
	fmt.Println(login.Return, strings.Contains(login.URL, "login_hint=alice")) // now pending.Send
	// Output: /inbox true
}
