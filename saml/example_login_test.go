package saml_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func ExampleClient_BuildAuthorizeUrl() {
	c, err := newSP()
	if err != nil {
		fmt.Println(err)
		return
	}
	address, err := c.BuildAuthorizeUrl(context.Background(), saml.AuthorizeOptions{RelayState: "/orders"})
	if err != nil {
		fmt.Println(err)
		return
	}
	before, _, _ := strings.Cut(address, "SAMLRequest=")
	_, after, _ := strings.Cut(address, "&")
	fmt.Println(before)
	fmt.Println(after)
	// Output:
	// https://idp.example/sso?
	// RelayState=%2Forders
}

func ExampleClient_BeginLogin() {
	c, err := newSP()
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := c.BeginLogin(context.Background(), saml.AuthorizeOptions{Binding: saml.BindingPOST, ForceAuthn: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Keep login for this browser, sealed, in a cookie with SameSite=None, and send the browser on.
	w := httptest.NewRecorder()
	if err := saml.Send(w, login.URL, login.Form); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(login.URL)
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(login.Form.Get("RelayState") == login.Key)
	// Output:
	// https://idp.example/sso/post?tenant=1
	// 200 text/html; charset=utf-8
	// true
}

func ExampleClient_CompleteLogin() {
	ctx := context.Background()
	c, err := newSP()
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := c.BeginLogin(ctx, saml.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The browser comes back with a response of the identity provider.
	r := answerTo(login).request()
	user, err := c.CompleteLogin(ctx, login, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.NameID.Value)
	fmt.Println(user.Values("groups"))
	if mail, ok := user.Attribute("urn:oid:0.9.2342.19200300.100.1.3"); ok {
		fmt.Println(mail.FriendlyName, mail.Values[0].Text)
	}

	// The same response again is refused.
	_, err = c.CompleteLogin(ctx, login, answerTo(login).request())
	fmt.Println(errors.Is(err, saml.CheckReplay), err)
	// Output:
	// ada@example.com
	// [staff a & b]
	// mail ada@example.com
	// true saml: refused (replay): the login was completed already
}

// A passive login shows no page: a user without a session at the identity provider comes back with NoPassive.
func ExampleClient_CompleteLogin_passive() {
	ctx := context.Background()
	c, err := newSP()
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := c.BeginLogin(ctx, saml.AuthorizeOptions{IsPassive: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	no := answerTo(login)
	no.status = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoPassive"/></samlp:StatusCode>`
	_, err = c.CompleteLogin(ctx, login, no.request())
	fmt.Println(errors.Is(err, saml.NoPassive), err)
	// Output: true saml: the identity provider refused: Responder: NoPassive
}

func ExampleLoginKey() {
	r := post("<samlp:Response/>", "OX4JW6XNHTWZVXB6SWQDXP6PPE")
	fmt.Println(saml.LoginKey(r)) // names the Login to complete
	// Output: OX4JW6XNHTWZVXB6SWQDXP6PPE
}

func ExampleSend() {
	w := httptest.NewRecorder()
	if err := saml.Send(w, "https://idp.example/sso?SAMLRequest=...", nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Code, w.Header().Get("Location"))
	// Output: 303 https://idp.example/sso?SAMLRequest=...
}

func ExampleClient_ACSURLs() {
	sp, err := saml.NewClient(saml.Config{
		EntityID: "https://app.example/saml", ACSURL: "https://app.example/saml/acs", MoreACSURLs: []string{"https://app.example/old/acs"},
		IDP: metadata.NewList(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sp.ACSURLs())
	// Output: [https://app.example/saml/acs https://app.example/old/acs]
}

// The addresses for logouts. This client has no key, and so its logouts are not signed.
func ExampleClient_SLOURL() {
	sp, err := saml.NewClient(saml.Config{
		EntityID: "https://app.example/saml", ACSURL: "https://app.example/saml/acs", SLOURL: "https://app.example/saml/slo",
		IDP: metadata.NewList(), AllowUnsignedLogout: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %q %t\n", sp.SLOURL(), sp.SOAPLogoutURL(), sp.UnsignedLogout())
	// Output: https://app.example/saml/slo "" true
}
