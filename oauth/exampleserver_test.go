package oauth_test

import (
	"net/http"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// exampleClient talks to a server with one user, kim, who is always logged in.
func exampleClient() *oauth.Client {
	server := httpmock.NewMockTransport()
	server.RegisterResponder(http.MethodPost, "https://as.example/token", exampleToken)
	server.RegisterResponder(http.MethodGet, "https://as.example/userinfo", func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") != "Bearer AT" {
			return httpmock.NewStringResponse(401, `{"error":"invalid_token"}`), nil
		}
		return httpmock.NewStringResponse(200, `{"sub":"1234","name":"Kim","company":"Example Ltd"}`), nil
	})
	server.RegisterResponder(http.MethodPost, "https://as.example/introspect", func(r *http.Request) (*http.Response, error) {
		if r.FormValue("token") != "AT" {
			return httpmock.NewStringResponse(200, `{"active":false}`), nil
		}
		return httpmock.NewStringResponse(200, `{"active":true,"sub":"1234","scope":"profile","tenant":"example"}`), nil
	})
	server.RegisterResponder(http.MethodPost, "https://as.example/revoke", httpmock.NewStringResponder(200, ""))
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "app", ClientSecret: "7Fjfp0ZBr1KtDRbnfVdmIw", RedirectURI: "https://app.example/callback",
		Endpoints: oauth.Endpoints{
			Authorization: "https://as.example/authorize", Token: "https://as.example/token", UserInfo: "https://as.example/userinfo",
			Introspection: "https://as.example/introspect", Revocation: "https://as.example/revoke",
		},
		HTTPClient: &http.Client{Transport: server}, Now: clock,
	})
	if err != nil {
		panic(err)
	}
	return c
}

func exampleToken(r *http.Request) (*http.Response, error) {
	body := `{"error":"invalid_grant","error_description":"unknown or used"}`
	switch grant := r.FormValue("grant_type"); {
	case grant == "authorization_code" && r.FormValue("code") == "C0DE":
		body = `{"access_token":"AT","token_type":"Bearer","expires_in":3600,"refresh_token":"RT","scope":"profile","tenant":"example"}`
	case grant == "refresh_token" && r.FormValue("refresh_token") == "RT":
		body = `{"access_token":"AT2","token_type":"Bearer","expires_in":3600}`
	case grant == "client_credentials":
		body = `{"access_token":"MACHINE","token_type":"Bearer","scope":"` + r.FormValue("scope") + `"}`
	case grant == "urn:ietf:params:oauth:grant-type:jwt-bearer" && r.FormValue("assertion") != "":
		body = `{"access_token":"EXCHANGED","token_type":"Bearer"}`
	default:
		return httpmock.NewStringResponse(400, body), nil
	}
	return httpmock.NewStringResponse(200, body), nil
}

// exampleAPI takes the machine's token.
func exampleAPI() http.RoundTripper {
	api := httpmock.NewMockTransport()
	api.RegisterResponder(http.MethodGet, "https://api.example/orders", func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") != "Bearer MACHINE" {
			return httpmock.NewStringResponse(401, ""), nil
		}
		return httpmock.NewStringResponse(200, "[]"), nil
	})
	return api
}
