package authtest_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const samlIDP = "https://sample.authing.cn/api/v2/saml-idp/" + authtest.AppID

// authnRequest asks for a login that ends at http://localhost:3000/acs.
func authnRequest() string {
	return `<AuthnRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="` + time.Now().UTC().Format(time.RFC3339) +
		`" AssertionConsumerServiceURL="http://localhost:3000/acs"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.com</Issuer></AuthnRequest>`
}

// A SAML login by the POST binding: what the browser posts to the application.
func ExampleServer_LoginForm() {
	idp := &authtest.Server{}
	callback, err := idp.LoginForm(context.Background(), samlIDP, url.Values{
		"SAMLRequest": {base64.StdEncoding.EncodeToString([]byte(authnRequest()))}, "RelayState": {"af0ifjsldkj"},
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
	idp := &authtest.Server{SAMLApps: []authtest.SAMLApp{
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

// The metadata of the identity provider.
func ExampleSAMLApp() {
	idp := &authtest.Server{BaseURL: "https://sample.authing.cn", SAMLApps: []authtest.SAMLApp{{ID: "wiki"}}}
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/api/v2/saml-idp/wiki/metadata", nil))
	fmt.Println(recorder.Header().Get("Content-Type"), strings.Contains(recorder.Body.String(), `entityID="https://sample.authing.cn"`))
	// Output: application/samlmetadata+xml true
}

// A logout that starts at the server: what the browser brings to the application.
func ExampleServer_LogoutRequest() {
	idp := &authtest.Server{SAMLApps: []authtest.SAMLApp{{
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

// Every way in which the server can forge a login; a test ranges over them.
func ExampleSAMLFaults() {
	idp := &authtest.Server{}
	for _, fault := range authtest.SAMLFaults()[:2] {
		idp.Break(fault)
		callback, err := idp.LoginForm(context.Background(), samlIDP, url.Values{
			"SAMLRequest": {base64.StdEncoding.EncodeToString([]byte(authnRequest()))},
		}, idptest.Username)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(fault, callback.URL) // the application must refuse it
	}
	// Output:
	// SAMLUnsigned http://localhost:3000/acs
	// SAMLSignedDetail http://localhost:3000/acs
}

// Metadata that a service provider must not take.
func ExampleSAMLMetadataFaults() {
	idp := &authtest.Server{}
	idp.Break(authtest.SAMLMetadataFaults()[0])
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/api/v2/saml-idp/"+authtest.AppID+"/metadata", nil))
	fmt.Println(strings.Contains(recorder.Body.String(), "validUntil="))
	// Output: true
}

// The ways in which the logout messages of the server can be wrong.
func ExampleSAMLLogoutRequestFaults() {
	fmt.Println(authtest.SAMLLogoutRequestFaults()[0], authtest.SAMLLogoutResponseFaults()[0])
	// Output: SAMLLogoutUnsigned SAMLLogoutUnsigned
}
