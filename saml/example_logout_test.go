package saml_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const slo = "https://app.example/saml/slo"

// logouts gives the service provider and the identity provider what a logout needs.
func logouts(c *saml.Config) {
	idp := provider()
	idp.SLO = []metadata.Endpoint{
		{Binding: saml.BindingRedirect, Location: "https://idp.example/slo"},
		{Binding: saml.BindingPOST, Location: "https://idp.example/slo/post"},
	}
	c.SLOURL, c.Keys, c.IDP = slo, []saml.Key{{Signer: spKey()}}, metadata.NewList(idp)
}

// arrives is a logout message of the identity provider, posted by the browser.
func arrives(name, text, relayState string) *http.Request {
	form := url.Values{name: {base64.StdEncoding.EncodeToString([]byte(signed(text)))}, "RelayState": {relayState}}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, slo, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

const logoutHead = ` xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" IssueInstant="2026-11-20T12:00:00Z" Destination="` + slo + `"`

// endSession is the identity provider's LogoutRequest.
func endSession() *http.Request {
	return arrives("SAMLRequest", `<samlp:LogoutRequest ID="_request-7"`+logoutHead+`><saml:Issuer>`+idpID+`</saml:Issuer>`+
		`<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ada@example.com</saml:NameID>`+
		`<samlp:SessionIndex>_session-1</samlp:SessionIndex></samlp:LogoutRequest>`, "theirs")
}

// ended is the identity provider's answer to l.
func ended(l *saml.Logout, codes string) *http.Request {
	return arrives("SAMLResponse", `<samlp:LogoutResponse ID="_response-7" InResponseTo="`+l.RequestID+`"`+logoutHead+`><saml:Issuer>`+idpID+`</saml:Issuer>`+
		`<samlp:Status>`+codes+`</samlp:Status></samlp:LogoutResponse>`, l.Key)
}

const success = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`

func ExampleClient_BuildLogoutUrl() {
	c, err := newSP(logouts)
	if err != nil {
		fmt.Println(err)
		return
	}
	address, err := c.BuildLogoutUrl(context.Background(), saml.LogoutOptions{
		NameID: saml.NameID{Value: "ada@example.com", Format: saml.NameIDEmail}, SessionIndexes: []string{"_session-1"}, RelayState: "/bye",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	to, _, _ := strings.Cut(address, "?")
	fmt.Println(to)
	for part := range strings.SplitSeq(address[len(to)+1:], "&") {
		name, _, _ := strings.Cut(part, "=")
		fmt.Println(name)
	}
	// Output:
	// https://idp.example/slo
	// SAMLRequest
	// RelayState
	// SigAlg
	// Signature
}

func ExampleClient_BeginLogout() {
	c, err := newSP(logouts)
	if err != nil {
		fmt.Println(err)
		return
	}
	// What the Assertion of the login had. End the application's own session first.
	user := saml.Assertion{Issuer: idpID, NameID: saml.NameID{Value: "ada@example.com", Format: saml.NameIDEmail}, SessionIndex: "_session-1"}
	logout, err := c.BeginLogout(context.Background(), saml.LogoutOptions{
		IDP: user.Issuer, NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}, Binding: saml.BindingPOST,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Keep logout for this browser, sealed, and send the browser on.
	w := httptest.NewRecorder()
	if err := saml.Send(w, logout.URL, logout.Form); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(logout.URL, w.Code)
	fmt.Println(logout.Form.Get("RelayState") == logout.Key)
	// Output:
	// https://idp.example/slo/post 200
	// true
}

// One handler at SLOURL serves both: answers to our logouts, and logouts that began elsewhere.
func ExampleLogoutKey() {
	c, err := newSP(logouts)
	if err != nil {
		fmt.Println(err)
		return
	}
	logout, err := c.BeginLogout(context.Background(), saml.LogoutOptions{NameID: saml.NameID{Value: "ada@example.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range []*http.Request{ended(logout, success), endSession()} {
		if key := saml.LogoutKey(r); key != "" {
			fmt.Println("an answer to us:", key == logout.Key)
		} else {
			fmt.Println("a request to us")
		}
	}
	// Output:
	// an answer to us: true
	// a request to us
}

func ExampleClient_CompleteLogout() {
	ctx := context.Background()
	c, err := newSP(logouts)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, codes := range []string{
		success,
		`<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:PartialLogout"/></samlp:StatusCode>`,
	} {
		logout, err := c.BeginLogout(ctx, saml.LogoutOptions{NameID: saml.NameID{Value: "ada@example.com"}})
		if err != nil {
			fmt.Println(err)
			return
		}
		// The browser comes back to SLOURL.
		switch err := c.CompleteLogout(ctx, logout, ended(logout, codes)); {
		case err == nil:
			fmt.Println("logged out everywhere")
		case errors.Is(err, saml.PartialLogout):
			fmt.Println("not everywhere: close the browser")
		default:
			fmt.Println(err)
		}
	}
	// Output:
	// logged out everywhere
	// not everywhere: close the browser
}

func ExampleClient_ReceiveLogout() {
	ctx := context.Background()
	c, err := newSP(logouts)
	if err != nil {
		fmt.Println(err)
		return
	}
	request, err := c.ReceiveLogout(ctx, endSession())
	if err != nil {
		fmt.Println(err)
		return
	}
	// End the sessions of this name at this identity provider, those with one of the indexes or, without any, all.
	fmt.Println(request.Issuer, request.NameID.Value, request.SessionIndexes)

	_, err = c.ReceiveLogout(ctx, endSession())
	fmt.Println(errors.Is(err, saml.CheckReplay))
	// Output:
	// https://idp.example/metadata ada@example.com [_session-1]
	// true
}

func ExampleClient_RespondLogout() {
	ctx := context.Background()
	c, err := newSP(logouts)
	if err != nil {
		fmt.Println(err)
		return
	}
	request, err := c.ReceiveLogout(ctx, endSession())
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := c.RespondLogout(ctx, request, saml.Success)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	if err := saml.Send(w, reply.URL, reply.Form); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(reply.URL, reply.Form.Get("RelayState"), w.Code)
	// Output: https://idp.example/slo/post theirs 200
}
