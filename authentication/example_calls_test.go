package authentication_test

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func ExampleClient_BuildAuthorizeUrl() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "5f17a529f64fb009b794a2ff", AppHost: "https://oidc1.authing.cn", RedirectURI: "https://baidu.com",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	link, err := client.BuildAuthorizeUrl(context.Background(), authentication.AuthorizeOptions{
		Scope: "openid profile offline_access", State: "7400704296715694", Nonce: "5485323897342262",
	})
	fmt.Println(link, err)
	// Output: https://oidc1.authing.cn/oidc/auth?client_id=5f17a529f64fb009b794a2ff&response_type=code&redirect_uri=https%3A%2F%2Fbaidu.com&scope=openid+profile+offline_access&state=7400704296715694&nonce=5485323897342262&prompt=consent <nil>
}

func ExampleClient_BuildLogoutUrl() {
	client, err := authentication.NewClient(authentication.Options{AppID: "5f17a529f64fb009b794a2ff", AppHost: "https://oidc1.authing.cn"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	fmt.Println(client.BuildLogoutUrl(ctx, authentication.LogoutOptions{RedirectURI: "https://authing.cn"}))
	fmt.Println(client.BuildLogoutUrl(ctx, authentication.LogoutOptions{Expert: true, IDToken: "ID.TOK.EN", RedirectURI: "https://authing.cn"}))
	// Output:
	// https://oidc1.authing.cn/login/profile/logout?redirect_uri=https%3A%2F%2Fauthing.cn <nil>
	// https://oidc1.authing.cn/oidc/session/end?id_token_hint=ID.TOK.EN&post_logout_redirect_uri=https%3A%2F%2Fauthing.cn <nil>
}

// Authing's calls, one after the other, with the checks that the caller must do.
func ExampleClient_GetAccessTokenByCode() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	verifier := client.GenerateCodeChallenge()
	challenge, err := client.GetCodeChallengeDigest(authentication.CodeChallengeDigestOptions{CodeChallenge: verifier})
	if err != nil {
		fmt.Println(err)
		return
	}
	link, err := client.BuildAuthorizeUrl(ctx, authentication.AuthorizeOptions{State: "of this browser", Nonce: "of this login", CodeChallenge: challenge})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The callback's state was compared with the browser's; this is its code.
	code := codeOf(idp, link)
	token, err := client.GetAccessTokenByCode(ctx, code, oauth.CodeOptions{CodeVerifier: verifier})
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.VerifyIDToken(ctx, token.IDToken, oidc.Expect{Nonce: "of this login", AccessToken: token.AccessToken})
	fmt.Println(token.TokenType, token.ExpiresIn, id.Subject, err)
	// Output: Bearer 3600 60f1d4b29c3e8a7756041bfe <nil>
}

// tokenOf is a token of alice, with a refresh token.
func tokenOf(client *authentication.Client, idp *authtest.Server) *oauth.Token {
	ctx := context.Background()
	link, err := client.BuildAuthorizeUrl(ctx, authentication.AuthorizeOptions{Scope: "openid profile offline_access", Nonce: "n"})
	if err != nil {
		panic(err)
	}
	token, err := client.GetAccessTokenByCode(ctx, codeOf(idp, link))
	if err != nil {
		panic(err)
	}
	return token
}

func ExampleClient_VerifyIDToken() {
	client, idp, stop := sample(nil)
	defer stop()
	token := tokenOf(client, idp)
	id, err := client.VerifyIDToken(context.Background(), token.IDToken, oidc.Expect{Nonce: "n"})
	fmt.Println(id.Name, err)
	_, err = client.VerifyIDToken(context.Background(), token.IDToken, oidc.Expect{Nonce: "another"})
	fmt.Println(err)
	// Output:
	// Alice Liddell <nil>
	// authentication: refused: oidc: refused the token (nonce): the nonce is not this login's
}

func ExampleClient_GetUserInfoByAccessToken() {
	client, idp, stop := sample(nil)
	defer stop()
	token := tokenOf(client, idp)
	user, err := client.GetUserInfoByAccessToken(context.Background(), token.AccessToken, oauth.UserInfoOptions{Subject: idptest.Subject})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.Subject, user.Name, user.UpdatedAt)
	// Output: 60f1d4b29c3e8a7756041bfe Alice Liddell 2021-03-03T06:17:14.485Z
}

