package authentication_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// A logout that the OpenID Provider begins: it posts a logout token to the application (back channel). There is no
// cookie, so the sessions are on the server, each with the Identity that it began with.
func ExampleLogoutNotice() {
	var flow authentication.LogoutFlow
	sessions := map[string]*authentication.Identity{}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		notice, err := flow.ReceiveLogout(r.Context(), r)
		if err == nil {
			for key, id := range sessions { // in a database: end these sessions, and return its error wrapped in ErrLogoutFailed
				if notice.Ends(id) {
					delete(sessions, key)
				}
			}
			err = web.AnswerLogout(w, r, notice) // in the same way when there is no such session
		}
		if err != nil {
			log.Print("logout: ", err)
			web.Error(w, r, err) // the status 400; the server may send the same token again
		}
	}))
	defer app.Close()

	idp := &oidctest.Server{
		Realm: &idptest.Realm{HTTPClient: app.Client()}, BackChannelLogoutURI: app.URL + "/backchannel", BackChannelLogoutSessionRequired: true,
	}
	server := httptest.NewServer(idp)
	defer server.Close()
	client, err := oidc.NewClient(oidc.Config{
		Issuer: server.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: "http://localhost:3000/callback",
		HTTPClient: server.Client(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	login := authentication.FromOIDC(client)
	flow = login.(authentication.LogoutFlow)
	ctx := context.Background()
	begun, err := login.BeginLogin(ctx, authentication.AuthorizeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := idp.Login(ctx, begun.URL, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := login.CompleteLogin(ctx, begun, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	sessions["a"], sessions["b"] = id, &authentication.Identity{Protocol: "oidc", Issuer: id.Issuer, Subject: "bob", SessionID: "s-2"}
	ended, err := idp.EndSessions(ctx, idptest.Username)
	fmt.Println(ended, err, sessions["a"] == nil, sessions["b"].Subject)
	// Output: 1 <nil> true bob
}

// A CAS server posts its logouts to the address of the callback.
func ExampleClient_HasNotice() {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: "https://sample-app.authing.cn", RedirectURI: "https://app.example/callback", Protocol: authentication.CAS{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, query := range []string{"ticket=ST-1&login=k", "logoutRequest=x"} {
		r := httptest.NewRequest(http.MethodGet, "https://app.example/callback?"+query, nil)
		fmt.Println(client.HasNotice(r))
	}
	// Output:
	// false
	// true
}
