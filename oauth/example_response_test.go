package oauth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The parts of CompleteLogin, for an application that exchanges the code itself.
func ExampleClient_ReadCallback() {
	c, ctx := exampleClient(), context.Background()
	login, _ := c.BeginLogin(ctx, oauth.AuthorizeOptions{Scope: "profile"})

	r := httptest.NewRequest(http.MethodGet, "/callback?code=C0DE&state="+login.State, nil)
	response, err := c.ReadCallback(ctx, login, oauth.ResponseTypeCode, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := c.GetAccessTokenByCode(ctx, response.Code, oauth.CodeOptions{CodeVerifier: login.CodeVerifier})
	fmt.Println(token.AccessToken, err)
	// Output: AT <nil>
}

func ExampleAuthorizationResponse_Param() {
	c, ctx := exampleClient(), context.Background()
	login, _ := c.BeginLogin(ctx, oauth.AuthorizeOptions{})
	r := httptest.NewRequest(http.MethodGet, "/callback?code=C0DE&session_state=xyz&state="+login.State, nil)
	response, err := c.ReadCallback(ctx, login, oauth.ResponseTypeCode, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Param("session_state"))
	// Output: xyz
}

// One redirect URI for all logins: the state in the callback finds the right one.
func ExampleClient_LoginKey() {
	c, ctx := exampleClient(), context.Background()
	login, _ := c.BeginLogin(ctx, oauth.AuthorizeOptions{})
	pending := map[string]*oauth.Login{login.State: login} // of this browser

	r := httptest.NewRequest(http.MethodGet, "/callback?code=C0DE&state="+login.State, nil)
	token, err := c.CompleteLogin(ctx, pending[c.LoginKey(r)], r)
	fmt.Println(token.AccessToken, err)
	// Output: AT <nil>
}
