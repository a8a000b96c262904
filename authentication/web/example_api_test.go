package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// orders is the handler of an API.
var orders = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	caller := web.CallerOf(r.Context())
	fmt.Fprintln(w, "orders of", caller.ClientID)
})

// program is a client of the fake server, with a token of its own.
func program(idp *httptest.Server, scope string) string {
	client, err := oauth.NewClient(oauth.Config{
		ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Endpoints: oauth.Endpoints{Token: idp.URL + "/token"}, HTTPClient: idp.Client(),
	})
	if err != nil {
		fmt.Println(err)
		return ""
	}
	token, err := client.GetAccessTokenByClientCredentials(context.Background(), oauth.ClientCredentialsOptions{Scope: scope})
	if err != nil {
		fmt.Println(err)
		return ""
	}
	return token.AccessToken
}

// show calls an API and prints the answer.
func show(api http.Handler, token string) {
	r := httptest.NewRequest(http.MethodGet, "/orders/", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	if w.Code == http.StatusOK {
		fmt.Print(w.Code, " ", w.Body)
	} else {
		fmt.Println(w.Code, w.Header().Get("WWW-Authenticate"))
	}
}

// An API that admits tokens of one issuer, made for this API, with a scope.
func ExampleRequireToken() {
	idp := httptest.NewServer(&oidctest.Server{AccessTokenAudience: "https://api.example"})
	defer idp.Close()

	client, err := oidc.NewClient(oidc.Config{Issuer: idp.URL, HTTPClient: idp.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	orders := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := web.CallerOf(r.Context())
		fmt.Fprintln(w, "orders of", caller.ClientID, "with profile:", caller.HasScope("profile"))
	})
	mux.Handle("/orders/", web.RequireToken(web.JWT(client, oidc.AccessTokenExpect{Audience: "https://api.example"}), "email")(orders))

	show(mux, "")
	show(mux, program(idp, "email"))
	show(mux, program(idp, "profile"))
	// Output:
	// 401 Bearer scope="email"
	// 200 orders of demo-application with profile: false
	// 403 Bearer error="insufficient_scope", error_description="The access token does not have the required scope.", scope="email"
}

// How a client of MCP finds the authorization server: the answer without a token names the metadata of the API.
func ExampleNewResource() {
	idp := httptest.NewServer(&oidctest.Server{AccessTokenAudience: "https://api.example/orders/"})
	defer idp.Close()
	resource, err := web.NewResource(web.ResourceMetadata{
		Resource: "https://api.example/orders/", AuthorizationServers: []string{"https://id.example"}, ScopesSupported: []string{"email"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := oidc.NewClient(oidc.Config{Issuer: idp.URL, HTTPClient: idp.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	guard := web.TokenGuard{
		Verifier: web.JWT(client, oidc.AccessTokenExpect{Audience: "https://api.example/orders/"}), Scopes: []string{"email"}, Resource: resource,
	}
	mux := http.NewServeMux()
	mux.Handle(resource.Path(), resource)
	mux.Handle("/orders/", guard.Handler(orders))

	show(mux, "")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, resource.URL(), nil))
	fmt.Println(w.Body)
	// Output:
	// 401 Bearer scope="email", resource_metadata="https://api.example/.well-known/oauth-protected-resource/orders/"
	// {"authorization_servers":["https://id.example"],"bearer_methods_supported":["header"],"resource":"https://api.example/orders/","scopes_supported":["email"]}
}

// Opaque tokens, or JWTs whose revocation must count at once: the server is asked about each.
func ExampleIntrospection() {
	idp := httptest.NewServer(&oidctest.Server{OAuth: true})
	defer idp.Close()
	client, err := oauth.NewClient(oauth.Config{
		ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: idp.Client(),
		Endpoints: oauth.Endpoints{Introspection: idp.URL + "/token/introspection"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	api := web.RequireToken(web.Introspection(client, web.IntrospectionExpect{ClientIDs: []string{oidctest.ClientID}}), "email")(orders)
	show(api, program(idp, "email"))
	show(api, "unknown")
	// Output:
	// 200 orders of demo-application
	// 401 Bearer error="invalid_token", error_description="The access token is expired, revoked, or not for this API.", scope="email"
}

// An API that admits the users of an application at Authing.
func ExampleAuthing() {
	idp := &authtest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	client, err := authentication.NewClient(authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: server.URL, HTTPClient: server.Client(), RedirectURI: "http://localhost:3000/callback",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	api := web.RequireToken(web.Authing(client, authentication.AccessTokenExpect{}), "profile")(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "orders of", web.CallerOf(r.Context()).Subject)
	}))

	login, err := client.BeginLogin(context.Background(), authentication.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	callback, err := idp.Login(context.Background(), login.URL, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.CompleteLogin(context.Background(), login, callback)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(api, id.Token.AccessToken)
	// Output:
	// 200 orders of 60f1d4b29c3e8a7756041bfe
}

// An API wants a recent login: the options of the login that satisfies it.
func ExampleStepUpError_AuthorizeOptions() {
	var err error = &web.StepUpError{MaxAge: 5 * time.Minute, ACRValues: "urn:example:mfa"}

	var stepUp *web.StepUpError
	if errors.As(err, &stepUp) {
		o := stepUp.AuthorizeOptions()
		fmt.Println(o.MaxAge, o.ACRValues)
	}
	// Output: 5m0s urn:example:mfa
}
