package oidc_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// An ID token that another part of the system obtained: the secret verifies HS256 without a network.
func ExampleClient_VerifyIDToken() {
	client, err := oidc.NewClient(oidc.Config{
		Issuer: "https://server.example.com", ClientID: "s6BhdRkqt3", ClientSecret: "ZJYCqe3GGRvdrudKyZS0XhGv_Z45DuKhCUk0gBR1vZk",
		IDTokenSigningAlg: "HS256", Now: func() time.Time { return time.Unix(1311281000, 0) },
	})
	if err != nil {
		log.Fatal(err)
	}
	const raw = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL3NlcnZlci5leGFtcGxlLmNvbSIsInN1YiI6IjI0ODI4OTc2MTAwMSIsImF1ZCI6InM2QmhkUmtxdDMiLCJub25jZSI6Im4tMFM2X1d6QTJNaiIsImV4cCI6MTMxMTI4MTk3MCwiaWF0IjoxMzExMjgwOTcwfQ.frpwMtZ7MoY1kBdj-9qswHhL_v3_5Y6xhwEq6M9ILg0"
	id, err := client.VerifyIDToken(context.Background(), raw, oidc.Expect{Nonce: "n-0S6_WzA2Mj"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(id.Subject, id.Expiry)
	// Output: 248289761001 2011-07-21 20:59:30 +0000 UTC
}

func ExampleIDToken_Claims() {
	server, client := visit()
	var claims struct {
		Verified bool `json:"email_verified"`
	}
	err := loggedIn(server, client).IDToken.Claims(&claims)
	fmt.Println(claims.Verified, err)
	// Output: true <nil>
}

// A logout sends the ID token as received, as its hint.
func ExampleIDToken_Raw() {
	server, client := visit()
	result := loggedIn(server, client)
	_, err := client.BuildLogoutUrl(context.Background(), oidc.LogoutOptions{IDTokenHint: result.IDToken.Raw()})
	fmt.Println(result.IDToken.Raw() == result.Token.IDToken, err)
	// Output: true <nil>
}

// A resource server needs an issuer and its own identifier, and no client. AllowPlainJWT would also accept plain JWTs,
// such as those of Authing.
func ExampleClient_VerifyAccessToken() {
	server, client := visit()
	token := loggedIn(server, client).Token.AccessToken

	api, err := oidc.NewClient(oidc.Config{Issuer: "https://id.example", HTTPClient: &http.Client{Transport: handler{server}}})
	if err != nil {
		log.Fatal(err)
	}
	access, err := api.VerifyAccessToken(context.Background(), token, oidc.AccessTokenExpect{Audience: oidctest.ClientID})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(access.Subject, access.HasScope("email"), access.HasScope("orders:write"))
	// Output: 60f1d4b29c3e8a7756041bfe true false
}

// What to answer the caller of an API whose token was refused.
func ExampleTokenError_ErrorCode() {
	server, client := visit()
	token := loggedIn(server, client).Token.AccessToken
	for _, scope := range []string{"email", "orders:write"} {
		_, err := client.VerifyAccessToken(context.Background(), token, oidc.AccessTokenExpect{Scopes: []string{scope}})
		var refused *oidc.TokenError
		if errors.As(err, &refused) {
			fmt.Println(scope, refused.ErrorCode())
		}
	}
	// Output: orders:write insufficient_scope
}

func ExampleAccessToken_Claims() {
	server, client := visit()
	access, err := client.VerifyAccessToken(context.Background(), loggedIn(server, client).Token.AccessToken, oidc.AccessTokenExpect{})
	if err != nil {
		log.Fatal(err)
	}
	var claims struct {
		Scope string `json:"scope"`
	}
	fmt.Println(access.Claims(&claims), claims.Scope)
	// Output: <nil> openid email offline_access
}

func ExampleAccessToken_HasScope() {
	token := oidc.AccessToken{Scope: "openid orders:read"}
	fmt.Println(token.HasScope("orders:read"), token.HasScope("orders"))
	// Output: true false
}

func ExampleParseKeys() {
	keys, err := oidc.ParseKeys([]byte(`{"keys":[
		{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"1"},
		{"kty":"oct","k":"c2VjcmV0","kid":"2"}
	]}`))
	fmt.Println(len(keys), keys[0].ID, err)
	// Output: 1 1 <nil>
}

func ExampleStaticKeys_Keys() {
	keys := oidc.StaticKeys{{ID: "2025"}, {ID: "2026"}}
	found, err := keys.Keys(context.Background(), "2026")
	fmt.Println(len(found), err)
	// Output: 1 <nil>
}

// A program that calls the single steps must check state before, and the ID token after.
func ExampleClient_GetAccessTokenByCode() {
	server, client := visit()
	ctx := context.Background()
	u, err := client.BuildAuthorizeUrl(ctx, oidc.AuthorizeOptions{State: "af0ifjsldkj", Nonce: "n-0S6_WzA2Mj"})
	if err != nil {
		log.Fatal(err)
	}
	r, err := server.Login(ctx, u, "")
	if err != nil || r.URL.Query().Get("state") != "af0ifjsldkj" {
		log.Fatal(err)
	}
	token, err := client.GetAccessTokenByCode(ctx, r.URL.Query().Get("code"))
	if err != nil {
		log.Fatal(err)
	}
	id, err := client.VerifyIDToken(ctx, token.IDToken, oidc.Expect{Nonce: "n-0S6_WzA2Mj", AccessToken: token.AccessToken})
	fmt.Println(id.Subject, err)
	// Output: 60f1d4b29c3e8a7756041bfe <nil>
}

func ExampleClient_GetNewAccessTokenByRefreshToken() {
	server, client := visit()
	first := loggedIn(server, client).Token
	next, err := client.GetNewAccessTokenByRefreshToken(context.Background(), first.RefreshToken)
	fmt.Println(next.AccessToken != first.AccessToken, err)
	// Output: true <nil>
}

func ExampleClient_RefreshIfExpired() {
	server, client := visit()
	token := loggedIn(server, client).Token
	same, err := client.RefreshIfExpired(context.Background(), token, time.Minute)
	fmt.Println(same == token, err)
	// Output: true <nil>
}

func ExampleClient_GetAccessTokenByClientCredentials() {
	_, client := visit()
	token, err := client.GetAccessTokenByClientCredentials(context.Background(), oauth.ClientCredentialsOptions{Scope: "orders:read"})
	fmt.Println(token.Scope, err)
	// Output: orders:read <nil>
}

func ExampleClient_TokenSource() {
	_, client := visit()
	source := client.TokenSource(oauth.ClientCredentialsOptions{Scope: "orders:read"}) // for an oauth.Transport, or by hand:
	first, err := source.Token(context.Background())
	fmt.Println(first.Scope, err)
	second, err := source.Token(context.Background())
	fmt.Println(first.AccessToken == second.AccessToken, err)
	// Output:
	// orders:read <nil>
	// true <nil>
}

func ExampleClient_GetAccessTokenByGrant() {
	_, client := visit()
	token, err := client.GetAccessTokenByGrant(context.Background(), "password", url.Values{
		"username": {idptest.Username}, "password": {idptest.Password}, "scope": {"openid"},
	})
	fmt.Println(token.HasScope("openid"), err)
	// Output: true <nil>
}

func ExampleClient_IntrospectToken() {
	server, client := visit()
	state, err := client.IntrospectToken(context.Background(), loggedIn(server, client).Token.AccessToken)
	fmt.Println(state.Active, state.Subject, err)
	// Output: true 60f1d4b29c3e8a7756041bfe <nil>
}

func ExampleClient_RevokeToken() {
	server, client := visit()
	ctx := context.Background()
	token := loggedIn(server, client).Token.AccessToken
	err := client.RevokeToken(ctx, token)
	state, _ := client.IntrospectToken(ctx, token)
	fmt.Println(err, state.Active)
	// Output: <nil> false
}
