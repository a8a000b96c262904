package oauth_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// exampleGrants talks to a server where kim has agreed already. At each look its clock is ten seconds on.
func exampleGrants() *oauth.Client {
	reply := func(body string) httpmock.Responder { return httpmock.NewStringResponder(200, body) }
	server := httpmock.NewMockTransport()
	server.RegisterResponder(http.MethodPost, "https://as.example/device", reply(
		`{"device_code":"DC","user_code":"WDJB-MJHT","verification_uri":"https://as.example/d","verification_uri_complete":"https://as.example/d?c=WDJB-MJHT","expires_in":600}`))
	server.RegisterResponder(http.MethodPost, "https://as.example/ciba", reply(`{"auth_req_id":"R1","expires_in":600}`))
	server.RegisterResponder(http.MethodPost, "https://as.example/token", func(r *http.Request) (*http.Response, error) {
		more := ""
		if strings.HasSuffix(r.FormValue("grant_type"), "token-exchange") {
			more = `,"issued_token_type":"urn:ietf:params:oauth:token-type:access_token"`
		}
		if strings.Contains(r.FormValue("authorization_details"), "payment_initiation") {
			more = `,"authorization_details":[{"type":"payment_initiation","amount":"100.00"}]`
		}
		return reply(`{"access_token":"AT","token_type":"Bearer"` + more + `}`)(r)
	})
	at := now
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "app", ClientSecret: "7Fjfp0ZBr1KtDRbnfVdmIw",
		Endpoints: oauth.Endpoints{
			Token: "https://as.example/token", DeviceAuthorization: "https://as.example/device", BackchannelAuthentication: "https://as.example/ciba",
		},
		HTTPClient: &http.Client{Transport: server}, Now: func() time.Time { at = at.Add(10 * time.Second); return at },
	})
	if err != nil {
		panic(err)
	}
	return c
}

