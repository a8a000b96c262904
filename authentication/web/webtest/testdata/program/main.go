// Command program calls webtest as an application must not.
package main

import (
	"fmt"
	"log"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/authentication/web/webtest"
)

func main() {
	client, err := authentication.NewClient(authentication.Options{AppID: authtest.AppID, Secret: authtest.Secret, AppHost: "https://id.example"})
	if err != nil {
		log.Fatal(err)
	}
	site, err := web.New(web.Config{BaseURL: "https://app.example", Flow: client})
	if err != nil {
		log.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, "https://app.example/", nil)
	if err != nil {
		log.Fatal(err)
	}
	err = webtest.Login(r, site, "", &authentication.Identity{Protocol: "oidc", Issuer: "https://id.example", Subject: "alice"})
	fmt.Printf("%v, %d cookies\n", err, len(r.Cookies()))
}
