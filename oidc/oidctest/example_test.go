package oidctest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// A login of a client of package oidc. An error makes the next call fail, so the last one tells of all.
func Example() {
	idp := &oidctest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	client, _ := oidc.NewClient(oidc.Config{
		Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		RedirectURI: "http://localhost:3000/callback", HTTPClient: server.Client(),
	})
	login, _ := client.BeginLogin(context.Background(), oidc.AuthorizeOptions{Scope: "openid email"})
	callback, _ := idp.Login(context.Background(), login.URL, idptest.Username)
	result, err := client.CompleteLogin(context.Background(), login, callback)
	fmt.Println(result.IDToken.Subject, result.IDToken.Email, err)
	// Output: 60f1d4b29c3e8a7756041bfe alice@example.com <nil>
}

// An API that verifies access tokens by RFC 9068, with nothing but the issuer and its own name.
func Example_resourceServer() {
	idp := &oidctest.Server{AccessTokenAudience: "https://orders.example"}
	server := httptest.NewServer(idp)
	defer server.Close()
	client, _ := oidc.NewClient(oidc.Config{
		Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		RedirectURI: "http://localhost:3000/callback", HTTPClient: server.Client(),
	})
	login, _ := client.BeginLogin(context.Background(), oidc.AuthorizeOptions{Scope: "openid email"})
	callback, _ := idp.Login(context.Background(), login.URL, idptest.Username)
	result, _ := client.CompleteLogin(context.Background(), login, callback)

	api, _ := oidc.NewClient(oidc.Config{Issuer: server.URL, HTTPClient: server.Client()})
	expect := oidc.AccessTokenExpect{Audience: "https://orders.example", Scopes: []string{"email"}}
	access, err := api.VerifyAccessToken(context.Background(), result.Token.AccessToken, expect)
	fmt.Println(access.Subject, access.ClientID, err)
	// Output: 60f1d4b29c3e8a7756041bfe demo-application <nil>
}

// loginLink is what an application sends its users to.
func loginLink(host string) string {
	return host + "/auth?" + url.Values{
		"client_id": {oidctest.ClientID}, "redirect_uri": {"http://localhost:3000/callback"},
		"response_type": {"code"}, "scope": {"openid profile"}, "state": {"af0ifjsldkj"},
	}.Encode()
}

// get is the body of an answer.
func get(idp *oidctest.Server, path string) string {
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder.Body.String()
}

// issued is a token that a login brings in a fragment.
func issued(idp *oidctest.Server, name string) string {
	link := loginLink("http://localhost:8000") + "&nonce=n-0S6_WzA2Mj"
	callback, err := idp.Login(context.Background(), strings.Replace(link, "response_type=code", "response_type=id_token+token", 1), "")
	if err != nil {
		return err.Error()
	}
	values, err := url.ParseQuery(callback.URL.EscapedFragment())
	if err != nil {
		return err.Error()
	}
	return values.Get(name)
}

// The server need not listen: Login calls it directly, under the link's host.
func ExampleServer_Login() {
	idp := &oidctest.Server{}
	callback, err := idp.Login(context.Background(), loginLink("https://id.example.com")+"&response_mode=form_post", idptest.Email)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(callback.Method, callback.URL, callback.FormValue("code") != "")
	// Output: POST http://localhost:3000/callback true
}

