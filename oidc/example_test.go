package oidc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// A complete login: the application redirects the browser to login.URL, keeps login for that browser, and completes
// it in the callback's handler.
func Example() {
	ctx := context.Background()
	provider := &oidctest.Server{} // takes the place of your server
	server := httptest.NewServer(provider)
	defer server.Close()

	client, err := oidc.NewClient(oidc.Config{
		Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: server.Client(),
		RedirectURI: "http://localhost:3000/callback",
	})
	if err != nil {
		log.Fatal(err)
	}
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{Scope: "openid profile email"})
	if err != nil {
		log.Fatal(err)
	}
	stored, err := json.Marshal(login) // seal it into a cookie, or keep it server-side
	if err != nil {
		log.Fatal(err)
	}

	// The user logs in, and the browser returns to the application.
	r, err := provider.Login(ctx, login.URL, idptest.Username)
	if err != nil {
		log.Fatal(err)
	}

	var begun oidc.Login
	if err := json.Unmarshal(stored, &begun); err != nil {
		log.Fatal(err)
	}
	result, err := client.CompleteLogin(ctx, &begun, r)
	if err != nil {
		log.Fatal(err)
	}
	user := result.IDToken // Issuer and Subject together identify the user
	fmt.Println(user.Subject, user.Email)
	// Output: 60f1d4b29c3e8a7756041bfe alice@example.com
}

// visit is a client of a fake server, without a network.
func visit() (*oidctest.Server, *oidc.Client) {
	server := &oidctest.Server{
		Realm:  &idptest.Realm{BaseURL: "https://id.example"},
		Scopes: []string{"openid", "email", "offline_access", "orders:read"},
	}
	client, err := oidc.NewClient(oidc.Config{
		Issuer: "https://id.example", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		RedirectURI: "http://localhost:3000/callback", HTTPClient: &http.Client{Transport: handler{server}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

// loggedIn does a complete login.
func loggedIn(server *oidctest.Server, client *oidc.Client) *oidc.Result {
	ctx := context.Background()
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{Scope: "openid email offline_access", Prompt: "consent"})
	if err != nil {
		log.Fatal(err)
	}
	r, err := server.Login(ctx, login.URL, "")
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.CompleteLogin(ctx, login, r)
	if err != nil {
		log.Fatal(err)
	}
	return result
}

func ExampleNewClient() {
	_, err := oidc.NewClient(oidc.Config{
		Issuer: "https://tenant.example/", ClientID: "s6BhdRkqt3", ClientSecret: "short", IDTokenSigningAlg: "HS256",
	})
	fmt.Println(err)
	// Output: oidc: IDTokenSigningAlg HS256 needs a ClientSecret of at least 32 bytes, got 5 (RFC 7518 §3.2)
}

func ExampleClient_Metadata() {
	_, client := visit()
	m, err := client.Metadata(context.Background()) // at startup, to fail early
	fmt.Println(m.TokenEndpoint, err)
	// Output: https://id.example/token <nil>
}

func ExampleParseMetadata() {
	m, err := oidc.ParseMetadata([]byte(`{
		"issuer":"https://op.example", "jwks_uri":"https://op.example/jwks", "token_endpoint":"https://op.example/token"
	}`))
	fmt.Println(m, err)
	// Output: oauth.Metadata{issuer:https://op.example token_endpoint:https://op.example/token jwks_uri:https://op.example/jwks} <nil>
}

func ExampleMetadata_Claims() {
	_, client := visit()
	m, err := client.Metadata(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	var rest struct {
		Prompts []string `json:"prompt_values_supported"`
	}
	fmt.Println(m.Claims(&rest), rest.Prompts)
	// Output: <nil> [none login consent select_account]
}

func ExampleClient_BuildAuthorizeUrl() {
	_, client := visit()
	u, err := client.BuildAuthorizeUrl(context.Background(), oidc.AuthorizeOptions{State: "af0ifjsldkj", Nonce: "n-0S6_WzA2Mj"})
	fmt.Println(u, err)
	// Output: https://id.example/auth?client_id=demo-application&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&scope=openid&state=af0ifjsldkj&nonce=n-0S6_WzA2Mj <nil>
}

func ExampleClient_BeginLogin() {
	_, client := visit()
	login, err := client.BeginLogin(context.Background(), oidc.AuthorizeOptions{MaxAge: 5 * time.Minute})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(login.Scope, login.MaxAge, len(login.State) > 20, len(login.Nonce) > 20, len(login.CodeVerifier) > 42)
	// Output: openid 5m0s true true true
}

func ExampleLogin_UnmarshalJSON() {
	var login oidc.Login
	err := json.Unmarshal([]byte(`{"state":"af0ifjsldkj"}`), &login) // stored by another version
	fmt.Println(err)
	// Output: oidc: stored login: json: member missing: acr_values
}

// A callback that arrives a second time, after its login was completed and deleted.
func ExampleClient_CompleteLogin() {
	server, client := visit()
	ctx := context.Background()
	login, err := client.BeginLogin(ctx, oidc.AuthorizeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	r, err := server.Login(ctx, login.URL, idptest.Username)
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		result, err := client.CompleteLogin(ctx, login, r)
		fmt.Println(result != nil, err)
		login = nil
	}
	// Output:
	// true <nil>
	// false oauth: refused the callback (login): this browser began no login, or it was completed already
}

func ExampleClient_Refresh() {
	server, client := visit()
	first := loggedIn(server, client)
	next, err := client.Refresh(context.Background(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(next.Token.AccessToken != first.Token.AccessToken, next.IDToken.Subject == first.IDToken.Subject)
	// Output: true true
}

func ExampleClient_BuildLogoutUrl() {
	_, client := visit()
	u, err := client.BuildLogoutUrl(context.Background(), oidc.LogoutOptions{PostLogoutRedirectURI: "https://app.example/", State: "af0ifjsldkj"})
	fmt.Println(u, err)
	// Output: https://id.example/session/end?client_id=demo-application&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&state=af0ifjsldkj <nil>
}

func ExampleTokenError() {
	_, client := visit()
	_, err := client.VerifyIDToken(context.Background(), "eyJhbGciOiJub25lIn0.e30.", oidc.Expect{})
	var refused *oidc.TokenError
	fmt.Println(errors.Is(err, oidc.CheckAlgorithm), errors.As(err, &refused), err)
	// Output: true true oidc: refused the token (alg): the token says none, and IDTokenSigningAlg is RS256
}

func ExampleClient_GetUserInfoByAccessToken() {
	server, client := visit()
	result := loggedIn(server, client)
	user, err := client.GetUserInfoByAccessToken(context.Background(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
	fmt.Println(user.Email, err)
	// Output: alice@example.com <nil>
}