// A television shows the code and, as a QR code, the link.
func ExampleClient_BeginDeviceLogin() {
	login, err := exampleGrants().BeginDeviceLogin(context.Background(), oauth.DeviceOptions{Scope: "profile"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("Open", login.VerificationURI, "and enter", login.UserCode)
	fmt.Println("or scan", login.Link())
	// Output:
	// Open https://as.example/d and enter WDJB-MJHT
	// or scan https://as.example/d?c=WDJB-MJHT
}

func ExampleClient_CompleteDeviceLogin() {
	c, ctx := exampleGrants(), context.Background()
	login, err := c.BeginDeviceLogin(ctx, oauth.DeviceOptions{Scope: "profile"})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := c.CompleteDeviceLogin(ctx, login) // waits for the user
	switch {
	case errors.Is(err, oauth.AccessDenied):
		fmt.Println("the user refused")
	case errors.Is(err, oauth.ExpiredToken):
		fmt.Println("begin again")
	default:
		fmt.Println(token.AccessToken, err)
	}
	// Output: AT <nil>
}

func ExampleDeviceLogin_Link() {
	login := oauth.DeviceLogin{VerificationURI: "https://as.example/d", UserCode: "WDJB-MJHT"}
	fmt.Println(login.Link()) // the server sent no complete address
	// Output: https://as.example/d
}

func ExampleClient_BeginCIBALogin() {
	// A clerk's application asks the caller on the phone to confirm.
	login, err := exampleGrants().BeginCIBALogin(context.Background(), oauth.CIBAOptions{LoginHint: "kim@example.com", BindingMessage: "W4SCT"})
	fmt.Println(login.Scope, err)
	// Output: openid <nil>
}

func ExampleClient_CompleteCIBALogin() {
	c, ctx := exampleGrants(), context.Background()
	login, err := c.BeginCIBALogin(ctx, oauth.CIBAOptions{LoginHint: "kim@example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := c.CompleteCIBALogin(ctx, login)
	fmt.Println(token.AccessToken, err)
	// Output: AT <nil>
}

// In the ping mode the server says when the user has decided.
func ExampleCIBAPingHandler() {
	c, ctx := exampleGrants(), context.Background()
	login, err := c.BeginCIBALogin(ctx, oauth.CIBAOptions{LoginHint: "kim@example.com", Ping: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	pending := map[string]*oauth.CIBALogin{login.AuthReqID: login} // an application with several instances uses its store
	due := make(chan *oauth.CIBALogin, 1)
	handler := oauth.CIBAPingHandler(
		func(_ context.Context, id string) (*oauth.CIBALogin, error) { return pending[id], nil },
		func(_ context.Context, l *oauth.CIBALogin) error { due <- l; return nil },
	)

	r := httptest.NewRequest(http.MethodPost, "/ciba", strings.NewReader(`{"auth_req_id":"R1"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer guess")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	fmt.Println(w.Code)

	r = httptest.NewRequest(http.MethodPost, "/ciba", strings.NewReader(`{"auth_req_id":"R1"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+login.NotificationToken)
	w = httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	token, err := c.CompleteCIBALogin(ctx, <-due)
	fmt.Println(w.Code, token.AccessToken, err)
	// Output:
	// 401
	// 204 AT <nil>
}

// An API calls another API for its user.
func ExampleClient_ExchangeToken() {
	result, err := exampleGrants().ExchangeToken(context.Background(), oauth.TokenExchangeOptions{
		SubjectToken: "the token that came with the request", Audience: []string{"ledger"}, RequestedTokenType: oauth.TokenTypeAccessToken,
	})
	fmt.Println(result.Token.AccessToken, result.IssuedTokenType, err)
	// Output: AT urn:ietf:params:oauth:token-type:access_token <nil>
}

// A service account has a key that the server knows.
func ExampleClient_GetAccessTokenByJWTBearer() {
	c, key := exampleGrants(), oauth.SigningKey{Signer: ed25519.NewKeyFromSeed(make([]byte, 32))} // read yours from a file
	source := oauth.NewTokenSource(func(ctx context.Context) (*oauth.Token, error) {
		assertion, err := oauth.JWTAssertion{Key: key, Issuer: "robot@example.com", Audience: "https://as.example"}.Sign(time.Now())
		if err != nil {
			return nil, err
		}
		return c.GetAccessTokenByJWTBearer(ctx, oauth.JWTBearerOptions{Assertion: assertion, Scope: "reports"})
	}, nil)
	token, err := source.Token(context.Background())
	fmt.Println(token.AccessToken, err)
	// Output: AT <nil>
}

func ExampleJWTAssertion_Sign() {
	key := oauth.SigningKey{Signer: ed25519.NewKeyFromSeed(make([]byte, 32))}
	assertion, err := oauth.JWTAssertion{Key: key, Issuer: "robot@example.com", Audience: "https://as.example"}.Sign(time.Now())
	fmt.Println(strings.Count(assertion, "."), err)
	// Output: 2 <nil>
}

func ExampleActor() {
	var token struct {
		Act oauth.Actor `json:"act"`
	}
	err := json.Unmarshal([]byte(`{"act":{"sub":"ledger"}}`), &token)
	fmt.Println(token.Act.Subject, err)
	// Output: ledger <nil>
}

// A payment is asked for exactly, and what was granted is read from the token.
func ExampleNewAuthorizationDetails() {
	type payment struct {
		Type   string `json:"type"`
		Amount string `json:"amount"`
	}
	details, err := oauth.NewAuthorizationDetails(payment{Type: "payment_initiation", Amount: "123.50"})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := exampleGrants().GetAccessTokenByClientCredentials(context.Background(), oauth.ClientCredentialsOptions{AuthorizationDetails: details})
	if err != nil {
		fmt.Println(err)
		return
	}
	granted, err := oauth.AuthorizationDetailsOf[payment](token.AuthorizationDetails, "payment_initiation")
	fmt.Println(granted, err)
	// Output: [{payment_initiation 100.00}] <nil>
}

func ExampleAuthorizationDetailsOf() {
	type account struct {
		Actions []string `json:"actions"`
	}
	granted := json.RawMessage(`[{"type":"account_information","actions":["list_accounts"]},{"type":"payment_initiation"}]`)
	accounts, err := oauth.AuthorizationDetailsOf[account](granted, "account_information")
	fmt.Println(accounts, err)
	// Output: [{[list_accounts]}] <nil>
}