// A user who is logged in is not asked again.
func ExampleServer_Browser() {
	idp := &oidctest.Server{}
	browser, err := idp.Browser(idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, prompt := range []string{"none", "login", "none"} {
		callback, err := browser.Open(context.Background(), loginLink("http://localhost:8000")+"&prompt="+prompt, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(prompt, callback.URL.Query().Has("code"))
	}
	// Output:
	// none false
	// login true
	// none true
}

// The server as a plain handler, with another name for itself.
func ExampleServer_ServeHTTP() {
	idp := &oidctest.Server{Realm: &idptest.Realm{BaseURL: "https://id.example.com"}, Path: "/oidc"}
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/oidc/.well-known/openid-configuration", nil))
	fmt.Println(strings.Contains(recorder.Body.String(), `"issuer":"https://id.example.com/oidc"`))
	// Output: true
}

// Two servers under one address, with one Realm: OpenID Connect, and OAuth 2.0 alone.
func ExampleServer_Mount() {
	realm := &idptest.Realm{}
	mux := http.NewServeMux()
	for _, server := range []idptest.Server{
		&oidctest.Server{Realm: realm, Path: "/oidc"},
		&oidctest.Server{Realm: realm, Path: "/oauth", OAuth: true, Scopes: []string{"user"}},
	} {
		server.Mount(mux)
	}
	for _, path := range []string{"/oidc/token", "/oauth/token"} {
		_, pattern := mux.Handler(httptest.NewRequest(http.MethodPost, path, nil))
		fmt.Println(pattern)
	}
	// Output:
	// POST /oidc/token
	// POST /oauth/token
}

// A callback with a state that was not sent, and one as it should be.
func ExampleServer_Break() {
	idp := &oidctest.Server{}
	for _, faults := range [][]idptest.Fault{{idptest.WrongState}, {}} {
		idp.Break(faults...)
		callback, err := idp.Login(context.Background(), loginLink("http://localhost:8000"), "")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(callback.URL.Query().Get("state") == "af0ifjsldkj")
	}
	// Output:
	// false
	// true
}

// How many times the keys were fetched.
// A session that ends at the server: the application is told by a logout token.
func ExampleServer_EndSessions() {
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path, strings.Count(r.PostFormValue("logout_token"), "."))
	}))
	defer app.Close()
	idp := &oidctest.Server{BackChannelLogoutURI: app.URL + "/backchannel", BackChannelLogoutSessionRequired: true}
	if _, err := idp.Login(context.Background(), loginLink("http://id.example"), ""); err != nil {
		fmt.Println(err)
		return
	}
	ended, err := idp.EndSessions(context.Background(), idptest.Username)
	fmt.Println(ended, err)
	// Output:
	// POST /backchannel 2
	// 1 <nil>
}

func ExampleServer_Requests() {
	idp := &oidctest.Server{}
	get(idp, "/.well-known/jwks.json")
	fmt.Println(idp.Requests("/.well-known/jwks.json"))
	// Output: 1
}

// After a rotation the old key and the new one are both published.
func ExampleServer_RotateKeys() {
	idp := &oidctest.Server{}
	if err := idp.RotateKeys(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(get(idp, "/.well-known/jwks.json"), `"kid"`))
	// Output: 2
}

// What an ID token says, without a client that verifies it.
func ExampleServer_IDTokenClaims() {
	idp := &oidctest.Server{}
	claims, err := idp.IDTokenClaims(issued(idp, "id_token"))
	fmt.Println(claims["sub"], claims["nonce"], err)
	_, err = idp.IDTokenClaims("nonsense")
	fmt.Println(err)
	// Output:
	// 60f1d4b29c3e8a7756041bfe n-0S6_WzA2Mj <nil>
	// oidctest: the token is not a JWT
}

// What an access token says, until it is revoked or expires.
func ExampleServer_AccessTokenClaims() {
	idp := &oidctest.Server{}
	claims, err := idp.AccessTokenClaims(issued(idp, "access_token"))
	fmt.Println(claims["scope"], err)
	// Output: openid profile <nil>
}

// The person decides on another device, as in RFC 8628 and in CIBA.
func ExampleServer_Allow() {
	idp := &oidctest.Server{CIBA: &oidctest.CIBA{Lifetime: time.Minute}}
	server := httptest.NewServer(idp)
	defer server.Close()
	client, _ := oidc.NewClient(oidc.Config{Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: server.Client()})
	login, _ := client.BeginCIBALogin(context.Background(), oauth.CIBAOptions{LoginHint: idptest.Username})
	fmt.Println(idp.Allow(context.Background(), login.AuthReqID, ""))
	fmt.Println(idp.Allow(context.Background(), login.AuthReqID, ""))
	// Output:
	// <nil>
	// oidctest: no login waits for a decision under this code
}

func ExampleServer_Deny() {
	idp := &oidctest.Server{Device: &oidctest.Device{}}
	server := httptest.NewServer(idp)
	defer server.Close()
	client, _ := oidc.NewClient(oidc.Config{Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: server.Client()})
	login, _ := client.BeginDeviceLogin(context.Background(), oauth.DeviceOptions{})
	fmt.Println(idp.Deny(context.Background(), login.UserCode))
	// Output: <nil>
}
