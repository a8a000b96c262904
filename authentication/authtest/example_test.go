package authtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// loginLink is what an application sends its users to.
func loginLink(host string) string {
	return host + "/oidc/auth?" + url.Values{
		"client_id": {authtest.AppID}, "redirect_uri": {"http://localhost:3000/callback"},
		"response_type": {"code"}, "scope": {"openid profile"}, "state": {"af0ifjsldkj"},
	}.Encode()
}

// A login from the link to the tokens, with nothing but net/http.
func Example() {
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()

	callback, err := idp.Login(context.Background(), loginLink(server.URL), idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(callback.Method, callback.URL.Path, callback.URL.Query().Get("state"))

	reply, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).PostForm(server.URL+"/oidc/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {callback.URL.Query().Get("code")},
		"redirect_uri": {"http://localhost:3000/callback"},
		"client_id":    {authtest.AppID}, "client_secret": {authtest.Secret},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer reply.Body.Close()
	var token struct {
		TokenType string `json:"token_type"`
		ExpiresIn int    `json:"expires_in"`
		Scope     string `json:"scope"`
	}
	if err := json.NewDecoder(reply.Body).Decode(&token); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(token.TokenType, token.ExpiresIn, token.Scope)
	// Output:
	// GET /callback af0ifjsldkj
	// Bearer 3600 openid profile
}

// The server need not listen: Login calls it directly, under the link's host.
func ExampleServer_Login() {
	idp := &authtest.Server{}
	link := loginLink("https://sample.authing.cn") + "&response_mode=form_post"
	callback, err := idp.Login(context.Background(), link, idptest.Email)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(callback.Method, callback.URL, callback.FormValue("code") != "")
	// Output: POST http://localhost:3000/callback true
}

// The server as a plain handler.
func ExampleServer_ServeHTTP() {
	idp := &authtest.Server{BaseURL: "https://sample.authing.cn"}
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/oidc/.well-known/openid-configuration", nil))
	var document struct{ Issuer string }
	if err := json.Unmarshal(recorder.Body.Bytes(), &document); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(document.Issuer)
	// Output: https://sample.authing.cn/oidc
}

// A callback with a state that was not sent, and one as it should be.
func ExampleServer_Break() {
	idp := &authtest.Server{}
	link := loginLink("http://localhost:8000")
	for _, faults := range [][]idptest.Fault{{idptest.WrongState}, {}} {
		idp.Break(faults...)
		callback, err := idp.Login(context.Background(), link, "")
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

// A JWKS that cannot be fetched, while everything else works.
func ExampleServer_Break_path() {
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	idp.Break(idptest.ServerError.At("/oidc/.well-known/jwks.json"))
	for _, path := range []string{"/oidc/.well-known/jwks.json", "/oidc/.well-known/openid-configuration"} {
		reply, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(server.URL + path)
		if err != nil {
			fmt.Println(err)
			return
		}
		reply.Body.Close()
		fmt.Println(reply.StatusCode)
	}
	// Output:
	// 500
	// 200
}

// How many times the keys were fetched.
func ExampleServer_Requests() {
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	reply, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(server.URL + "/oidc/.well-known/jwks.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	reply.Body.Close()
	fmt.Println(idp.Requests("/oidc/.well-known/jwks.json"))
	// Output: 1
}

// After a rotation the old key and the new one are both published.
func ExampleServer_RotateKeys() {
	idp := &authtest.Server{}
	if err := idp.RotateKeys(); err != nil {
		fmt.Println(err)
		return
	}
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/oidc/.well-known/jwks.json", nil))
	fmt.Println(strings.Count(recorder.Body.String(), `"kid"`))
	// Output: 2
}

// A session that ends at the server: its CAS services are told by the back channel.
func ExampleServer_EndSessions() {
	idp := &authtest.Server{}
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path, strings.Contains(r.FormValue("logoutRequest"), "SessionIndex"))
	}))
	defer app.Close()
	login := "http://cas.test/cas/login?service=" + url.QueryEscape(app.URL+"/callback")
	if _, err := idp.Login(context.Background(), login, idptest.Username); err != nil {
		fmt.Println(err)
	}
	idp.EndSessions(context.Background(), idptest.Username)
	// Output: POST /callback true
}

// The server beside another one, under one address.
func ExampleServer_Mount() {
	idp := &authtest.Server{}
	mux := http.NewServeMux()
	idp.Mount(mux)
	_, pattern := mux.Handler(httptest.NewRequest(http.MethodPost, "/oidc/token", nil))
	fmt.Println(pattern)
	// Output: POST /oidc/token
}
