package oauth_test

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"

	"github.com/jarcoal/httpmock"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// exampleKey would be read from a file, or stay in a device.
func exampleKey() oauth.SigningKey {
	return oauth.SigningKey{ID: "2026-07", Signer: ed25519.NewKeyFromSeed([]byte("an example seed is no private ke"))}
}

func exampleTokenServer(with func(r *http.Request)) *http.Client {
	server := httpmock.NewMockTransport()
	server.RegisterResponder(http.MethodPost, "https://as.example/token", func(r *http.Request) (*http.Response, error) {
		with(r)
		return httpmock.NewStringResponse(200, `{"access_token":"MACHINE","token_type":"Bearer"}`), nil
	})
	return &http.Client{Transport: server}
}

func ExamplePrivateKeyJWT() {
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "app", Issuer: "https://as.example", Endpoints: oauth.Endpoints{Token: "https://as.example/token"},
		TokenAuth:  oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{exampleKey()}},
		HTTPClient: exampleTokenServer(func(r *http.Request) { fmt.Println(r.FormValue("client_assertion_type")) }),
	})
	if err != nil {
		log.Fatal(err)
	}
	token, err := c.GetAccessTokenByClientCredentials(context.Background(), oauth.ClientCredentialsOptions{})
	fmt.Println(token.AccessToken, err)
	// Output:
	// urn:ietf:params:oauth:client-assertion-type:jwt-bearer
	// MACHINE <nil>
}

func ExampleClientSecretJWT() {
	_, err := oauth.NewClient(oauth.Config{
		ClientID: "app", ClientSecret: "too short", Issuer: "https://as.example", TokenAuth: oauth.ClientSecretJWT{},
	})
	fmt.Println(err)
	// Output: oauth: TokenAuth: client_secret_jwt: HS256 needs a secret of at least 32 bytes, this one has 9 (RFC 7518 §3.2)
}

// The file is read at each request: Kubernetes renews it.
func ExampleAssertionFile() {
	file, err := os.CreateTemp("", "token")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(file.Name())
	_, _ = file.WriteString("eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n")
	_ = file.Close()
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "app", Endpoints: oauth.Endpoints{Token: "https://as.example/token"},
		TokenAuth:  oauth.Assertion{From: oauth.AssertionFile(file.Name())}, // such as /var/run/secrets/tokens/as
		HTTPClient: exampleTokenServer(func(r *http.Request) { fmt.Println(r.FormValue("client_assertion")) }),
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.GetAccessTokenByClientCredentials(context.Background(), oauth.ClientCredentialsOptions{})
	fmt.Println(err)
	// Output:
	// eyJhbGciOiJSUzI1NiJ9.e30.c2ln
	// <nil>
}

// The certificate of the TLS connection is the client's credential.
func ExampleMutualTLSAuth() {
	settings := oauth.Config{ClientID: "app", Endpoints: oauth.Endpoints{Token: "https://as.example/token"}, TokenAuth: oauth.TLSClientAuth}
	settings.HTTPClient = &http.Client{Transport: &http.Transport{}}
	_, err := oauth.NewClient(settings)
	fmt.Println(err)

	var certificate tls.Certificate // by tls.LoadX509KeyPair
	settings.HTTPClient = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}}
	_, err = oauth.NewClient(settings)
	fmt.Println(err)
	// Output:
	// oauth: TokenAuth: mutual TLS needs a client certificate: set HTTPClient with an http.Transport whose TLSClientConfig has Certificates or GetClientCertificate (RFC 8705 §2)
	// <nil>
}

func ExampleJWKSHandler() {
	jwk, err := exampleKey().JWK()
	if err != nil {
		log.Fatal(err)
	}
	h := oauth.JWKSHandler(func(context.Context) (oauth.JWKSet, error) { return oauth.JWKSet{jwk}, nil })
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/jwks.json", nil))
	fmt.Println(w.Header().Get("Content-Type"), w.Body)
	// Output: application/jwk-set+json {"keys":[{"alg":"EdDSA","crv":"Ed25519","kid":"2026-07","kty":"OKP","use":"sig","x":"tOMTm1OhYWNBi2NkCJVlly8zDIVnSZjunHIMSp9BAAM"}]}
}

// The server gets the request object from the application.
func ExampleRequestObjectHost() {
	host := &oauth.RequestObjectHost{URL: "https://app.example/requests"} // http.Handle("/requests/", host)
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "app", Issuer: "https://as.example", RedirectURI: "https://app.example/callback", TokenAuth: oauth.None,
		Endpoints:     oauth.Endpoints{Authorization: "https://as.example/authorize", Token: "https://as.example/token"},
		RequestObject: &oauth.RequestObject{Keys: []oauth.SigningKey{exampleKey()}, Host: host.Host},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Issuer(), (&oauth.RequestObject{Keys: []oauth.SigningKey{exampleKey()}}).SigningAlg())
	login, err := c.BeginLogin(context.Background(), oauth.AuthorizeOptions{Scope: "profile"})
	if err != nil {
		log.Fatal(err)
	}
	link, err := url.Parse(login.URL)
	if err != nil {
		log.Fatal(err)
	}
	for range 2 { // the server reads it once
		w := httptest.NewRecorder()
		host.ServeHTTP(w, httptest.NewRequest(http.MethodGet, link.Query().Get("request_uri"), nil))
		fmt.Println(w.Code, w.Header().Get("Content-Type"))
	}
	another, err := host.Host(context.Background(), "an object of the application's own")
	fmt.Println(len(another), err)
	// Output:
	// https://as.example EdDSA
	// 200 application/oauth-authz-req+jwt
	// 404 text/plain; charset=utf-8
	// 55 <nil>
}
