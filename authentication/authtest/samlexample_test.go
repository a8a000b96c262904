package authtest_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// A SAML login by the POST binding: what the browser posts to the application.
func ExampleServer_LoginForm() {
	const request = `<AuthnRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="%s" ` +
		`AssertionConsumerServiceURL="http://localhost:3000/acs"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.com</Issuer></AuthnRequest>`
	idp := &authtest.Server{}
	callback, err := idp.LoginForm(context.Background(), "https://sample.authing.cn/api/v2/saml-idp/"+authtest.AppID, url.Values{
		"SAMLRequest": {base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf(request, time.Now().UTC().Format(time.RFC3339))))}, "RelayState": {"af0ifjsldkj"},
	}, idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := base64.StdEncoding.DecodeString(callback.PostFormValue("SAMLResponse"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(callback.Method, callback.URL, callback.PostFormValue("RelayState"))
	fmt.Println(strings.Contains(string(response), ">alice</saml:NameID>"))
	// Output:
	// POST http://localhost:3000/acs af0ifjsldkj
	// true
}

// One login at the server opens two applications.
func ExampleServer_Browser() {
	idp := &authtest.Server{SAMLApps: []samltest.App{
		{ID: "wiki", EntityID: "https://wiki.example.com", ACSURLs: []string{"https://wiki.example.com/acs"}},
		{ID: "mail", EntityID: "https://mail.example.com", ACSURLs: []string{"https://mail.example.com/acs"}},
	}}
	browser, err := idp.Browser(idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, app := range []string{"wiki", "mail"} {
		callback, err := browser.Open(context.Background(), "https://sample.authing.cn/api/v2/saml-idp/"+app, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(callback.Method, callback.URL)
	}
	// Output:
	// POST https://wiki.example.com/acs
	// POST https://mail.example.com/acs
}

// A logout that starts at the server: what the browser brings to the application.
func ExampleServer_LogoutRequest() {
	idp := &authtest.Server{SAMLApps: []samltest.App{{
		ID: "wiki", EntityID: "https://wiki.example.com", ACSURLs: []string{"https://wiki.example.com/acs"}, SLOURL: "https://wiki.example.com/slo",
	}}}
	if _, err := idp.Login(context.Background(), "https://sample.authing.cn/api/v2/saml-idp/wiki", idptest.Username); err != nil {
		fmt.Println(err)
		return
	}
	notice, err := idp.LogoutRequest(context.Background(), idptest.Username, "wiki")
	if err != nil {
		fmt.Println(err)
		return
	}
	query := notice.URL.Query()
	fmt.Println(notice.Method, notice.URL.Host+notice.URL.Path, query.Has("SAMLRequest"), query.Has("Signature"))
	// Output: GET wiki.example.com/slo true true
}
