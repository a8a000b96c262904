package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

func ExampleNewClient() {
	_, err := oauth.NewClient(oauth.Config{
		ClientID: "app", ClientSecret: "secret",
		Endpoints: oauth.Endpoints{Token: "http://as.example/token"},
		TokenAuth: oauth.ClientSecretPost,
	})
	fmt.Println(err)
	// Output: oauth: Endpoints.Token must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)
}

func ExampleClient_BuildAuthorizeUrl() {
	c := exampleClient()
	challenge, _ := pkce.Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", pkce.S256)
	link, err := c.BuildAuthorizeUrl(context.Background(), oauth.AuthorizeOptions{Scope: "profile", State: "xyz", CodeChallenge: challenge})
	fmt.Println(link, err)
	// Output: https://as.example/authorize?client_id=app&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=profile&state=xyz&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256 <nil>
}

func ExampleClient_BeginLogin() {
	c := exampleClient()
	login, err := c.BeginLogin(context.Background(), oauth.AuthorizeOptions{Scope: "profile"})
	if err != nil {
		fmt.Println(err)
		return
	}
	to, _ := url.Parse(login.URL) // send the browser there, and keep login for it
	fmt.Println(to.Host, to.Query().Get("state") == login.State, to.Query().Get("code_challenge_method"))
	// Output: as.example true S256
}

func ExampleClient_CompleteLogin() {
	c, ctx := exampleClient(), context.Background()
	login, _ := c.BeginLogin(ctx, oauth.AuthorizeOptions{Scope: "profile"})

	// The browser comes back to the redirect URI.
	r := httptest.NewRequest(http.MethodGet, "/callback?code=C0DE&state="+login.State, nil)
	token, err := c.CompleteLogin(ctx, login, r)
	fmt.Println(token.AccessToken, err)

	// An attacker's link has another state.
	r = httptest.NewRequest(http.MethodGet, "/callback?code=EVIL&state=guess", nil)
	_, err = c.CompleteLogin(ctx, login, r)
	fmt.Println(errors.Is(err, oauth.CheckState), err)
	// Output:
	// AT <nil>
	// true oauth: refused the callback (state): state differs from the state that was sent with this browser
}

