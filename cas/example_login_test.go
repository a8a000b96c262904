package cas_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

const aliceReply = `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
  <cas:authenticationSuccess>
    <cas:user>alice</cas:user>
  </cas:authenticationSuccess>
</cas:serviceResponse>`

// shown is a text with the login's random key replaced.
func shown(text string, login *cas.Login) string { return strings.ReplaceAll(text, login.Key, "KEY") }

func ExampleClient_BeginLogin() {
	login, err := client("").BeginLogin(context.Background(), cas.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Keep login for this browser, sealed, and send it to login.URL.
	fmt.Println(shown(login.Service, login))
	fmt.Println(shown(login.URL, login))
	// Output:
	// https://app.example/callback?login=KEY
	// https://cas.example/cas/login?service=https%3A%2F%2Fapp.example%2Fcallback%3Flogin%3DKEY
}

func ExampleClient_CompleteLogin() {
	ctx, c := context.Background(), client(aliceReply)
	login, err := c.BeginLogin(ctx, cas.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The browser returns to the service with a ticket.
	r := httptest.NewRequest("GET", login.Service+"&ticket=ST-1-aA5Yuvrxzpv8Tau1cYQ7", nil)
	user, err := c.CompleteLogin(ctx, login, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.User)

	// A ticket of another browser's login is refused.
	r = httptest.NewRequest("GET", "https://app.example/callback?login=another&ticket=ST-1-aA5Yuvrxzpv8Tau1cYQ7", nil)
	_, err = c.CompleteLogin(ctx, login, r)
	fmt.Println(errors.Is(err, cas.CheckKey), err)
	// Output:
	// alice
	// true cas: refused the callback (key): parameter login differs from the one that was sent with this browser
}

// A gateway login shows no page: without a session at the server the browser returns without a ticket.
func ExampleClient_CompleteLogin_gateway() {
	ctx, c := context.Background(), client("")
	login, err := c.BeginLogin(ctx, cas.AuthorizeOptions{Gateway: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.CompleteLogin(ctx, login, httptest.NewRequest("GET", login.Service, nil))
	fmt.Println(errors.Is(err, cas.CheckSession), err)
	// Output: true cas: refused the callback (session): the browser has no session at the server
}

func ExampleLoginKey() {
	r := httptest.NewRequest("GET", "https://app.example/callback?login=OX4JW6XNHTWZVXB6SWQDXP6PPE&ticket=ST-1-aA5Yuvrxzpv8Tau1cYQ7", nil)
	fmt.Println(cas.LoginKey(r)) // names the Login to complete
	// Output: OX4JW6XNHTWZVXB6SWQDXP6PPE
}

const logoutMessage = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-1" Version="2.0" IssueInstant="2026-11-20T09:30:10Z">
  <saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>
  <samlp:SessionIndex>ST-1-aA5Yuvrxzpv8Tau1cYQ7</samlp:SessionIndex>
</samlp:LogoutRequest>`

func ExampleParseLogoutRequest() {
	request, err := cas.ParseLogoutRequest(logoutMessage)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.SessionIndexes)
	// Output: [ST-1-aA5Yuvrxzpv8Tau1cYQ7]
}

func ExampleClient_ReceiveLogout() {
	form := url.Values{"logoutRequest": {logoutMessage}}
	r := httptest.NewRequest("POST", "https://app.example/callback", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	request, err := client("").ReceiveLogout(r.Context(), r)
	if err != nil {
		fmt.Println("400:", err)
		return
	}
	for _, ticket := range request.SessionIndexes {
		fmt.Println("end the session of", ticket[:6]) // and answer 200, also when there is none
	}
	// Output: end the session of ST-1-a
}

// How an application with several servers identifies its users and their logins.
func ExampleClient_ServerURL() {
	c := client(aliceReply)
	reply, err := c.ValidateTicketV2(context.Background(), "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "")
	if err != nil || reply.Success == nil {
		fmt.Println("not logged in:", err)
		return
	}
	fmt.Println(c.ServerURL()+" "+reply.Success.User, c.SharedService())
	// Output: https://cas.example/cas alice false
}
