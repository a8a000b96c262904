package castest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// A login with the client of package cas.
func Example() {
	ctx, idp := context.Background(), &castest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	c, err := cas.NewClient(cas.Config{ServerURL: server.URL, Service: "http://localhost:3000/callback", HTTPClient: server.Client()})
	exit(err)
	login, err := c.BeginLogin(ctx, cas.AuthorizeOptions{})
	exit(err)
	callback, err := idp.Login(ctx, login.URL, idptest.Username)
	exit(err)
	user, err := c.CompleteLogin(ctx, login, callback)
	exit(err)
	fmt.Println(user.User, user.IsFromNewLogin)
	// Output: alice true
}

// exit ends an Example whose server or client does not work.
func exit(err error) {
	if err != nil {
		panic(err)
	}
}

// loginLink is what an application sends its users to.
const loginLink = "http://cas.test/login?service=http%3A%2F%2Flocalhost%3A3000%2Fcallback"

// The server need not listen: Login calls it directly, under the link's host.
func ExampleServer_Login() {
	idp := &castest.Server{}
	callback, err := idp.Login(context.Background(), loginLink, idptest.Email)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(callback.Method, callback.URL.Path, strings.HasPrefix(callback.FormValue("ticket"), "ST-"))
	// Output: GET /callback true
}

// A browser that is logged in is asked for no password at the second service.
func ExampleServer_Browser() {
	idp := &castest.Server{}
	browser, err := idp.Browser(idptest.Username)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, link := range []string{loginLink, loginLink + "2&gateway=true"} {
		callback, err := browser.Open(context.Background(), link, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(callback.URL.Path, callback.FormValue("ticket") != "")
	}
	// Output:
	// /callback true
	// /callback2 true
}

// The server as a plain handler.
func ExampleServer_ServeHTTP() {
	idp := &castest.Server{Path: "/cas"}
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/cas/validate?service=http://localhost/&ticket=ST-1", nil))
	fmt.Printf("%q\n", recorder.Body)
	// Output: "no\n\n"
}

// The server beside another one, under one address.
func ExampleServer_Mount() {
	idp := &castest.Server{Path: "/cas"}
	mux := http.NewServeMux()
	idp.Mount(mux)
	_, pattern := mux.Handler(httptest.NewRequest(http.MethodGet, "/cas/p3/serviceValidate", nil))
	fmt.Println(pattern)
	// Output: GET /cas/p3/serviceValidate
}

// A reply that names two users.
func ExampleServer_Break() {
	ctx, idp := context.Background(), &castest.Server{}
	server := httptest.NewServer(idp)
	defer server.Close()
	c, err := cas.NewClient(cas.Config{ServerURL: server.URL, Service: "http://localhost:3000/callback", HTTPClient: server.Client()})
	exit(err)
	login, err := c.BeginLogin(ctx, cas.AuthorizeOptions{})
	exit(err)
	callback, err := idp.Login(ctx, login.URL, "")
	exit(err)
	idp.Break(castest.UserTwice)
	_, err = c.CompleteLogin(ctx, login, callback)
	fmt.Println(err)
	// Output: cas: refused the reply (user): user appears twice
}

// How many times tickets were validated.
func ExampleServer_Requests() {
	idp := &castest.Server{}
	recorder := httptest.NewRecorder()
	idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/serviceValidate", nil))
	fmt.Println(idp.Requests("/serviceValidate"), idp.Requests("/p3/serviceValidate"))
	// Output: 1 0
}

// A session that ends at the server: its services are told by the back channel.
func ExampleServer_EndSessions() {
	idp := &castest.Server{}
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path, strings.Contains(r.FormValue("logoutRequest"), "SessionIndex"))
	}))
	defer app.Close()
	link := "http://cas.test/login?service=" + url.QueryEscape(app.URL+"/callback")
	if _, err := idp.Login(context.Background(), link, ""); err != nil {
		fmt.Println(err)
		return
	}
	ended, err := idp.EndSessions(context.Background(), idptest.Username)
	fmt.Println(ended, err)
	// Output:
	// POST /callback true
	// 1 <nil>
}