func ExampleClient_GetNewAccessTokenByRefreshToken() {
	client, idp, stop := sample(nil)
	defer stop()
	token := tokenOf(client, idp)
	next, err := client.GetNewAccessTokenByRefreshToken(context.Background(), token.RefreshToken)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(next.AccessToken != token.AccessToken, next.RefreshToken != token.RefreshToken)
	// Output: true true
}

func ExampleClient_IntrospectToken() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	token := tokenOf(client, idp)
	seen, err := client.IntrospectToken(ctx, token.AccessToken)
	fmt.Println(seen.Active, seen.Subject, seen.HasScope("profile"), err)
	seen, err = client.IntrospectToken(ctx, "of somebody else")
	fmt.Println(seen.Active, err)
	// Output:
	// true 60f1d4b29c3e8a7756041bfe true <nil>
	// false <nil>
}

func ExampleClient_RevokeToken() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	token := tokenOf(client, idp)
	fmt.Println(client.RevokeToken(ctx, token.RefreshToken))
	_, err := client.GetNewAccessTokenByRefreshToken(ctx, token.RefreshToken)
	fmt.Println(errors.Is(err, oauth.InvalidGrant))
	// Output:
	// <nil>
	// true
}

func ExampleClient_ValidateToken() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	token := tokenOf(client, idp)
	seen, err := client.ValidateToken(ctx, authentication.ValidateTokenOptions{IDToken: token.IDToken})
	fmt.Println(seen.Subject, seen.Audience, err)
	_, err = client.ValidateToken(ctx, authentication.ValidateTokenOptions{AccessToken: "no token"})
	fmt.Println(err)
	// Output:
	// 60f1d4b29c3e8a7756041bfe [6110c7a2f04e5b13d9a8e642] <nil>
	// oauth: the server refused with status 200: 400: access_token 格式有误
}

func ExampleValidateTokenResult_Claims() {
	client, idp, stop := sample(nil)
	defer stop()
	seen, err := client.ValidateToken(context.Background(), authentication.ValidateTokenOptions{IDToken: tokenOf(client, idp).IDToken})
	if err != nil {
		fmt.Println(err)
		return
	}
	var more struct {
		Subject string `json:"sub"`
	}
	err = seen.Claims(&more)
	fmt.Println(more.Subject == seen.Subject, err)
	// Output: true <nil>
}

// An API checks the access tokens of its requests: tokens of users, and of known machines.
func ExampleClient_VerifyAccessToken() {
	client, _, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	machine, err := client.GetAccessTokenByClientCredentials(ctx, authentication.ClientCredentialsOptions{
		Scope: "orders:read", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.VerifyAccessToken(ctx, machine.AccessToken, authentication.AccessTokenExpect{})
	fmt.Println(errors.Is(err, authentication.ErrRefused), errors.Is(err, oidc.CheckAudience))
	token, err := client.VerifyAccessToken(ctx, machine.AccessToken, authentication.AccessTokenExpect{AccessKeys: []string{authtest.AccessKey}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(token.HasScope("orders:read"), token.HasScope("orders:delete"))
	// Output:
	// true true
	// true false
}

// Authing's two calls, with the checks that the caller must do. state, nonce and verifier are kept for that one
// browser, in a sealed cookie or on the server.
func ExampleAuthorizeParameters() {
	client, idp, stop := sample(nil)
	defer stop()
	ctx := context.Background()
	link, err := client.BuildAuthorizeUrl(ctx, authentication.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	state, nonce := authentication.AuthorizeParameters(link)

	callback, err := idp.Login(ctx, link, idptest.Username) // what the browser does
	if err != nil {
		fmt.Println(err)
		return
	}
	query := callback.URL.Query()
	if state == "" || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(state)) != 1 {
		fmt.Println("this browser began no such login")
		return
	}
	token, err := client.GetAccessTokenByCode(ctx, query.Get("code"))
	if err != nil {
		fmt.Println(err)
		return
	}
	idToken, err := client.VerifyIDToken(ctx, token.IDToken, oidc.Expect{Nonce: nonce, AccessToken: token.AccessToken})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(idToken.Subject != "")
	// Output: true
}
