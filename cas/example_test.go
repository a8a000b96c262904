package cas_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// answer is the server of these examples.
type answer string

func (a answer) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(a)))}, nil
}

func client(reply string) *cas.Client {
	c, err := cas.NewClient(cas.Config{
		ServerURL:  "https://cas.example/cas",
		Service:    "https://app.example/callback",
		HTTPClient: &http.Client{Transport: answer(reply)},
	})
	if err != nil {
		panic(err)
	}
	return c
}

func ExampleNewClient() {
	// Authing has one address for each application, and no /p3.
	c, err := cas.NewClient(cas.Config{
		ServerURL:   "https://sample-app.authing.cn/cas-idp/5f17a529f64fb009b794a2ff",
		Service:     "https://example.com",
		ReplyFormat: cas.FormatJSON,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.BuildAuthorizeUrl(context.Background(), cas.AuthorizeOptions{}))
	// Output: https://sample-app.authing.cn/cas-idp/5f17a529f64fb009b794a2ff/login?service=https%3A%2F%2Fexample.com <nil>
}

func ExampleClient_BuildAuthorizeUrl() {
	url, err := client("").BuildAuthorizeUrl(context.Background(), cas.AuthorizeOptions{Renew: true})
	fmt.Println(url, err)
	// Output: https://cas.example/cas/login?renew=true&service=https%3A%2F%2Fapp.example%2Fcallback <nil>
}

func ExampleClient_BuildLogoutUrl() {
	url, err := client("").BuildLogoutUrl(context.Background(), cas.LogoutOptions{Service: "https://app.example/bye"})
	fmt.Println(url, err)
	// Output: https://cas.example/cas/logout?service=https%3A%2F%2Fapp.example%2Fbye <nil>
}

func ExampleClient_ValidateTicketV1() {
	answer, err := client("yes\nalice\n").ValidateTicketV1(context.Background(), "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "")
	fmt.Printf("%+v %v\n", *answer, err)
	// Output: {Valid:true User:alice} <nil>
}

func ExampleClient_ValidateTicketV2() {
	reply, err := client(`{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"Ticket 不合法"}}}`).
		ValidateTicketV2(context.Background(), "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "", cas.ValidateOptions{Format: cas.FormatJSON})
	if err != nil {
		fmt.Println("no usable answer:", err)
		return
	}
	fmt.Println(reply.Failure)
	fmt.Println(errors.Is(reply.Failure, cas.InvalidTicket))
	// Output:
	// cas: the server refused: INVALID_TICKET: Ticket 不合法
	// true
}

func ExampleClient_ValidateTicketV3() {
	reply, err := client(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
  <cas:authenticationSuccess>
    <cas:user>alice</cas:user>
    <cas:attributes>
      <cas:isFromNewLogin>true</cas:isFromNewLogin>
      <cas:mail>alice@example.com</cas:mail>
      <cas:memberOf>admin</cas:memberOf>
      <cas:memberOf>dev</cas:memberOf>
    </cas:attributes>
  </cas:authenticationSuccess>
</cas:serviceResponse>`).ValidateTicketV3(context.Background(), "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "")
	if err != nil || reply.Success == nil {
		fmt.Println("not logged in:", err)
		return
	}
	groups, _ := reply.Success.Attributes.Get("memberOf")
	fmt.Println(reply.Success.User, reply.Success.IsFromNewLogin, reply.Success.Attributes.Text("mail"), groups.Texts())
	// Output: alice true alice@example.com [admin dev]
}

func ExampleSuccess_Claims() {
	reply, err := client(`{"serviceResponse":{"authenticationSuccess":{"user":"alice","attributes":{"email_verified":true,"address":{"country":null}}}}}`).
		ValidateTicketV2(context.Background(), "ST-1-aA5Yuvrxzpv8Tau1cYQ7", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	var claims struct {
		EmailVerified bool           `json:"email_verified"`
		Address       map[string]any `json:"address"`
	}
	err = reply.Success.Claims(&claims)
	fmt.Println(claims.EmailVerified, claims.Address, err)
	// Output: true map[country:<nil>] <nil>
}
