package webtest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/authentication/web/webtest"
)

// A test of a page that wants a user. No server runs.
func ExampleLogin() {
	client, err := authentication.NewClient(authentication.Options{AppID: authtest.AppID, Secret: authtest.Secret, AppHost: "https://id.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	site, err := web.New(web.Config{BaseURL: "https://app.example", Flow: client})
	if err != nil {
		fmt.Println(err)
		return
	}
	app := site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "the orders of", web.Identity(r.Context()).Claims["name"])
	}))

	r := httptest.NewRequest(http.MethodGet, "/orders", nil)
	err = webtest.Login(r, site, "", &authentication.Identity{
		Protocol: "oidc", Issuer: "https://id.example", Subject: "alice", Claims: map[string]any{"name": "Alice"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	fmt.Print(w.Body)
	// Output: the orders of Alice
}