func ExampleClient_GetAccessTokenByCode() {
	c, ctx := exampleClient(), context.Background()
	token, err := c.GetAccessTokenByCode(ctx, "C0DE", oauth.CodeOptions{CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"})
	fmt.Println(token.AccessToken, token.ExpiresIn, err)

	_, err = c.GetAccessTokenByCode(ctx, "USED-BEFORE")
	fmt.Println(errors.Is(err, oauth.InvalidGrant), err)
	// Output:
	// AT 3600 <nil>
	// true oauth: the server refused with status 400: invalid_grant: unknown or used
}

func ExampleClient_GetNewAccessTokenByRefreshToken() {
	token, err := exampleClient().GetNewAccessTokenByRefreshToken(context.Background(), "RT")
	fmt.Println(token.AccessToken, token.RefreshToken, err) // the server sent no refresh token, so the old one stays
	// Output: AT2 RT <nil>
}

func ExampleClient_RefreshIfExpired() {
	c, ctx := exampleClient(), context.Background()
	token := &oauth.Token{AccessToken: "AT", RefreshToken: "RT", Expiry: now.Add(30 * time.Second)}
	token, err := c.RefreshIfExpired(ctx, token, 10*time.Second)
	fmt.Println(token.AccessToken, err)
	token, err = c.RefreshIfExpired(ctx, token, time.Minute)
	fmt.Println(token.AccessToken, err)
	// Output:
	// AT <nil>
	// AT2 <nil>
}

func ExampleClient_GetAccessTokenByClientCredentials() {
	token, err := exampleClient().GetAccessTokenByClientCredentials(context.Background(), oauth.ClientCredentialsOptions{Scope: "reports"})
	fmt.Println(token.AccessToken, token.HasScope("reports"), err)
	// Output: MACHINE true <nil>
}

func ExampleClient_GetAccessTokenByGrant() {
	token, err := exampleClient().GetAccessTokenByGrant(context.Background(), "urn:ietf:params:oauth:grant-type:jwt-bearer", url.Values{
		"assertion": {"eyJhbGciOiJFUzI1NiJ9.e30.sig"},
	})
	fmt.Println(token.AccessToken, err)
	// Output: EXCHANGED <nil>
}

func ExampleClient_GetUserInfoByAccessToken() {
	c, ctx := exampleClient(), context.Background()
	user, err := c.GetUserInfoByAccessToken(ctx, "AT")
	fmt.Println(user.Subject, user.Name, err)

	_, err = c.GetUserInfoByAccessToken(ctx, "AT", oauth.UserInfoOptions{Subject: "another"})
	fmt.Println(errors.Is(err, oauth.ErrSubject))
	// Output:
	// 1234 Kim <nil>
	// true
}

func ExampleUserInfo_Claims() {
	user, _ := exampleClient().GetUserInfoByAccessToken(context.Background(), "AT")
	var more struct {
		Company string `json:"company"`
	}
	err := user.Claims(&more)
	fmt.Println(more.Company, err)
	// Output: Example Ltd <nil>
}

// An API that asks about the same token again and again. A token that is revoked elsewhere stays active here for up to
// ten seconds.
func ExampleNewIntrospectionCache() {
	cache, err := oauth.NewIntrospectionCache(oauth.IntrospectionCacheOptions{MaxAge: 10 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	requests := 0
	server := roundTripper(func(r *http.Request) (*http.Response, error) {
		requests++
		return httpmock.NewStringResponse(200, `{"active":true,"sub":"1234"}`), nil
	})
	api, err := oauth.NewClient(oauth.Config{
		ClientID: "api", ClientSecret: "7Fjfp0ZBr1KtDRbnfVdmIw", IntrospectionCache: cache,
		Endpoints: oauth.Endpoints{Introspection: "https://as.example/introspect"}, HTTPClient: &http.Client{Transport: server},
	})
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		state, err := api.IntrospectToken(context.Background(), "AT")
		fmt.Println(state.Active, requests, err)
	}
	// Output:
	// true 1 <nil>
	// true 1 <nil>
	// true 1 <nil>
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func ExampleClient_IntrospectToken() {
	c, ctx := exampleClient(), context.Background()
	state, err := c.IntrospectToken(ctx, "AT", oauth.TokenOptions{TokenTypeHint: "access_token"})
	fmt.Println(state.Active, state.Subject, state.HasScope("profile"), err)
	state, err = c.IntrospectToken(ctx, "REVOKED")
	fmt.Println(state.Active, err)
	// Output:
	// true 1234 true <nil>
	// false <nil>
}

func ExampleIntrospection_Claims() {
	state, _ := exampleClient().IntrospectToken(context.Background(), "AT")
	var more struct {
		Tenant string `json:"tenant"`
	}
	err := state.Claims(&more)
	fmt.Println(more.Tenant, err)
	// Output: example <nil>
}

func ExampleClient_RevokeToken() {
	fmt.Println(exampleClient().RevokeToken(context.Background(), "RT", oauth.TokenOptions{TokenTypeHint: "refresh_token"}))
	// Output: <nil>
}

func ExampleToken_Claims() {
	token, _ := exampleClient().GetAccessTokenByCode(context.Background(), "C0DE")
	var more struct {
		Tenant string `json:"tenant"`
	}
	err := token.Claims(&more)
	fmt.Println(more.Tenant, err)
	// Output: example <nil>
}

// A token prints without its secrets, and is whole as JSON.
func ExampleToken() {
	token := oauth.Token{AccessToken: "AT", TokenType: "Bearer", Scope: "profile"}
	fmt.Println(token)
	stored, _ := json.Marshal(token)
	fmt.Println(string(stored), token.HasScope("profile"), token.Expired(now, 0))
	// Output:
	// oauth.Token{AccessToken:[redacted] TokenType:Bearer Scope:profile}
	// {"access_token":"AT","token_type":"Bearer","scope":"profile"} true false
}

// signedBy is a client authentication method that the application implements.
type signedBy struct{ sign func(endpoint string) string }

func (s signedBy) Authenticate(_ context.Context, r *oauth.AuthRequest) error {
	r.Form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	r.Form.Set("client_assertion", s.sign(r.Endpoint))
	return nil
}

func ExampleClientAuth() {
	server := httpmock.NewMockTransport()
	server.RegisterResponder(http.MethodPost, "https://as.example/token", func(r *http.Request) (*http.Response, error) {
		fmt.Println("the server reads", r.FormValue("client_assertion"))
		return httpmock.NewStringResponse(200, `{"access_token":"AT","token_type":"Bearer"}`), nil
	})
	c, _ := oauth.NewClient(oauth.Config{
		ClientID: "app", Endpoints: oauth.Endpoints{Token: "https://as.example/token"},
		TokenAuth:  signedBy{func(endpoint string) string { return "a JWT for " + endpoint }},
		HTTPClient: &http.Client{Transport: server},
	})
	token, err := c.GetAccessTokenByClientCredentials(context.Background(), oauth.ClientCredentialsOptions{})
	fmt.Println(token.AccessToken, err)
	// Output:
	// the server reads a JWT for https://as.example/token
	// AT <nil>
}

func ExampleError() {
	_, err := exampleClient().GetNewAccessTokenByRefreshToken(context.Background(), "OLD")
	var refused *oauth.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.StatusCode, refused.Code, refused.Temporary())
	}
	// Output: 400 invalid_grant false
}

func ExampleClient_Issuer() {
	c, err := oauth.NewClient(oauth.Config{ClientID: "app", Issuer: "https://as.example"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Issuer())
	// Output: https://as.example
}

// A program calls an API with its own token, which is renewed before it expires.
func ExampleClient_TokenSource() {
	c := exampleClient()
	api := &http.Client{Transport: &oauth.Transport{
		Source: c.TokenSource(oauth.ClientCredentialsOptions{Scope: "orders"}), Origin: "https://api.example", Base: exampleAPI(),
	}}
	res, err := api.Get("https://api.example/orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status)
	_, err = api.Get("https://other.example/orders") // the token goes to one origin
	fmt.Println(err)
	// Output:
	// 200 OK
	// Get "https://other.example/orders": oauth: Transport.Origin is https://api.example:443, and the request goes to https://other.example:443: nothing was sent
}

func ExampleNewTokenSource() {
	c := exampleClient()
	source := oauth.NewTokenSource(func(ctx context.Context) (*oauth.Token, error) {
		return c.GetAccessTokenByGrant(ctx, "urn:ietf:params:oauth:grant-type:jwt-bearer", url.Values{"assertion": {"A"}})
	}, nil)
	token, err := source.Token(context.Background())
	fmt.Println(token.AccessToken, err)
	source.Drop(token.AccessToken) // when the API refused it; a token this new stays
	// Output: EXCHANGED <nil>
}
