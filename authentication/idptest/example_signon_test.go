package idptest_test

import (
	"context"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// Three servers of one realm are single sign-on: the person logs in at the first one, and prompt=none, which wants a
// login without a question, succeeds at another.
func ExampleRealm_Browser() {
	const app = "http://localhost:3000/"
	realm := &idptest.Realm{}
	sso, provider := &castest.Server{Realm: realm}, &oidctest.Server{Realm: realm}
	idp := &samltest.Server{Realm: realm, Apps: []samltest.App{{ACSURLs: []string{app}}}}
	browser, err := realm.Browser(idptest.Username, sso, provider, idp)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, link := range []string{
		"http://localhost:1/login?service=" + app,
		"http://localhost:2/auth?prompt=none&response_type=code&scope=openid&client_id=" + oidctest.ClientID + "&redirect_uri=" + app,
		"http://localhost:3/sso",
	} {
		request, err := browser.Open(context.Background(), link, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		query := request.URL.Query()
		fmt.Println(request.Method, query.Has("ticket"), query.Has("code"), request.FormValue("SAMLResponse") != "")
	}
	// Output:
	// GET true false false
	// GET false true false
	// POST false false true
}

// Two applications of one server, of which one is sent back with the iss of another server.
func ExampleFault_For() {
	idp := &oidctest.Server{Apps: []oidctest.App{{ClientID: "second", ClientSecret: "second-secret"}}}
	idp.Break(oidctest.WrongIssParameter.For("second"))
	for _, client := range []string{oidctest.ClientID, "second"} {
		link := "http://localhost:8000/auth?response_type=code&scope=openid&redirect_uri=http://localhost:3000/callback&client_id=" + client
		callback, err := idp.Login(context.Background(), link, "")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %q\n", client, callback.URL.Query().Get("iss"))
	}
	// Output:
	// demo-application ""
	// second "https://attacker.example/oidc"
}
